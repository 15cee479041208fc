/** Asks a channel for steps, and keeps what their waits hear. */
import { setImmediate as turn } from "node:timers/promises";
import type { Content } from "../message/content.ts";
import type { Action } from "../protocol/command.ts";
import type { Ending, Step } from "../protocol/dialogue.ts";
import type { Reply } from "../wire/reply.ts";
import type { Channel } from "./channel.ts";
import { ScriptedStream } from "./scripted-stream.test.ts";

export interface Heard {
  /** Codes in the order in which they came, or the loss with what had come before it. */
  readonly done: (readonly number[])[];
  readonly lost: { readonly code: unknown; readonly message: string; readonly before: readonly number[] }[];
  /** How much was written, for each loss. */
  readonly written: Ending["written"][];
}

/** The actions that the tests ask for, by one word each. */
type Word = "EHLO" | "MAIL" | "RCPT" | "STARTTLS" | "NOOP" | "RSET" | "HELP" | "QUIT" | "dot";
const actions: Readonly<Record<Word, Action>> = {
  EHLO: { verb: "EHLO", clientName: "c.example" },
  MAIL: { verb: "MAIL", reversePath: "s@x.example" },
  RCPT: { verb: "RCPT", forwardPath: "r@x.example" },
  STARTTLS: { verb: "STARTTLS" },
  NOOP: { verb: "NOOP" },
  RSET: { verb: "RSET" },
  HELP: { verb: "HELP" },
  QUIT: { verb: "QUIT" },
  dot: { verb: "BODY", framing: "dot", content: undefined, eightBit: true },
};

export function step(...words: readonly Word[]): Step {
  return words.map((word) => actions[word]);
}

/** A message that is read as it is written, by BDAT. */
export function streamed(open: () => AsyncIterable<Uint8Array>, size: number): Step {
  const content: Content = {
    size,
    put: undefined,
    eightBit: false,
    eightBitIn: undefined,
    commandFree: true,
    replayable: true,
    open,
  };
  return [{ verb: "BODY", framing: "bdat", content, eightBit: true }];
}

export function codeOf(cause: unknown): unknown {
  return cause instanceof Error && "code" in cause ? cause.code : undefined;
}

/** Writes a step, and keeps what its wait hears. */
export function ask(channel: Channel<Action>, asked: Step, timeout = 60_000): Heard {
  const heard: Heard = { done: [], lost: [], written: [] };
  const codes = (replies: readonly Reply[]): readonly number[] => replies.map(({ code }) => code);
  channel.exchange(asked, {
    timeout: () => timeout,
    written: () => {},
    done: (replies) => void heard.done.push(codes(replies)),
    lost: (cause, replies, { written }) => {
      heard.lost.push({
        code: codeOf(cause),
        message: cause instanceof Error ? cause.message : String(cause),
        before: codes(replies),
      });
      heard.written.push(written);
    },
  });
  return heard;
}

/** Waits for the end of the channel, whatever brings it: an event, not an amount of time. */
export async function ended(stream: ScriptedStream): Promise<void> {
  if (!stream.closed) await new Promise((resolve) => stream.once("close", resolve));
  // A stream is closed a tick before it emits `close`.
  await turn();
}
