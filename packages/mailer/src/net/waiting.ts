/** One place in a channel's line: the wait, the verbs whose replies are due, and how much of the step was written. */
import type { Phase } from "../errors/network-error.ts";
import { type Awaited, phaseOf } from "../protocol/command.ts";
import type { Ending } from "../protocol/dialogue.ts";
import type { Reply } from "../wire/reply.ts";
import type { Wait } from "./nature.ts";

export interface Waiting {
  readonly wait: Wait;
  /** What each due reply answers, in order. */
  readonly verbs: readonly Awaited[];
  /** Whether the last of them is a message by BDAT. */
  readonly isChunk: boolean;
  readonly replies: Reply[];
  /** The number of the slab that its commands were gathered in; 0 if they were not. */
  slab: number;
  /** Octets received when its commands were written: a reply that began before cannot answer them. */
  since: number;
  /** Stops the writing of its body; set while that is written piece by piece. */
  writing: AbortController | undefined;
  abandoned: boolean;
}

export function newWaiting(wait: Wait, verbs: readonly Awaited[], isChunk: boolean): Waiting {
  return { wait, verbs, isChunk, replies: [], slab: 0, since: Infinity, writing: undefined, abandoned: false };
}

/** The phase of its next reply. */
export function phaseDueTo({ verbs, replies }: Waiting): Phase {
  const verb = verbs[replies.length];
  return verb === undefined ? "idle" : phaseOf(verb);
}

/**
 * Milliseconds until its next reply is due. A server may answer a whole write only after it has processed the message in it,
 * so no reply to that write is due before the final one.
 */
export function deadlineOf(waiting: Waiting): number {
  const { wait, verbs } = waiting;
  const own = wait.timeout(phaseDueTo(waiting));
  // defence: no-reply-is-due-before-the-last
  return verbs.at(-1) === "BODY" ? Math.max(own, wait.timeout("final-reply")) : own;
}

/** `goesOut`: what it has gathered will still be written. */
export function writtenOf({ since, writing }: Waiting, goesOut = false): Ending["written"] {
  if (since === Infinity && !goesOut) return "nothing";
  // defence: written-once-it-is-handed-over
  return writing === undefined ? "all" : "part";
}

/** Of a step that never went out. */
export const NOT_WRITTEN: Ending = { written: "nothing", by: "us", lastWord: undefined };

/**
 * Whether a reply must belong to the messages before, with whose replies it was read. A server answers RSET with 250 or 421, or
 * with 503 if it takes nothing after a final dot. Any other code means that there was one reply too many.
 */
export function isLeftOver(verb: Awaited, { code }: Reply): boolean {
  // defence: surplus-refusal-is-no-answer-to-rset
  return verb === "RSET" && code !== 250 && code !== 421 && code !== 503;
}
