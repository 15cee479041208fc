/** Upyo, by `sendMany`, which keeps one connection; `send` resets it after every message. */
import { readFile } from "node:fs/promises";
import { createMessage, type Message } from "@upyo/core";
import { SmtpTransport } from "@upyo/smtp";
import type { Driver, Endpoint, Habits } from "./driver.ts";
import type { Letter } from "./letter.ts";

export async function openUpyo(endpoint: Endpoint, write: (index: number) => Letter, habits: Habits): Promise<Driver> {
  const transport = new SmtpTransport({
    host: endpoint.host,
    port: endpoint.port,
    secure: endpoint.transport === "implicit",
    auth: { user: endpoint.username, pass: endpoint.password },
    tls: { ca: [endpoint.ca] },
    poolSize: habits.connections,
  });
  const run = async (count: number, open: number): Promise<undefined> => {
    let next = 0;
    const messages = function* (): Generator<Message> {
      while (next < count) {
        next += 1;
        yield messageOf(write(next));
      }
    };
    const connection = async (): Promise<void> => {
      for await (const receipt of transport.sendMany(messages())) {
        if (!receipt.successful) throw new Error(receipt.errorMessages.join("; "));
      }
    };
    await Promise.all(Array.from({ length: Math.min(habits.connections, open, count) }, connection));
  };
  return { run, close: () => transport.closeAllConnections() };
}

function messageOf({ from, to, subject, text, attachment, file }: Letter): Message {
  const content = attachment?.content ?? (file === undefined ? undefined : readFile(file.path));
  const name = attachment?.name ?? file?.name ?? "";
  const contentType = "application/octet-stream";
  return createMessage({
    from,
    to: [...to],
    subject,
    content: { text },
    attachments: content === undefined ? [] : [{ inline: false, filename: name, content, contentType, contentId: "" }],
  });
}
