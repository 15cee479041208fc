/** Failures on request: what goes wrong with a message or a login. */
import { demand, isTime, readOptions, TIME } from "./options.ts";

export interface Rule {
  /** When: at AUTH, at MAIL, at RCPT, or once the whole message is in. */
  readonly at: "login" | "sender" | "recipient" | "message";
  /** With `at: "recipient"`: only these addresses, each of which the next message has to be for. Default: all of the message's. */
  readonly recipients?: readonly string[] | undefined;
  /** Said instead of the usual reply: one line with a code from 400 to 599, such as `450 4.2.0 Try again later`. After a 421 the connection is closed. */
  readonly reply?: string | undefined;
  /** Closes the connection instead of answering. */
  readonly cut?: boolean | undefined;
  /** Milliseconds to wait before the answer. */
  readonly delay?: number | undefined;
}

/**
 * - `450`: every recipient is deferred, as by a server that greylists.
 * - `552`: the message is refused for good once it is in, because the mailbox is full.
 * - `421`: the server says at MAIL that it is shutting down, and closes.
 * - `cut`: the connection ends when the message is in, before the answer, so the client cannot know whether it was taken.
 * - `slow`: the message is taken, but the answer takes ten seconds.
 */
export type Failure = "450" | "552" | "421" | "cut" | "slow" | Rule;

const rules: ReadonlyMap<unknown, Rule> = new Map<Exclude<Failure, Rule>, Rule>([
  ["450", { at: "recipient", reply: "450 4.2.0 Greylisted, try again later" }],
  ["552", { at: "message", reply: "552 5.2.2 The mailbox is full" }],
  ["421", { at: "sender", reply: "421 4.3.2 The server is shutting down" }],
  ["cut", { at: "message", cut: true }],
  ["slow", { at: "message", delay: 10_000 }],
]);
const moments = new Set<unknown>(["login", "sender", "recipient", "message"]);
/** RFC 5321 section 4.2; an enhanced status code has to be of the same class (RFC 2034 section 4). The line may have 512 octets, CRLF included. */
const REPLY = /^(?:4[0-5]\d (?![25]\.\d)|5[0-5]\d (?![24]\.\d))[ -~]{1,506}$/;

/** Throws `TypeError` for what is not understood, which would test the client with another failure than the caller meant, or with none. */
export function ruleOf(failure: Failure): Rule {
  if (typeof failure !== "object") {
    const rule = rules.get(failure);
    if (rule !== undefined) return rule;
    throw new TypeError(
      `${JSON.stringify(failure)} is not a failure: give ${[...rules.keys()].map((name) => JSON.stringify(name)).join(", ")}, or { at, … }.`,
    );
  }
  const rule = readOptions(failure, ["at", "recipients", "reply", "cut", "delay"], "failure");
  const { at, reply, cut, delay } = rule;
  demand(moments.has(at), "failure.at", [...moments].join(", or "));
  // defence: failure-is-one-reply
  if (reply !== undefined && !(typeof reply === "string" && REPLY.test(reply))) {
    throw new TypeError(
      `${JSON.stringify(reply)} is not a reply: write a code from 400 to 559 and a text in ASCII, such as 450 4.2.0 Try again`,
    );
  }
  demand(cut === undefined || typeof cut === "boolean", "failure.cut", "true or false");
  demand(delay === undefined || isTime(delay), "failure.delay", TIME);
  demand(reply !== undefined || cut === true || (delay ?? 0) > 0, "failure", "a reply, a cut or a delay");
  demand(reply === undefined || cut !== true, "failure", "a reply or a cut, not both");
  return { ...rule, recipients: recipientsOf(rule) };
}

/** Failures that are still to come, in the order in which they were asked for. */
export class Failures {
  #waiting: Rule[] = [];

  add(failure: Failure): void {
    this.#waiting.push(ruleOf(failure));
  }

  /** Takes the first failure for a login, or the first for a message. */
  take(what: "login" | "message"): Rule | undefined {
    const rule = this.#waiting.find(({ at }) => (at === "login") === (what === "login"));
    this.#waiting = this.#waiting.filter((one) => one !== rule);
    return rule;
  }

  /** What was asked for and did not happen. */
  get left(): readonly Rule[] {
    return this.#waiting;
  }

  clear(): void {
    this.#waiting = [];
  }
}

/** The error of a test that asked for failures in vain. */
export function neverHappened(asked: readonly (Rule | undefined)[], why: string): Error {
  const names = asked.map((rule) => JSON.stringify(rule)).join(" and ");
  return new Error(`A failure that the test asked for did not happen, since ${why}: ${names}.`);
}

/** A domain is the same in any case (RFC 5321 section 2.4); before the @, case may matter. */
export function canonical(address: string): string {
  const at = address.lastIndexOf("@");
  return address.slice(0, at) + address.slice(at).toLowerCase();
}

function recipientsOf({ at, recipients }: Rule): readonly string[] | undefined {
  if (recipients === undefined) return undefined;
  demand(at === "recipient", "failure.recipients", 'given only with at: "recipient"');
  demand(
    Array.isArray(recipients) &&
      recipients.length > 0 &&
      recipients.every((one) => typeof one === "string" && one !== ""),
    "failure.recipients",
    "a list of addresses, such as gone@example.org",
  );
  return recipients.map(canonical);
}
