/** Sends many messages through one mailer, and keeps their outcomes, when they came, and what the connections did. */
import { createMailer, type Mailer, type MailerOptions, MailError, observe, receiptOf } from "@postseal/mailer";

/** `performance.now()`, in milliseconds. */
type Moment = number;

export interface Word {
  readonly id: string;
  readonly outcome: string;
  /** The error's code and phase; empty for a receipt. */
  readonly error: string;
  readonly text: string;
  readonly at: Moment;
}

/** A connection, as observers see it. */
/** Connections and logins that carried nothing. */
export interface Idle {
  readonly connections: number;
  readonly logins: number;
}

interface Connection {
  readonly began: Moment;
  login: boolean;
  /** Whether a message went over it. */
  carried: boolean;
}

export interface Load {
  /** How many sends are under way at once, and how many may start in a second. */
  readonly atOnce: number;
  readonly aSecond: number;
  /** Returns 0 to 1, for everything that is left to chance. */
  readonly random: () => number;
}

const MINUTE = 60_000;

export class Tally implements AsyncDisposable {
  readonly words: Word[] = [];
  readonly #mailer: Mailer;
  readonly #load: Load;
  readonly #connections = new Map<number, Connection>();
  readonly #observer: Disposable;
  #given = 0;
  #isOver = false;
  #senders: Promise<unknown> = Promise.resolve();

  constructor(server: string, options: MailerOptions, load: Load) {
    this.#load = load;
    this.#mailer = createMailer(server, {
      ...options,
      pool: { ...options.pool, messagesPerSecond: load.aSecond },
    });
    const note = (connection: number, change: (one: Connection) => void): void => {
      const one = this.#connections.get(connection);
      if (one !== undefined) change(one);
    };
    this.#observer = observe({
      "connection.opening": ({ connection }) =>
        this.#connections.set(connection, { began: performance.now(), login: false, carried: false }),
      "connection.authenticating": ({ connection }) => note(connection, (one) => (one.login = true)),
      "conversation.body": ({ connection }) => note(connection, (one) => (one.carried = true)),
    });
  }

  get given(): number {
    return this.#given;
  }

  begin(): void {
    this.#senders = Promise.all(Array.from({ length: this.#load.atOnce }, () => this.#go()));
  }

  /** Sends nothing more, and waits for what was sent: `false` if that takes longer than `patience` milliseconds. */
  async end(patience: number): Promise<boolean> {
    this.#isOver = true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), patience);
    });
    const isDone = await Promise.race([this.#senders.then(() => true), late]);
    clearTimeout(timer);
    return isDone;
  }

  /** How many messages were accepted in that time. */
  accepted(from: Moment, to: Moment): number {
    return this.words.filter(({ outcome, at }) => outcome === "accepted" && at >= from && at < to).length;
  }

  /** Of the minute before this moment. */
  idleBefore(moment: Moment): Idle {
    const idle = this.#idle.filter(({ began }) => began > moment - MINUTE && began <= moment);
    return { connections: idle.length, logins: idle.filter(({ login }) => login).length };
  }

  /** The most of any minute. */
  get idleAMinute(): Idle {
    const idle = this.#idle;
    return {
      connections: most(idle.map(({ began }) => began)),
      logins: most(idle.filter(({ login }) => login).map(({ began }) => began)),
    };
  }

  get #idle(): readonly Connection[] {
    return [...this.#connections.values()].filter(({ carried }) => !carried);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#mailer.close();
    this.#observer[Symbol.dispose]();
  }

  async #go(): Promise<void> {
    while (!this.#isOver) {
      this.#given += 1;
      this.words.push(await this.#send(`chaos-${this.#given}`));
    }
  }

  async #send(id: string): Promise<Word> {
    const { random } = this.#load;
    const abort = new AbortController();
    // Sometimes a caller gives up.
    if (random() < 0.01) setTimeout(() => abort.abort(new Error("never mind")), random() * 50);
    const size = random() < 0.02 ? 300_000 : 1_000;
    const message = {
      from: "alice@example.test",
      to: "inbox@example.test",
      subject: id,
      messageId: `<${id}@example.test>`,
      text: "A line of a message under chaos.\r\n".repeat(size / 34),
    };
    try {
      const { recipients } = await this.#mailer.send(message, { signal: abort.signal });
      return { id, outcome: recipients[0]?.outcome ?? "", error: "", text: "", at: performance.now() };
    } catch (error) {
      if (!(error instanceof MailError)) throw error;
      const phase = "phase" in error ? ` ${String(error.phase)}` : "";
      const outcome = receiptOf(error)?.recipients[0]?.outcome ?? "no receipt";
      return { id, outcome, error: `${error.code}${phase}`, text: error.message, at: performance.now() };
    }
  }
}

function most(times: readonly Moment[]): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at <= from + MINUTE).length));
}
