/** Upyo's transport for SMTP, as its documentation has it for port 587 and for port 465. */
import { PATIENCE, drive, library, session } from "./node-session.mjs";

await drive("@upyo/smtp", async ({ SmtpTransport }) => {
  const { implicit, host, port, username, password, from, to, body } = session;
  const { createMessage } = library("@upyo/core");
  const transport = new SmtpTransport({
    host,
    port,
    secure: implicit,
    auth: { user: username, pass: password },
    connectionTimeout: PATIENCE,
    socketTimeout: PATIENCE,
  });
  const receipt = await transport.send(createMessage({ from, to, subject: "Dusk", content: { text: body } }));
  await transport.closeAllConnections();
  if (!receipt.successful) throw new Error(receipt.errorMessages.join("\n"));
});
