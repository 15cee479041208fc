/**
 * Octets out, replies in: a first-in-first-out line of waits, each for the replies to one step.
 *
 * The rules it keeps:
 * - a reply that nobody waits for ends the channel, and so does one that began before its command was written: that is
 *   how replies injected ahead of time show;
 * - each wait has an absolute deadline, which begins when the wait is first in line;
 * - replies are handed on in the tick they arrive in, so that nothing can come between a reply and what it causes.
 */
import type { Duplex } from "node:stream";
import type { MailError } from "../errors/mail-error.ts";
import { NetworkError, type Phase } from "../errors/network-error.ts";
import { ProtocolError } from "../errors/protocol-error.ts";
import type { Reply } from "../wire/reply.ts";
import { ReplyParser } from "../wire/reply-parser.ts";

/** How long a peer may take to answer our end with its own, in milliseconds. */
const LONGEST_CLOSE = 1_000;

/** What differs between the clear and the sealed side. */
export interface ChannelNature {
  /** The server, as errors name it. */
  readonly peer: string;
  /** The error for octets that nobody asked for; `undefined` where they are a courtesy (421 on an idle connection) and the channel just closes. */
  unsolicited(evidence: string, idleReply: Reply | undefined): MailError | undefined;
  /** The error for what the stream reports. */
  broken(cause: unknown, phase: Phase): MailError;
}

export interface Wait {
  /** What each reply that the step is owed answers: one entry a reply, in order. */
  readonly expects: readonly Phase[];
  /** Milliseconds. */
  timeout(phase: Phase): number;
  done(replies: readonly Reply[]): void;
  lost(cause: unknown, replies: readonly Reply[]): void;
}

interface Waiting {
  readonly wait: Wait;
  readonly replies: Reply[];
  /** Octets received when its commands were written. */
  readonly since: number;
  /** False while its body is being written: the writer has a deadline of its own. */
  ticking: boolean;
}

export class Channel {
  readonly #stream: Duplex;
  readonly #nature: ChannelNature;
  readonly #parser = new ReplyParser();
  readonly #line: Waiting[] = [];
  readonly #onFailure = new Set<() => void>();
  #timer: NodeJS.Timeout | undefined;
  #failure: unknown;
  #over = false;

  constructor(stream: Duplex, nature: ChannelNature) {
    this.#stream = stream;
    this.#nature = nature;
    stream.on("data", this.#onData).on("end", this.#onEnd).on("close", this.#onEnd).on("error", this.#onError);
  }

  get peer(): string {
    return this.#nature.peer;
  }

  /** Whether it can carry another step. */
  get isOpen(): boolean {
    return !this.#over;
  }

  /** What ended it, where something has. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Strikes these out of what is read from now on, but for challenges, which nobody is shown. */
  conceal(secrets: readonly string[]): void {
    this.#parser.conceal(secrets);
  }

  /** Joins the line, and writes what the step begins with. The wait is told in the tick of its last reply. */
  exchange(octets: Uint8Array | string, wait: Wait, ticking = true): void {
    if (this.#over) return wait.lost(this.#failure, []);
    this.#line.push({ wait, replies: [], since: this.#parser.received, ticking });
    if (this.#line.length === 1) this.#tick();
    if (octets.length > 0) this.#stream.write(octets);
  }

  /** The body of the wait at the end of the line has been handed over: its deadline begins. */
  tick(): void {
    const last = this.#line.at(-1);
    if (last === undefined) return;
    last.ticking = true;
    if (this.#line.length === 1) this.#tick();
  }

  /** Writes octets of a body. Resolves when more may be written; rejects when the channel has failed. */
  async write(octets: Uint8Array): Promise<void> {
    if (this.#over) throw this.#failure;
    if (this.#stream.write(octets)) return;
    await new Promise<void>((resolve) => {
      const go = (): void => {
        this.#stream.off("drain", go);
        this.#onFailure.delete(go);
        resolve();
      };
      this.#stream.on("drain", go);
      this.#onFailure.add(go);
    });
    this.#throwIfOver();
  }

  /** Ends the channel at once; every wait is told. */
  fail(cause: unknown): void {
    if (this.#over) return;
    this.#finish(cause);
    this.#stream.destroy();
    for (const { wait, replies } of this.#line.splice(0)) wait.lost(cause, replies);
  }

  /** Ends the channel in order: what is written goes out, then the connection closes. */
  async close(): Promise<void> {
    if (this.#over) return;
    const cause = new NetworkError("MAIL_NETWORK_LOST", "idle", `The session with ${this.peer} is closed.`);
    this.#finish(cause);
    for (const { wait, replies } of this.#line.splice(0)) wait.lost(cause, replies);
    await new Promise<void>((resolve) => {
      // Not every stream says that it is closed.
      const timer = setTimeout(() => {
        this.#stream.destroy();
        resolve();
      }, LONGEST_CLOSE);
      this.#stream.once("close", () => {
        clearTimeout(timer);
        resolve();
      });
      this.#stream.end();
    });
  }

  /**
   * Gives the stream up, for TLS to take over, with the octets that nobody has used: there must be none. Call it in the
   * tick of the reply after which TLS begins.
   */
  release(): { readonly stream: Duplex; readonly early: Uint8Array } {
    if (this.#over) throw this.#failure;
    this.#finish(
      new NetworkError("MAIL_NETWORK_LOST", "handshake", `The clear channel to ${this.peer} was given up for TLS.`),
    );
    this.#stream
      .off("data", this.#onData)
      .off("end", this.#onEnd)
      .off("close", this.#onEnd)
      .off("error", this.#onError);
    this.#stream.on("error", () => {}).pause();
    const buffered: unknown = this.#stream.readableLength > 0 ? this.#stream.read() : null;
    const early = Buffer.concat([this.#parser.unused, buffered instanceof Uint8Array ? buffered : Buffer.alloc(0)]);
    return { stream: this.#stream, early };
  }

  readonly #onData = (chunk: Uint8Array): void => {
    if (this.#over) return;
    try {
      this.#parser.push(chunk, (reply, from) => this.#take(reply, from));
    } catch (error) {
      const asked = this.#line.length > 0 || !(error instanceof ProtocolError);
      this.fail(asked ? error : (this.#nature.unsolicited(error.evidence, undefined) ?? error));
    }
  };

  readonly #onEnd = (): void => {
    const phase = this.#phase();
    this.fail(
      new NetworkError(
        "MAIL_NETWORK_LOST",
        phase,
        `${this.peer} closed the connection while it was to answer (${phase}).`,
      ),
    );
  };

  readonly #onError = (error: unknown): void => {
    this.fail(this.#nature.broken(error, this.#phase()));
  };

  #take(reply: Reply, from: number): boolean {
    const first = this.#line[0];
    if (first === undefined || from < first.since) {
      const said = `${reply.code} ${reply.lines.join(" ")}`;
      this.fail(
        this.#nature.unsolicited(said, first === undefined ? reply : undefined) ??
          new NetworkError("MAIL_NETWORK_LOST", "idle", `${this.peer} closed the idle connection. It said: "${said}"`),
      );
      return false;
    }
    first.replies.push(reply);
    const complete = first.replies.length === first.wait.expects.length;
    if (complete) this.#line.shift();
    this.#tick();
    if (complete) first.wait.done(first.replies);
    return !this.#over;
  }

  /** What the first in line waits for. */
  #phase(): Phase {
    const first = this.#line[0];
    return first?.wait.expects[first.replies.length] ?? "idle";
  }

  /** The deadline of the next reply. */
  #tick(): void {
    clearTimeout(this.#timer);
    const first = this.#line[0];
    if (first === undefined || !first.ticking) return;
    const phase = this.#phase();
    const timeout = first.wait.timeout(phase);
    this.#timer = setTimeout(() => {
      this.fail(
        new NetworkError(
          "MAIL_NETWORK_TIMEOUT",
          phase,
          `${this.peer} did not answer within ${timeout / 1000} s (${phase}).`,
        ),
      );
    }, timeout);
  }

  #finish(cause: unknown): void {
    this.#over = true;
    this.#failure = cause;
    clearTimeout(this.#timer);
    for (const told of this.#onFailure) told();
  }

  #throwIfOver(): void {
    if (this.#over) throw this.#failure;
  }
}
