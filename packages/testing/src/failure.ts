/** Failures on request: what goes wrong with a message or a login. */

export interface Rule {
  /** When: at AUTH, at MAIL, at RCPT, or once the whole message is in. */
  readonly at: "login" | "sender" | "recipient" | "message";
  /** With `at: "recipient"`: only these addresses. Default: all of the message's. */
  readonly recipients?: readonly string[] | undefined;
  /** Said instead of the usual reply: one line, such as `450 4.2.0 Try again later`. After a 421 the connection is closed. */
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

const rules: Readonly<Record<Exclude<Failure, Rule>, Rule>> = {
  "450": { at: "recipient", reply: "450 4.2.0 Greylisted, try again later" },
  "552": { at: "message", reply: "552 5.2.2 The mailbox is full" },
  "421": { at: "sender", reply: "421 4.3.2 The server is shutting down" },
  cut: { at: "message", cut: true },
  slow: { at: "message", delay: 10_000 },
};

/** Throws `TypeError` for a malformed reply, which would test the client with another failure than the caller meant. */
export function ruleOf(failure: Failure): Rule {
  const rule = { __proto__: null, ...(typeof failure === "string" ? rules[failure] : failure) };
  // defence: failure-is-one-reply
  if (rule.reply !== undefined && !/^[245]\d\d [ -~]+$/.test(rule.reply)) {
    throw new TypeError(
      `"${rule.reply}" is not a reply: write a code and a text in ASCII, such as 450 4.2.0 Try again`,
    );
  }
  return rule;
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

  clear(): void {
    this.#waiting = [];
  }
}
