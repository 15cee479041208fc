/** Nodemailer with its pool, as its documentation recommends for many messages. */
import { createTransport } from "nodemailer";
import { type Driver, driverOf, type Endpoint, type Habits } from "./driver.ts";
import type { Letter } from "./letter.ts";

export async function openNodemailer(
  endpoint: Endpoint,
  write: (index: number) => Letter,
  habits: Habits,
): Promise<Driver> {
  const transport = createTransport({
    pool: true,
    host: endpoint.host,
    port: endpoint.port,
    secure: endpoint.transport === "implicit",
    requireTLS: true,
    maxConnections: habits.connections,
    maxMessages: Number.POSITIVE_INFINITY,
    auth: { user: endpoint.username, pass: endpoint.password },
    tls: { ca: endpoint.ca },
  });
  const send = async (index: number): Promise<void> => {
    const { from, to, subject, text, attachment, file } = write(index);
    await transport.sendMail({
      from,
      to: [...to],
      subject,
      text,
      attachments: [
        ...(attachment === undefined ? [] : [{ filename: attachment.name, content: attachment.content }]),
        ...(file === undefined ? [] : [{ filename: file.name, path: file.path }]),
      ],
    });
  };
  return driverOf(send, async () => transport.close());
}
