/**
 * One session, kept open between messages and opened again when it has ended. Always with the same policy and the same
 * credentials: they belong to the pool, not to a message.
 */
import { MailError } from "../errors/mail-error.ts";
import type { PreparedMessage } from "../message/envelope.ts";
import type { Receipt } from "../outcome/receipt.ts";
import { type SealedSession, type SendOptions, sendPrepared } from "../session/sealed-session.ts";
import { Turnstile } from "../session/turnstile.ts";

/** Messages a connection: servers close long ones unasked, and then the last message's fate is unknown. */
const MOST_MESSAGES = 100;
/** How long a session without work stays open, in milliseconds. It also lets a script end that forgot `close()`. */
const LONGEST_IDLE = 5_000;

export type OpenSession = (signal: AbortSignal | undefined) => Promise<SealedSession>;

export class Pool {
  readonly #open: OpenSession;
  readonly #turnstile = new Turnstile();
  #session: SealedSession | undefined;
  #messages = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(open: OpenSession) {
    this.#open = open;
  }

  /** Sends in turn. What a session that was kept open proves unsent is sent once more on a fresh one. */
  async send(message: PreparedMessage, options: SendOptions): Promise<Receipt> {
    const leave = await this.#turnstile.enter(options.signal);
    clearTimeout(this.#idle);
    try {
      const kept = await this.#kept();
      if (kept === undefined) return await this.#sendOn(await this.#fresh(options.signal), message, options);
      try {
        return await this.#sendOn(kept, message, options);
      } catch (error) {
        if (!isStale(error, message)) throw error;
        return await this.#sendOn(await this.#fresh(options.signal), message, options);
      }
    } finally {
      if (this.#session?.isOpen === true) this.#idle = setTimeout(() => void this.close(), LONGEST_IDLE);
      leave();
    }
  }

  /** Waits for what is under way, then says QUIT. The pool can be used again. */
  async close(): Promise<void> {
    const leave = await this.#turnstile.enter();
    clearTimeout(this.#idle);
    try {
      await this.#retire();
    } finally {
      leave();
    }
  }

  async #kept(): Promise<SealedSession | undefined> {
    if (this.#session?.isOpen === true && this.#messages < MOST_MESSAGES) return this.#session;
    await this.#retire();
    return undefined;
  }

  async #fresh(signal: AbortSignal | undefined): Promise<SealedSession> {
    this.#session = await this.#open(signal);
    this.#messages = 0;
    return this.#session;
  }

  async #retire(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.close();
  }

  #sendOn(session: SealedSession, message: PreparedMessage, options: SendOptions): Promise<Receipt> {
    this.#messages += 1;
    return sendPrepared(session, message, options);
  }
}

/**
 * A server may close an idle session at any time, with a 421 or without; the first to notice is the next message. It goes
 * again only if nothing of it can have been taken, and not after what a fresh session would meet just the same.
 */
function isStale(error: unknown, message: PreparedMessage): boolean {
  if (!message.content.replayable || !(error instanceof MailError)) return false;
  if (error.code !== "MAIL_NETWORK_LOST" && error.code !== "MAIL_DEFERRED") return false;
  const recipients = error.receipt?.recipients ?? [];
  return recipients.length > 0 && recipients.every(({ outcome, reply }) => outcome === "unsent" || reply?.code === 421);
}
