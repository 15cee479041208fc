/** Postseal's own library, with nothing but a server and a login. */
import { drive, session } from "./node-session.mjs";

await drive("@postseal/mailer", async ({ createMailer }) => {
  const { implicit, host, port, username, password, from, to, body } = session;
  const mailer = createMailer(`${implicit ? "submissions" : "submission"}://${username}@${host}:${port}`, {
    credentials: { username, password },
  });
  try {
    await mailer.send({ from, to, subject: "Dusk", text: body }, { signal: AbortSignal.timeout(8_000) });
  } finally {
    await mailer.close();
  }
});
