/** One session of the pool: how many messages it may carry, and how long it waits for the next. */
import type { PreparedMessage } from "../message/envelope.ts";
import { Alarm } from "../net/alarm.ts";
import type { Begun } from "../session/begin.ts";
import type { Carried, Carrier } from "../session/carrier.ts";
import type { SendOptions } from "../session/call-options.ts";
import type { SealedSession } from "../session/sealed-session.ts";

export class Lane {
  readonly session: SealedSession;
  readonly #carrier: Carrier;
  readonly #mostMessages: number;
  readonly #longestIdle: number;
  readonly #idle: Alarm;
  #closing = false;

  /** `onRoom` is called when it may admit another message, `onIdle` when nobody has needed it for long. */
  constructor(
    { session, carrier }: Begun,
    limits: { readonly messagesPerConnection: number; readonly idle: number },
    onRoom: () => void,
    onIdle: (lane: Lane) => void,
  ) {
    this.session = session;
    this.#carrier = carrier;
    this.#carrier.onRoom = onRoom;
    this.#mostMessages = Math.min(limits.messagesPerConnection, session.capabilities.limit("MAILMAX") ?? Infinity);
    this.#longestIdle = limits.idle;
    this.#idle = new Alarm(() => onIdle(this));
    this.#idle.set(this.#longestIdle);
  }

  get inFlight(): number {
    return this.#carrier.inFlight;
  }

  /** Messages begun on it so far. */
  get begun(): number {
    return this.#carrier.begun;
  }

  /** Whether it is of no more use: it has carried all that it may, or has ended, or is to end with what is under way. */
  get isSpent(): boolean {
    return this.#closing || this.#carrier.begun >= this.#mostMessages || !this.session.isOpen;
  }

  /** Whether it may still carry all transactions of the message. One that has carried nothing may: a new one would carry no more. */
  lastsFor(message: PreparedMessage): boolean {
    if (this.isSpent) return false;
    return this.begun === 0 || this.begun + this.#carrier.partsOf(message) <= this.#mostMessages;
  }

  /** Whether it may go now. Ask `lastsFor` first. */
  admits(message: PreparedMessage): boolean {
    return this.#carrier.admits(message);
  }

  begin(message: PreparedMessage, options: SendOptions, told: (carried: Carried) => void): void {
    this.#idle.rest();
    this.#carrier.begin(message, options, told);
  }

  /** A message of it has been answered: if it was the last, its time without work begins. */
  rest(): void {
    if (this.#carrier.inFlight <= 1) this.#idle.set(this.#longestIdle);
  }

  /** Waits for what is under way, says QUIT, and closes. Never rejects. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#idle.cancel();
    this.#carrier.onRoom = () => {};
    await this.session.close();
  }
}
