/** emailjs. `tls`: STARTTLS, or TLS from the start, as its first examples have them. */
import { PATIENCE, drive, session } from "./node-session.mjs";

await drive("emailjs", async ({ SMTPClient }) => {
  const { implicit, host, port, username, password, from, to, body } = session;
  const encryption = implicit ? { ssl: true } : { tls: true };
  const client = new SMTPClient({ host, port, user: username, password, timeout: PATIENCE, ...encryption });
  await client.sendAsync({ from, to, subject: "Dusk", text: body });
  client.smtp.close();
});
