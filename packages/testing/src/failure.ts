/** What is to go wrong with a message, or with a login. */

export interface Rule {
  /** Where: at AUTH, at MAIL, at RCPT, or once the whole message is in. */
  readonly at: "login" | "sender" | "recipient" | "message";
  /** At `recipient`: only these addresses. Default: all of the message. */
  readonly recipients?: readonly string[] | undefined;
  /** Said instead of the usual reply: one line, such as `450 4.2.0 Try again later`. Behind a 421 the connection is closed. */
  readonly reply?: string | undefined;
  /** Closes the connection instead of answering. */
  readonly cut?: boolean | undefined;
  /** Waits so long before it answers, in milliseconds. */
  readonly delay?: number | undefined;
}

/**
 * - `450`: no recipient is taken for now, as by a server that greylists.
 * - `552`: the message is refused for good once it is in: the mailbox is full.
 * - `421`: the server shuts down when the message is announced.
 * - `cut`: the connection ends when the message is in, before it is answered: nobody can know whether it was taken.
 * - `slow`: the message is taken, but the answer takes ten seconds.
 */
export type Failure = "450" | "552" | "421" | "cut" | "slow" | Rule;

const rules: Readonly<Record<Exclude<Failure, Rule>, Rule>> = {
  "450": { at: "recipient", reply: "450 4.2.0 Greylisted, try again later" },
  "552": { at: "message", reply: "552 5.2.2 The mailbox is full" },
  "421": { at: "sender", reply: "421 4.3.2 The server is shutting down" },
  cut: { at: "message", cut: true },
  slow: { at: "message", delay: 10_000 },
};

/** Throws `TypeError` for a reply that is none: the client would be tested with another failure than was meant. */
export function ruleOf(failure: Failure): Rule {
  const rule = { __proto__: null, ...(typeof failure === "string" ? rules[failure] : failure) };
  // defence: failure-is-one-reply
  if (rule.reply !== undefined && !/^[245]\d\d [ -~]+$/.test(rule.reply)) {
    throw new TypeError(`"${rule.reply}" is not a reply: write a code and a text in ASCII, e.g. 450 4.2.0 Try again`);
  }
  return rule;
}

/** Failures that wait for their moment, in the order in which they were asked for. */
export class Failures {
  #waiting: Rule[] = [];

  add(failure: Failure): void {
    this.#waiting.push(ruleOf(failure));
  }

  /** The first for a login, or the first for a message; it is used up. */
  take(what: "login" | "message"): Rule | undefined {
    const rule = this.#waiting.find(({ at }) => (at === "login") === (what === "login"));
    this.#waiting = this.#waiting.filter((one) => one !== rule);
    return rule;
  }

  clear(): void {
    this.#waiting = [];
  }
}
