/** One session of the pool: how many messages it may carry, and how long it may be idle. */
import type { PreparedMessage } from "../message/envelope.ts";
import { Alarm } from "../net/alarm.ts";
import type { Seal } from "../outcome/seal.ts";
import type { Begun } from "../session/begin.ts";
import type { CallOptions } from "../session/call-options.ts";
import type { Carrier, Carrying } from "../session/carrier.ts";
import { mayWantLogin } from "../session/conclusion.ts";
import type { SealedSession } from "../session/sealed-session.ts";
import type { LaneView } from "./decide.ts";
import type { Opening } from "./openings.ts";

export class Lane implements LaneView {
  readonly opening: Opening;
  /** By `performance.now()`. */
  readonly openedAt: number = performance.now();
  /** Whether a message that it carried was answered. */
  hasServed = false;
  readonly #session: SealedSession;
  readonly #carrier: Carrier;
  readonly #mostMessages: number;
  readonly #longestIdle: number;
  readonly #idle: Alarm;
  #closing = false;

  /** `onIdle` is called after it has been idle for `limits.idle`. */
  constructor(
    { session, carrier }: Begun,
    opening: Opening,
    limits: { readonly messagesPerConnection: number; readonly idle: number },
    onIdle: (lane: Lane) => void,
  ) {
    this.opening = opening;
    this.#session = session;
    this.#carrier = carrier;
    // defence: no-more-than-mailmax
    this.#mostMessages = Math.min(limits.messagesPerConnection, session.capabilities.limit("MAILMAX") ?? Infinity);
    this.#longestIdle = limits.idle;
    this.#idle = new Alarm(() => {
      // It goes on while a message is carried: to stop it for each would cost more.
      if (this.#carrier.inFlight === 0) onIdle(this);
    });
    this.#idle.set(this.#longestIdle);
  }

  get seal(): Seal {
    return this.#session.seal;
  }

  get wantsLogin(): boolean {
    return mayWantLogin(this.#session);
  }

  get isLoggedIn(): boolean {
    return this.#session.mechanism !== undefined;
  }

  get inFlight(): number {
    return this.#carrier.inFlight;
  }

  /** Transactions begun on it so far. */
  get begun(): number {
    return this.#carrier.begun;
  }

  get isOpen(): boolean {
    return this.#session.isOpen;
  }

  get isHeldUp(): boolean {
    return this.#carrier.isHeldUp;
  }

  /** Whether it is of no more use: it has carried as many messages as it may, or has ended, or ends once what is under way is answered. */
  get isSpent(): boolean {
    return this.#carrier.begun >= this.#mostMessages || !this.#session.isOpen;
  }

  admits(message: PreparedMessage): boolean {
    return this.#carrier.admits(message);
  }

  recipientsOf(message: PreparedMessage, most: number): number {
    return this.#carrier.partOf(message, most).envelope.forwardPaths.length;
  }

  partOf(message: PreparedMessage, most: number): PreparedMessage {
    return this.#carrier.partOf(message, most);
  }

  begin(part: PreparedMessage, options: CallOptions, carrying: Carrying): void {
    this.#carrier.begin(part, options, carrying);
  }

  /** Call it when a message was answered: if that was the last one in flight, the lane is idle from now on. */
  answered(): void {
    if (this.#carrier.inFlight === 0 && !this.#closing) this.#idle.set(this.#longestIdle);
  }

  /** Finishes what is under way, says QUIT, and closes. Never rejects. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#idle.cancel();
    await this.#session.close();
  }
}
