/** emailjs, which has one connection and a queue. */
import { SMTPClient } from "emailjs";
import { type Driver, driverOf, type Endpoint } from "./driver.ts";
import type { Letter } from "./letter.ts";

export async function openEmailjs(endpoint: Endpoint, write: (index: number) => Letter): Promise<Driver> {
  const security = { ca: endpoint.ca };
  const client = new SMTPClient({
    host: endpoint.host,
    port: endpoint.port,
    user: endpoint.username,
    password: endpoint.password,
    timeout: 60_000,
    ...(endpoint.transport === "implicit" ? { ssl: security } : { tls: security }),
  });
  const send = async (index: number): Promise<void> => {
    const { from, to, subject, text, attachment, file } = write(index);
    const type = "application/octet-stream";
    await client.sendAsync({
      from,
      to: [...to],
      subject,
      text,
      attachment: [
        // The caller has to encode attachments in memory as base64.
        ...(attachment === undefined
          ? []
          : [{ name: attachment.name, type, data: attachment.content.toString("base64"), encoded: true }]),
        ...(file === undefined ? [] : [{ name: file.name, type, path: file.path }]),
      ],
    });
  };
  return driverOf(send, async () => client.smtp.close(true));
}
