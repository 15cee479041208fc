/** Postseal's own library, with nothing but a server and a login. It gives up well before the lab does, so that a slow machine is not taken for a hang. */
import { drive, session } from "./node-session.mjs";

await drive("@postseal/mailer", async ({ createMailer }) => {
  const { implicit, host, port, username, password, from, to, body } = session;
  const mailer = createMailer(`${implicit ? "submissions" : "submission"}://${username}@${host}:${port}`, {
    credentials: { username, password },
  });
  try {
    await mailer.send({ from, to, subject: "Dusk", text: body }, { signal: AbortSignal.timeout(5_000) });
  } finally {
    await mailer.close();
  }
});
