/** Nodemailer. `default`: as its first example has it. `requireTLS`: with that option, and with the proxy that follows it. */
import { PATIENCE, drive, session } from "./node-session.mjs";

await drive("nodemailer", async ({ createTransport }) => {
  const { mode, implicit, host, port, username, password, from, to, body } = session;
  const [option, proxy] = mode.split(" ");
  const transport = createTransport({
    host,
    port,
    secure: implicit,
    requireTLS: option === "requireTLS",
    proxy,
    auth: { user: username, pass: password },
    connectionTimeout: PATIENCE,
    greetingTimeout: PATIENCE,
    socketTimeout: PATIENCE,
  });
  await transport.sendMail({ from, to, subject: "Dusk", text: body });
  transport.close();
});
