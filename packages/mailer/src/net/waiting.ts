/** One place in the line of a channel: who waits, for the replies to which verbs, and how much of the step was written. */
import type { Phase } from "../errors/network-error.ts";
import { type Awaited, phaseOf } from "../protocol/command.ts";
import type { Ending } from "../protocol/dialogue.ts";
import type { Reply } from "../wire/reply.ts";
import type { Wait } from "./nature.ts";

export interface Waiting {
  readonly wait: Wait;
  /** What each reply that is due answers, in order. */
  readonly verbs: readonly Awaited[];
  /** Whether the last of them is a message by BDAT. */
  readonly isChunk: boolean;
  readonly replies: Reply[];
  /** Octets received when its commands were written; before that no reply can be one to them. */
  since: number;
  /** While its body is being written piece by piece: ends that. */
  writing: AbortController | undefined;
  abandoned: boolean;
}

export function newWaiting(wait: Wait, verbs: readonly Awaited[], isChunk: boolean): Waiting {
  return { wait, verbs, isChunk, replies: [], since: Infinity, writing: undefined, abandoned: false };
}

/** What its next reply is waited for in. */
export function phaseDueTo({ verbs, replies }: Waiting): Phase {
  const verb = verbs[replies.length];
  return verb === undefined ? "idle" : phaseOf(verb);
}

/**
 * Within how many milliseconds its next reply is due. A server may answer a whole write once it has processed the message in
 * it, so none of those replies is due before the final one.
 */
export function deadlineOf(waiting: Waiting): number {
  const { wait, verbs } = waiting;
  const own = wait.timeout(phaseDueTo(waiting));
  // defence: no-reply-is-due-before-the-last
  return verbs.at(-1) === "BODY" ? Math.max(own, wait.timeout("final-reply")) : own;
}

/** `goesOut`: what is still gathered will be written. */
export function writtenOf({ since, writing }: Waiting, goesOut = false): Ending["written"] {
  if (since === Infinity && !goesOut) return "nothing";
  // defence: written-once-it-is-handed-over
  return writing === undefined ? "all" : "part";
}

/** Of a step that never went out. */
export const NOT_WRITTEN: Ending = { written: "nothing", by: "us", lastWord: undefined };

/**
 * Whether a reply that was read with those to the messages before must be theirs. RSET is answered 250, or 421; and 503 by
 * a server that takes nothing after a final dot. So one reply too many shows here, if it is a refusal.
 */
export function isLeftOver(verb: Awaited, { code }: Reply): boolean {
  // defence: surplus-refusal-is-no-answer-to-rset
  return verb === "RSET" && code !== 250 && code !== 421 && code !== 503;
}
