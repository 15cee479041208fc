/** Puts each message into a queue. The queue is known by its shape alone, as `@postseal/outbox` has it: the mailer knows no queue. */
import { InputError } from "../../errors/input-error.ts";
import type { ReadyMessage } from "../../message/input.ts";
import { withoutPrototype } from "../../policy/own-options.ts";
import type { Delivery, Destination } from "./destination.ts";

/** What `createOutbox` of `@postseal/outbox` returns. */
export interface MessageQueue {
  /** Resolves once the message is durable. */
  enqueue(message: ReadyMessage, options?: object): Promise<Queued>;
  /** Rejects if the queue cannot be used. */
  stats(): Promise<unknown>;
}

export interface Queued {
  readonly id: string;
  /** Whether the same message was in the queue already, under the same key. */
  readonly duplicate: boolean;
}

/** A type, not an interface, so that it fits Nodemailer's own `SentMessageInfo`, which allows fields of any name. */
export type QueuedInfo = {
  readonly envelope: { from: string; to: string[] };
  /** With its angle brackets. */
  readonly messageId: string;
  /** All recipients: the queue answers for them from now on. What becomes of each is in its events. */
  readonly accepted: string[];
  readonly rejected: string[];
  readonly pending: string[];
  /** `queued as ID` */
  readonly response: string;
  readonly queued: Queued;
};

export class QueueDestination implements Destination<QueuedInfo> {
  readonly #queue: MessageQueue;
  readonly #defaults: object;

  /** `defaults`: of what `enqueue` takes, for every message. The queue judges them. */
  constructor(queue: MessageQueue, defaults: object) {
    this.#queue = queue;
    this.#defaults = { ...defaults };
  }

  async deliver(message: ReadyMessage, { data, messageId }: Delivery): Promise<QueuedInfo> {
    const options = { ...this.#defaults, ...optionsOf(withoutPrototype(data).outbox) };
    const { id, duplicate } = await this.#queue.enqueue(message, options);
    const { from, to } = message.envelope;
    const recipients = [to].flat();
    return {
      envelope: { from, to: recipients },
      messageId,
      accepted: [...recipients],
      rejected: [],
      pending: [],
      response: `queued as ${id}`,
      queued: { id, duplicate },
    };
  }

  verify(): Promise<unknown> {
    return this.#queue.stats();
  }

  /** The queue is the application's, and lives longer than a transport. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}

function optionsOf(given: unknown): object {
  if (given === undefined) return {};
  if (typeof given === "object" && given !== null && !Array.isArray(given)) return given;
  throw new InputError("MAIL_INPUT_MESSAGE", "outbox", "is not an object with the options of enqueue.");
}

export function isQueue(given: unknown): given is MessageQueue {
  if (typeof given !== "object" || given === null) return false;
  return ["enqueue", "stats"].every((name) => typeof Reflect.get(given, name) === "function");
}
