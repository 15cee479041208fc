/** A complete SMTP reply (RFC 5321 section 4.2): one or more lines that share a code. */
import { shown } from "../errors/shown.ts";
import type { ReplyFacts, Stage } from "../outcome/receipt.ts";

export interface Reply {
  /** 200 to 599. */
  readonly code: number;
  /** The text of each line, without code and separator, safe to show: secrets are struck out, and a challenge is `[challenge]`. */
  readonly lines: readonly string[];
  /** The server's exact words, if `lines` differ from them. Only for the protocol: see `verbatimOf`. */
  readonly verbatim?: readonly string[];
}

/** The server's exact words, secrets included: for decisions, never for display. */
export function verbatimOf(reply: Reply): readonly string[] {
  // An own property only: `Object.prototype` may be polluted with any name.
  // defence: offers-do-not-depend-on-secrets
  return (Object.hasOwn(reply, "verbatim") ? reply.verbatim : undefined) ?? reply.lines;
}

/** The server does not know or implement the command or its parameter (RFC 5321 section 4.2.4), so it did not read what followed as a part of it. */
export function isUnknownCommand({ code }: Reply): boolean {
  return code === 500 || code === 502 || code === 504;
}

export type Severity = "success" | "intermediate" | "transient" | "permanent";

/** By the first digit alone, which is what a client goes by if it does not know the code (RFC 5321 section 4.2.1). */
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

/** The parser returns the same object for the same short line, so its facts are made once. */
const factsByStage: Readonly<Record<Stage | "none", WeakMap<Reply, ReplyFacts>>> = {
  mail: new WeakMap(),
  recipient: new WeakMap(),
  data: new WeakMap(),
  message: new WeakMap(),
  none: new WeakMap(),
};

/** The reply as the plain facts that errors and receipts carry. `stage`: what it answered, if that was a part of a transaction. */
export function factsOf(reply: Reply, stage?: Stage): ReplyFacts {
  const made = factsByStage[stage ?? "none"];
  const known = made.get(reply);
  if (known !== undefined) return known;
  const facts = Object.freeze(makeFacts(reply, stage));
  made.set(reply, facts);
  return facts;
}

function makeFacts(reply: Reply, stage: Stage | undefined): ReplyFacts {
  const { code } = reply;
  const enhanced = enhancedStatusOf(reply);
  if (enhanced === undefined) {
    const text = shown(reply.lines.join(" "));
    return stage === undefined ? { code, text } : { code, text, stage };
  }
  const text = shown(reply.lines.map((line) => withoutStatus(line, enhanced)).join(" "));
  return stage === undefined ? { code, enhanced, text } : { code, enhanced, text, stage };
}

/** Without its status code, if its class is that of the first: `550 2.1.5 no` has none, and is quoted as it was said. */
function withoutStatus(line: string, enhanced: string): string {
  return line.startsWith(enhanced.charAt(0)) ? line.replace(ENHANCED, "") : line;
}

/** The reply as one line for people: `550 5.1.1 No such user`. */
export function describeReply(facts: ReplyFacts): string {
  return [facts.code, facts.enhanced, facts.text].filter((part) => part !== undefined && part !== "").join(" ");
}
