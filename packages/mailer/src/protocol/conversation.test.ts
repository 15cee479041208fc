/** Plays the server's half of a dialogue, so that the tests of this folder read as conversations. This file has no tests. */
import type { Content } from "../message/content.ts";
import type { PreparedMessage } from "../message/envelope.ts";
import type { Reply } from "../wire/reply.ts";
import { Capabilities } from "./capabilities.ts";
import { encodeCommand } from "./command.ts";
import { type Dialogue, Interruption, type Step } from "./dialogue.ts";

/** `250 ok`, or several lines: `250-mx\n250 SIZE`. */
export function reply(text: string): Reply {
  const lines = text.split("\n");
  return { code: Number(text.slice(0, 3)), lines: lines.map((line) => line.slice(4)) };
}

export function offer(...keywords: readonly string[]): Capabilities {
  return new Capabilities({ code: 250, lines: ["mx.example", ...keywords] });
}

/** What a step says, a line for each command: `MAIL FROM:<a@b>`; a body is `(BDAT)`, `(message)` or `(final dot)`. */
export function said(step: Step): string {
  const lines = step.map((action) => {
    if (action.verb !== "BODY") return encodeCommand(action).replace(/\r\n$/, "");
    if (action.content === undefined) return "(final dot)";
    return action.framing === "bdat" ? "(BDAT)" : "(message)";
  });
  return lines.join("\n");
}

/** The answer to a step: its replies, or those that came before the connection ended. */
export type Answer = readonly string[] | { readonly lost: readonly string[]; readonly handedOver: boolean };

/** The end of a connection that the server closes in order. */
export function interruption(step: Step, replies: readonly Reply[], handedOver: boolean): Interruption {
  const [code, verb] = [replies.at(-1)?.code, step[replies.length - 1]?.verb];
  return new Interruption(new Error("closed"), replies, {
    written: handedOver ? "all" : "part",
    by: "end",
    lastWord: code === undefined || verb === undefined ? undefined : { code, verb },
  });
}

/** Runs a dialogue to its end: what it said in each step, and what came of it. Throws what the dialogue throws. */
export function converse<T>(
  dialogue: Dialogue<T>,
  ...answers: readonly Answer[]
): { readonly said: readonly string[]; readonly result: T } {
  const heard: string[] = [];
  let turn = dialogue.next([]);
  for (const answer of answers) {
    if (turn.done === true) throw new Error(`the dialogue ended before ${JSON.stringify(answer)}`);
    heard.push(said(turn.value));
    turn =
      "lost" in answer
        ? dialogue.throw(interruption(turn.value, answer.lost.map(reply), answer.handedOver))
        : dialogue.next(answer.map(reply));
  }
  if (turn.done !== true) throw new Error(`the dialogue goes on: ${said(turn.value)}`);
  return { said: heard, result: turn.value };
}

/** A message of ASCII in memory, unless `changes` say otherwise. */
export function prepared(
  forwardPaths: readonly string[],
  changes: Partial<Content> = {},
  message: Partial<PreparedMessage> = {},
): PreparedMessage {
  const bytes = Buffer.from("Subject: x\r\n\r\nx\r\n");
  const content: Content = {
    size: bytes.length,
    put: (target, at) => at + bytes.copy(target, at),
    eightBit: false,
    eightBitIn: undefined,
    commandFree: true,
    replayable: true,
    open: () => {
      throw new Error("a dialogue reads no content");
    },
    ...changes,
  };
  return {
    messageId: undefined,
    envelope: { reversePath: "s@x.example", forwardPaths, utf8: false },
    smtpUtf8: false,
    requireTls: false,
    dsn: undefined,
    content,
    ...message,
  };
}
