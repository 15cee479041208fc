/** A complete SMTP reply (RFC 5321 section 4.2): one or more lines that share a code. */
import { shown } from "../errors/shown.ts";
import type { ReplyFacts } from "../outcome/receipt.ts";

export interface Reply {
  /** 200 to 599. */
  readonly code: number;
  /** The text of each line, without code and separator, as it may be shown: without secrets, and `[challenge]` for a challenge. */
  readonly lines: readonly string[];
  /** What the server said word for word, where that is something else. For the protocol alone: `verbatimOf`. */
  readonly verbatim?: readonly string[];
}

/** What the server said, whatever our secrets are: to go by, and never to be shown. */
export function verbatimOf(reply: Reply): readonly string[] {
  // Its own: any name may stand on `Object.prototype`.
  // defence: offers-do-not-depend-on-secrets
  return (Object.hasOwn(reply, "verbatim") ? reply.verbatim : undefined) ?? reply.lines;
}

/** RFC 5321 section 4.2.4: the command or its parameter is not known or not implemented, so what follows it was not read as a part of it. */
export function isUnknownCommand({ code }: Reply): boolean {
  return code === 500 || code === 502 || code === 504;
}

export type Severity = "success" | "intermediate" | "transient" | "permanent";

/** By the first digit alone (RFC 5321 section 4.2.1): a client that meets an unknown code goes by it. */
export function severityOf(reply: Reply): Severity {
  if (reply.code < 300) return "success";
  if (reply.code < 400) return "intermediate";
  return reply.code < 500 ? "transient" : "permanent";
}

const ENHANCED = /^([245])\.(\d{1,3})\.(\d{1,3})(?: |$)/;

/** The enhanced status code of the first line (RFC 2034 section 4), if its class agrees with the reply code. */
export function enhancedStatusOf(reply: Reply): string | undefined {
  const match = ENHANCED.exec(reply.lines[0] ?? "");
  if (match === null || match[1] !== String(reply.code)[0]) return undefined;
  return `${match[1]}.${match[2]}.${match[3]}`;
}

/** The parser gives the same object for the same line. */
const factsByReply = new WeakMap<Reply, ReplyFacts>();

/** The reply as the plain facts that errors and receipts carry. */
export function factsOf(reply: Reply): ReplyFacts {
  const known = factsByReply.get(reply);
  if (known !== undefined) return known;
  const made = Object.freeze(makeFacts(reply));
  factsByReply.set(reply, made);
  return made;
}

function makeFacts(reply: Reply): ReplyFacts {
  const enhanced = enhancedStatusOf(reply);
  const text = shown(reply.lines.map((line) => line.replace(ENHANCED, "")).join(" "));
  return enhanced === undefined ? { code: reply.code, text } : { code: reply.code, enhanced, text };
}

/** The reply as one line for people: `550 5.1.1 No such user`. */
export function describeReply(facts: ReplyFacts): string {
  return [facts.code, facts.enhanced, facts.text].filter((part) => part !== undefined && part !== "").join(" ");
}
