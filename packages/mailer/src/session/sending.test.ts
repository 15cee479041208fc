/** Drives a dialogue, or sends a message to one recipient, over a scripted stream. */
import { type Content, limited } from "../message/content.ts";
import { type OpenChannel, openChannel, ScriptedStream, sealed } from "../net/scripted-stream.test.ts";
import { resolveTimeouts, type Timeouts } from "../policy/timeouts.ts";
import type { Action } from "../protocol/command.ts";
import { offer, prepared } from "../protocol/conversation.test.ts";
import { type Dialogue } from "../protocol/dialogue.ts";
import type { Transacted } from "../protocol/ledger.ts";
import { transact } from "../protocol/transaction.ts";
import { Conversation, type DialogueOptions } from "./conversation.ts";

export const peer = "mx.example:587";
export const timeouts: Timeouts = resolveTimeouts(undefined);

/** Runs a dialogue to its end over a channel without TLS, which the product cannot do. */
export function drive<T>(dialogue: Dialogue<T>, channel: OpenChannel, options: DialogueOptions): Promise<T> {
  return new Promise((resolve, reject) => {
    const listener = { written: () => {}, done: resolve, failed: reject };
    new Conversation<T, Action>(
      dialogue,
      channel,
      { ...options, sighting: undefined, gathers: false },
      listener,
    ).begin();
  });
}

/** A message that is not in memory. The source need not yield as many octets as `size` promises. */
export function streamed(source: () => AsyncIterable<Uint8Array>, size?: number): Partial<Content> {
  return { size, put: undefined, open: (limits) => limited(source(), false, limits) };
}

export async function* chunks(...some: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const chunk of some) yield Buffer.from(chunk);
}

export interface Sending {
  readonly stream: ScriptedStream;
  readonly channel: OpenChannel;
  readonly result: Promise<Transacted>;
}

/** Begins a transaction to one recipient, by DATA unless the keywords say otherwise. The envelope is answered already. */
export async function send(
  content: Partial<Content>,
  options: {
    readonly keywords?: readonly string[];
    readonly signal?: AbortSignal;
    readonly timeouts?: Partial<Timeouts>;
    readonly progress?: (sent: number, total: number | undefined) => void;
  } = {},
): Promise<Sending> {
  const { stream, channel } = await openChannel(sealed, new ScriptedStream({ writableHighWaterMark: 1024 }));
  const keywords = options.keywords ?? ["PIPELINING"];
  const dialogue = transact({
    message: prepared(["a@x.example"], content),
    offered: offer(...keywords),
    peer,
    resetFirst: false,
  });
  const { signal, progress } = options;
  const result = drive(dialogue, channel, { timeouts: resolveTimeouts(options.timeouts), signal, progress });
  stream.say("250 ok\r\n250 ok\r\n");
  if (!keywords.includes("CHUNKING")) stream.say("354 go\r\n");
  return { stream, channel, result };
}

/** Everything that was written after the envelope. */
export function bodyOf(stream: ScriptedStream): string {
  return stream.written.replace(/^[^]*?RCPT TO:<a@x\.example>\r\n(?:DATA\r\n)?/, "");
}

/** Waits until the client has written this much: for an event, not for an amount of time. */
export async function written(stream: ScriptedStream, end: string): Promise<void> {
  while (!stream.written.endsWith(end)) await new Promise(setImmediate);
}

export function outcomeOf({ recipients }: Transacted): string | undefined {
  return recipients[0]?.outcome;
}
