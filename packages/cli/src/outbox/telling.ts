/** Prints what an outbox knows: as one JSON object with times as text, or as rows for people. */
import type { MessageFacts, OutboxEvent, RecipientFate } from "@postseal/outbox";
import type { Colour } from "../output.ts";
import { output } from "../output.ts";
import { exits } from "../result/exits.ts";
import { inOwnWords, outboxWords } from "../result/own-words.ts";
import type { Row } from "../result/rows.ts";
import { formatMoment } from "./moment.ts";

export const STATE_COLOURS: ReadonlyMap<string, Colour> = new Map([
  ["done", "green"],
  ["accepted", "green"],
  ["waiting", "yellow"],
  ["deferred", "yellow"],
  ["held", "red"],
  ["dead", "red"],
  ["refused", "red"],
  ["unknown", "red"],
]);
/** An id has so many characters. */
export const ID = 36;

/** Returns the exit code. */
export function tellFacts(facts: object, exitCode: number = exits.done.code): number {
  output.json({ ok: exitCode === exits.done.code, exitCode, ...Object(dated(facts)) });
  return exitCode;
}

const TIMES: ReadonlySet<string> = new Set([
  "due",
  "expires",
  "created",
  "settled",
  "marked",
  "ended",
  "at",
  "seen",
  "oldestDue",
  "restsUntil",
  "heldUntil",
]);

/** The same with times as text (RFC 3339); a time that does not apply is left out. */
export function dated(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dated);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([name, item]: [string, unknown]) => [name, fieldOf(name, item)]);
  return Object.fromEntries(entries);
}

/** By state: one of the states is called marked, as a time is. */
const COUNTS: ReadonlySet<string> = new Set(["states", "kept"]);

function fieldOf(name: string, value: unknown): unknown {
  if (COUNTS.has(name)) return value;
  if (!TIMES.has(name) || typeof value !== "number") return dated(value);
  return value === 0 ? undefined : new Date(value).toISOString();
}

/** A reason that the library gave: advice about an account is in its keys. */
export function reasonText(reason: string): string {
  return inOwnWords(new Error(reason), outboxWords);
}

/** One line for a list. */
export function messageRow(message: MessageFacts): Row {
  const { id, state, recipients, due, attempts, settled, reason } = message;
  const when = settled === undefined ? `due ${formatMoment(due)}` : `ended ${formatMoment(settled)}`;
  const tried = attempts === 0 ? [] : [attempts === 1 ? "1 attempt" : `${attempts} attempts`];
  const refusal = recipients.find(({ outcome, code }) => outcome !== "accepted" && code !== undefined);
  const why = refusal === undefined ? reason && reasonText(reason) : replyText(refusal);
  const facts = [`${id} to ${named(recipients)}`, when, ...tried, ...(why === undefined ? [] : [why])];
  return [state, facts.join("; ")];
}

/** One line for each event, as in a log. */
export function eventLine({ seq, at, kind, id, reason, recipients }: OutboxEvent): string {
  const fates = recipients.map((one) => fateText(one));
  // A reply says it already.
  const why =
    reason === undefined || recipients.some(({ code }) => code !== undefined) ? "" : `: ${reasonText(reason)}`;
  return `${formatMoment(at)} ${seq} ${kind} ${id}${fates.length === 0 ? "" : ` ${fates.join(", ")}`}${why}`;
}

function fateText({ address, outcome, ...reply }: RecipientFate): string {
  const said = replyText(reply);
  return `<${address}> ${outcome}${said === "" ? "" : ` (${said})`}`;
}

export function replyText({ code, enhanced, text }: Pick<RecipientFate, "code" | "enhanced" | "text">): string {
  return [code, enhanced, text].filter((part) => part !== undefined && part !== "").join(" ");
}

function named(recipients: readonly RecipientFate[]): string {
  const [first, ...others] = recipients;
  if (first === undefined) return "nobody";
  const fates = summary(recipients);
  return `${first.address}${others.length === 0 ? "" : ` and ${others.length} more`}${fates === "" ? "" : ` (${fates})`}`;
}

/** Empty if nothing has become of them that the state of the message does not say. */
function summary(recipients: readonly RecipientFate[]): string {
  const counts = new Map<string, number>();
  for (const { outcome } of recipients) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  if (counts.size === 1 && ["pending", "accepted", "cancelled"].some((outcome) => counts.has(outcome))) return "";
  return [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(", ");
}
