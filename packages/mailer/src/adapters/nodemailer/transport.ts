/** The transport that `nodemailer.createTransport` takes. */
import { EventEmitter } from "node:events";
import { createMailer, type Mailer, type MailerOptions } from "../../mailer.ts";
import { withoutPrototype } from "../../policy/own-options.ts";
import type { ServerOptions } from "../../policy/server.ts";
import { asksForRequireTls, judgeOptions, readDsn } from "./dsn.ts";
import { judgeEnvelope } from "./envelope.ts";
import type { ComposedMail } from "./mail.ts";
import { collect } from "./octets.ts";
import { type SentInfo, sentInfo } from "./sent-info.ts";
import { abortError, streamError, TransportError, transportError } from "./transport-error.ts";

/** How many messages are read from their sources at the same time. The others wait, and open no file yet. */
const ROOM = 32;

type Callback<T> = (error: TransportError | null, result?: T) => void;

/** One call of `sendMail`. */
interface Job {
  readonly mail: ComposedMail;
  readonly abort: AbortController;
  readonly finish: Callback<SentInfo>;
}

/**
 * Takes what `createMailer` takes. Throws `InputError` for an invalid server or option.
 *
 * ```
 * const transporter = nodemailer.createTransport(sealed("submission://mail.example.com", { credentials }), defaults);
 * ```
 */
export function sealed(server: string | URL | ServerOptions, options?: MailerOptions): SealedTransport {
  return new MailerTransport(createMailer(server, options));
}

/** Applications use `verify`, `close`, `isIdle` and the event `idle` on what `createTransport` returns. */
export interface SealedTransport extends EventEmitter {
  readonly name: string;
  readonly version: string;
  readonly supportsAbortSignal: true;
  send(mail: ComposedMail, callback: (error: TransportError | null, info?: SentInfo) => void): void;
  /** Connects, seals and logs in; sends nothing. */
  verify(): Promise<true>;
  verify(callback: (error: TransportError | null, success?: true) => void): void;
  /** Finishes what is under way, unless `force` is set; what waits fails. Resolves when the connection has ended. */
  close(options?: { readonly force?: boolean | undefined }): Promise<void>;
  /** Whether another message would be read at once, without waiting. */
  isIdle(): boolean;
}

class MailerTransport extends EventEmitter implements SealedTransport {
  readonly name = "Postseal";
  readonly version = "0.1.0";
  readonly supportsAbortSignal = true;
  /** Nodemailer puts a proxy's socket function here just before each message. */
  getSocket: unknown;
  readonly #mailer: Mailer;
  readonly #waiting: Job[] = [];
  readonly #running = new Map<Job, Promise<void>>();
  #closed = false;

  constructor(mailer: Mailer) {
    super();
    this.#mailer = mailer;
    this.#emitIdle();
  }

  send(mail: ComposedMail, callback: Callback<SentInfo>): void {
    const { signal } = withoutPrototype(mail.data);
    const abort = new AbortController();
    const onAbort = (): void => this.#abort(job, signal?.reason);
    const job: Job = {
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
      await this.#mailer.close();
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
  async #run(job: Job): Promise<void> {
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

  async #deliver({ mail, abort }: Job): Promise<SentInfo> {
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
      const receipt = await this.#mailer.send({ envelope, message, dsn, requireTls }, { signal: abort.signal });
      return sentInfo(receipt, messageId);
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
      await this.#mailer.verify();
      return true;
    } catch (error) {
      throw transportError(error);
    }
  }

  #abort(job: Job, reason: unknown): void {
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
