/** The transport that `nodemailer.createTransport` takes. */
import { EventEmitter } from "node:events";
import { createMailer, type MailerOptions } from "../../mailer.ts";
import { withoutPrototype } from "../../policy/own-options.ts";
import type { ServerOptions } from "../../policy/server.ts";
import type { Destination } from "./destination.ts";
import { asksForRequireTls, judgeOptions, readDsn } from "./dsn.ts";
import { judgeEnvelope } from "./envelope.ts";
import type { ComposedMail } from "./mail.ts";
import { MailerDestination } from "./mailer-destination.ts";
import { collect } from "./octets.ts";
import { isQueue, type MessageQueue, QueueDestination, type QueuedInfo } from "./queue-destination.ts";
import type { SentInfo } from "./sent-info.ts";
import { abortError, streamError, TransportError, transportError } from "./transport-error.ts";

/** How many messages are read from their sources at the same time. The others wait, and open no file yet. */
const ROOM = 32;

type Callback<T> = (error: TransportError | null, result?: T) => void;

/** One call of `sendMail`. */
interface Job<Info> {
  readonly mail: ComposedMail;
  readonly abort: AbortController;
  readonly finish: Callback<Info>;
}

/**
 * Takes what `createMailer` takes. Throws `InputError` for an invalid server or option.
 *
 * ```
 * const transporter = nodemailer.createTransport(sealed("submission://mail.example.com", { credentials }), defaults);
 * ```
 */
export function sealed(server: string | URL | ServerOptions, options?: MailerOptions): SealedTransport;
/**
 * Takes an outbox, and queues each message. `defaults`: what its `enqueue` takes, for every message; `outbox` in the options of
 * `sendMail` says it for one. `close` leaves the outbox open.
 */
export function sealed(outbox: MessageQueue, defaults?: object): SealedTransport<QueuedInfo>;
export function sealed(
  target: string | URL | ServerOptions | MessageQueue,
  options: object = {},
): SealedTransport | SealedTransport<QueuedInfo> {
  if (isQueue(target)) return new DestinationTransport(new QueueDestination(target, options));
  return new DestinationTransport(new MailerDestination(createMailer(target, options)));
}

/** Applications use `verify`, `close`, `isIdle` and the event `idle` on what `createTransport` returns. */
export interface SealedTransport<Info = SentInfo> extends EventEmitter {
  readonly name: string;
  readonly version: string;
  readonly supportsAbortSignal: true;
  send(mail: ComposedMail, callback: (error: TransportError | null, info?: Info) => void): void;
  /** Connects, seals and logs in; sends nothing. An outbox is asked whether it can be used. */
  verify(): Promise<true>;
  verify(callback: (error: TransportError | null, success?: true) => void): void;
  /** Finishes what is under way, unless `force` is set; what waits fails. Resolves when the connection has ended. */
  close(options?: { readonly force?: boolean | undefined }): Promise<void>;
  /** Whether another message would be read at once, without waiting. */
  isIdle(): boolean;
}

class DestinationTransport<Info> extends EventEmitter implements SealedTransport<Info> {
  readonly name = "Postseal";
  readonly version = "0.1.0";
  readonly supportsAbortSignal = true;
  /** Nodemailer puts a proxy's socket function here just before each message. */
  getSocket: unknown;
  readonly #destination: Destination<Info>;
  readonly #waiting: Job<Info>[] = [];
  readonly #running = new Map<Job<Info>, Promise<void>>();
  #closed = false;

  constructor(destination: Destination<Info>) {
    super();
    this.#destination = destination;
    this.#emitIdle();
  }

  send(mail: ComposedMail, callback: Callback<Info>): void {
    const { signal } = withoutPrototype(mail.data);
    const abort = new AbortController();
    const onAbort = (): void => this.#abort(job, signal?.reason);
    const job: Job<Info> = {
      mail,
      abort,
      finish: (error, info) => {
        signal?.removeEventListener("abort", onAbort);
        // Called later: if the application's callback throws, the send has not failed.
        setImmediate(() => callback(error, info));
      },
    };
    if (this.#closed) return job.finish(closedError());
    this.#waiting.push(job);
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted === true) onAbort();
    this.#admit();
  }

  verify(): Promise<true>;
  verify(callback: Callback<true>): void;
  verify(callback?: Callback<true>): Promise<true> | void {
    const verified = this.#verify();
    if (callback === undefined) return verified;
    verified.then(
      (success) => setImmediate(() => callback(null, success)),
      (error: unknown) => setImmediate(() => callback(transportError(error))),
    );
  }

  async close(options: { readonly force?: boolean | undefined } = {}): Promise<void> {
    this.#closed = true;
    for (const job of this.#waiting.splice(0)) job.finish(closedError());
    if (withoutPrototype(options).force === true)
      for (const job of this.#running.keys()) job.abort.abort(closedError());
    // A closed mailer takes nothing, and some of these may not have reached it yet.
    await Promise.all(this.#running.values());
    try {
      await this.#destination.close();
    } catch {
      // Nodemailer's callers do not wait for close: a rejection would end their process.
    }
  }

  isIdle(): boolean {
    return !this.#closed && this.#waiting.length + this.#running.size < ROOM;
  }

  #admit(): void {
    while (this.#running.size < ROOM) {
      const job = this.#waiting.shift();
      if (job === undefined) return;
      this.#running.set(job, this.#run(job));
    }
  }

  /** Never rejects. */
  async #run(job: Job<Info>): Promise<void> {
    try {
      job.finish(null, await this.#deliver(job));
    } catch (error) {
      job.finish(transportError(error));
    } finally {
      const wasFull = !this.isIdle();
      this.#running.delete(job);
      this.#admit();
      if (wasFull) this.#emitIdle();
    }
  }

  async #deliver({ mail, abort }: Job<Info>): Promise<Info> {
    // defence: proxy-is-not-gone-around
    if (typeof this.getSocket === "function") throw proxyError();
    // defence: other-account-is-refused
    judgeOptions(mail.data);
    const envelope = judgeEnvelope(mail);
    const dsn = readDsn(withoutPrototype(mail.data).dsn, envelope.to);
    const requireTls = asksForRequireTls(mail.data);
    const messageId = mail.message.messageId();
    const stream = mail.message.createReadStream();
    // A source that stalls must not hold up an aborted send.
    const release = (): unknown => stream.destroy();
    let failure: Error | undefined;
    stream.on("error", (error) => (failure ??= error));
    abort.signal.addEventListener("abort", release, { once: true });
    try {
      const message = await collect(stream);
      abort.signal.throwIfAborted();
      const { data } = mail;
      return await this.#destination.deliver(
        { envelope, message, dsn, requireTls },
        { data, messageId, signal: abort.signal },
      );
    } catch (error) {
      if (abort.signal.aborted) throw abortError(error, abort.signal.reason);
      throw failure === undefined ? error : streamError(error, failure);
    } finally {
      release();
    }
  }

  async #verify(): Promise<true> {
    try {
      if (typeof this.getSocket === "function") throw proxyError();
      await this.#destination.verify();
      return true;
    } catch (error) {
      throw transportError(error);
    }
  }

  #abort(job: Job<Info>, reason: unknown): void {
    job.abort.abort(reason);
    const place = this.#waiting.indexOf(job);
    if (place === -1) return;
    this.#waiting.splice(place, 1);
    job.finish(abortError(undefined, reason));
  }

  #emitIdle(): void {
    setImmediate(() => {
      if (this.isIdle()) this.emit("idle");
    });
  }
}

function closedError(): TransportError {
  return new TransportError("The transport was closed. Make another one to send again.", {
    code: "ECONNECTION",
    command: "API",
  });
}

/** Going on without the proxy would show the server, and everybody on the path, the address that the proxy was to hide. */
function proxyError(): TransportError {
  return new TransportError(
    "A proxy was set on the transporter. A sealed transport does not use it: pass the option connect to sealed().",
    { code: "ECONFIG", command: "API" },
  );
}
