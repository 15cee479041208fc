/** Puts a message into the tables. The application's own transaction runs the same statements. */
import type { Enqueued, NewMessage } from "../store/operations.ts";
import { type Handle, statement } from "./handle.ts";
import { text } from "./row.ts";

const byKey = "select id, hash from outbox_message where key = ?";
const insertMessage = `
insert into outbox_message (id, part, key, hash, account, stream, lane, domain, state, due, expires, sender, message_id, size,
  content, smtp_utf8, require_tls, dsn, floor, on_unknown, tags, created)
values (?, ?, ?, ?, ?, ?, ?, ?, 'waiting', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const insertRecipient = "insert into outbox_recipient (message, n, address, outcome) values (?, ?, ?, 'pending')";
const insertBody = "insert into outbox_body (content, n, octets) values (?, ?, ?)";

/** Returns `duplicate` for a key that is taken by the same message, `conflict` if it is taken by another. */
export function enqueue(db: Handle, message: NewMessage): Enqueued {
  const { id, key } = message;
  const known = key === undefined ? undefined : statement(db, byKey).get(key);
  if (known !== undefined && known !== null) {
    // defence: same-key-same-message
    const is = text(known, "hash") === message.hash ? "duplicate" : "conflict";
    return { is, id: text(known, "id") };
  }
  let content: number | bigint | null = null;
  for (const [part, recipients] of message.parts.entries()) {
    const { lastInsertRowid: seq } = statement(db, insertMessage).run(...columnsOf(message, part, content));
    for (const [n, address] of recipients.entries()) statement(db, insertRecipient).run(seq, n, address);
    content ??= seq;
  }
  if (content !== null)
    for (const [n, octets] of message.octets.entries()) statement(db, insertBody).run(content, n, octets);
  return { is: "new", id };
}

function columnsOf(
  message: NewMessage,
  part: number,
  content: number | bigint | null,
): readonly (null | number | bigint | string)[] {
  return [
    message.id,
    part,
    // A key stands for the whole message, of which this is the first part.
    part === 0 ? (message.key ?? null) : null,
    message.hash,
    message.account,
    message.stream,
    message.stream,
    commonDomain(message.parts[part] ?? []) ?? null,
    message.due,
    message.expires,
    message.sender,
    message.messageId ?? null,
    message.size,
    content,
    Number(message.smtpUtf8),
    Number(message.requireTls),
    message.dsn ?? null,
    JSON.stringify(message.floor),
    message.onUnknown,
    JSON.stringify(message.tags),
    message.now,
  ];
}

/** The domain of all recipients, in lower case; `undefined` if they have several. */
function commonDomain(recipients: readonly string[]): string | undefined {
  const domains = new Set(recipients.map((address) => address.slice(address.lastIndexOf("@") + 1).toLowerCase()));
  const [domain] = domains;
  return domains.size === 1 ? domain : undefined;
}
