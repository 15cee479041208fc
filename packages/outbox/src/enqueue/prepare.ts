/** Makes rows of a caller's message: it is judged and composed here, so nothing that can never be sent gets into the queue. */
import { composeMessage, type Composed, type ComposedMessage, type Message } from "@postseal/mailer";
import { type Floor, strictest } from "../model/floor.ts";
import { LATEST, readAddress, refusal } from "../options.ts";
import type { NewMessage, OnUnknown } from "../store/operations.ts";
import type { Wishes } from "./enqueue-options.ts";
import { ROW } from "../model/row-size.ts";
import { fingerprint } from "./fingerprint.ts";
import { idOfKey, newId } from "./identity.ts";

/** So many recipients a server has to take (RFC 5321 section 4.5.3.1.8); a message to more becomes several. */
const MOST_RECIPIENTS = 100;

/** What this process knows of the account; nothing of another's. */
export interface AccountPromise {
  readonly floor: Floor;
  readonly onUnknown: OnUnknown;
}

/** Rejects with `InputError`. `lifetime`: milliseconds until it expires, if nothing else is wished. */
export async function prepare(
  message: Message,
  wishes: Wishes,
  { floor, onUnknown }: AccountPromise,
  lifetime: number,
): Promise<NewMessage> {
  const now = Date.now();
  const given = wishes.at === undefined ? message : datedAt(message, wishes.at);
  const first = await composeMessage(given);
  const octets = await inRows(first.octets());
  // A stream shows only now whether it may be sent.
  const composed = first.size === undefined ? await judged(first, octets) : first;
  const { envelope, dsn, smtpUtf8, requireTls, messageId } = composed;
  const due = wishes.at ?? now;
  return {
    id: wishes.key === undefined ? newId(now) : idOfKey(wishes.key),
    key: wishes.key,
    hash:
      wishes.key === undefined
        ? ""
        : fingerprint(JSON.stringify([envelope, dsn, requireTls, smtpUtf8]), octets, varyingIn(message, messageId)),
    account: wishes.account,
    stream: wishes.stream,
    due,
    expires: wishes.expires ?? Math.min(due + lifetime, LATEST),
    now,
    sender: envelope.from,
    messageId,
    size: octets.reduce((sum, row) => sum + row.length, 0),
    smtpUtf8,
    requireTls,
    dsn: dsn === undefined ? undefined : JSON.stringify(dsn),
    floor: strictest(floor, wishes.floor),
    onUnknown: wishes.onUnknown ?? onUnknown,
    tags: wishes.tags,
    parts: inParts(envelope.to.map((address, place) => readAddress(address, `to[${place}]`))),
    octets,
  };
}

function judged(first: Composed, octets: readonly Uint8Array[]): Promise<Composed> {
  const { envelope, dsn, requireTls } = first;
  const message = Buffer.concat(octets);
  return composeMessage({ envelope: { from: envelope.from, to: envelope.to }, message, dsn, requireTls });
}

/** A message that is sent later has that time for its date, unless the caller gave another. */
function datedAt(message: Message, at: number): Message {
  if (!isToCompose(message) || hasOwn(message, "date")) return message;
  if (Object.getPrototypeOf(message) !== Object.prototype)
    throw refusal("message", "must be a plain object if at is given, or have a date of its own");
  return { ...message, date: new Date(at) };
}

/** What composing makes anew. Nothing in a message whose octets the caller has made. */
function varyingIn(
  message: Message,
  messageId: string | undefined,
): { readonly date: boolean; readonly messageId: string | undefined; readonly boundaries: boolean } {
  if (hasOwn(message, "message")) return { date: false, messageId: undefined, boundaries: false };
  return {
    date: !hasOwn(message, "date"),
    messageId: isToCompose(message) && hasOwn(message, "messageId") ? undefined : messageId,
    boundaries: true,
  };
}

/** Not ready-made octets, nor what `composeMessage` returned. */
function isToCompose(message: Message): message is ComposedMessage {
  return typeof message === "object" && message !== null && !hasOwn(message, "message") && !("octets" in message);
}

function hasOwn(message: object, name: string): boolean {
  return Object.getOwnPropertyDescriptor(message, name)?.value !== undefined;
}

function inParts(recipients: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(recipients.length / MOST_RECIPIENTS) }, (_, part) =>
    recipients.slice(part * MOST_RECIPIENTS, (part + 1) * MOST_RECIPIENTS),
  );
}

async function inRows(chunks: AsyncIterable<Uint8Array>): Promise<readonly Uint8Array[]> {
  const read: Uint8Array[] = [];
  for await (const chunk of chunks) read.push(chunk);
  const whole = Buffer.concat(read);
  // Each row has memory of its own: what goes to another thread takes all of its memory along.
  return Array.from(
    { length: Math.max(1, Math.ceil(whole.length / ROW)) },
    (_, n) => new Uint8Array(whole.subarray(n * ROW, (n + 1) * ROW)),
  );
}
