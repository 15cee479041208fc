/**
 * Octets out, replies in: a first-in-first-out line of waits, each for the replies to one step.
 *
 * The rules it keeps:
 * - a reply that nobody waits for ends the channel, and so does one that began before its command was written: that is
 *   how replies injected ahead of time show;
 * - each wait has an absolute deadline, which begins when the wait is first in line;
 * - replies are handed on in the tick they arrive in, so that nothing can come between a reply and what it causes;
 * - what ends the channel is the fault of the wait that is first in line; for those behind it the connection is lost.
 */
import type { Duplex } from "node:stream";
import type { Witness } from "../diagnostics/witness.ts";
import { MailError } from "../errors/mail-error.ts";
import { NetworkError, type Phase } from "../errors/network-error.ts";
import { ProtocolError } from "../errors/protocol-error.ts";
import type { Reply } from "../wire/reply.ts";
import { ReplyParser } from "../wire/reply-parser.ts";
import { Alarm } from "./alarm.ts";
import type { ChannelNature, Wait } from "./nature.ts";
import { type Filling, Slab } from "./slab.ts";

/** How long a peer may take to answer our end with its own, in milliseconds. */
const LONGEST_CLOSE = 1_000;

interface Waiting {
  readonly wait: Wait;
  readonly replies: Reply[];
  /** Octets received when its commands were written; before that no reply can be one to them. */
  since: number;
  /** False while its body is being written: the writer has a deadline of its own. */
  ticking: boolean;
  abandoned: boolean;
}

export class Channel {
  readonly #stream: Duplex;
  readonly #nature: ChannelNature;
  readonly #parser: ReplyParser;
  readonly #line: Waiting[] = [];
  readonly #onFailure = new Set<() => void>();
  readonly #alarm = new Alarm(() => this.#late());
  readonly #slab: Slab;
  #gathering = false;
  /** Whether a reply came with the octets that are being read. */
  #answered = false;
  #failure: unknown;
  #retired = false;
  #over = false;
  /** The last that the server said was 421: when it closes now, it has processed nothing that lay behind (RFC 5321 section 3.8). */
  #closing = false;

  constructor(stream: Duplex, nature: ChannelNature) {
    this.#stream = stream;
    this.#nature = nature;
    this.#parser = new ReplyParser(nature.concealment);
    this.#slab = new Slab((octets, taken) => {
      // Those who waited have been told that it was not written.
      if (this.#over) return;
      this.#stamp();
      stream.write(octets, taken);
    });
    stream.on("data", this.#onData).on("end", this.#onEnd).on("close", this.#onEnd).on("error", this.#onError);
  }

  get peer(): string {
    return this.#nature.peer;
  }

  get witness(): Witness {
    return this.#nature.witness;
  }

  /** Whether another conversation may begin on it. */
  get isOpen(): boolean {
    return !this.#over && !this.#retired;
  }

  /** What ended it, where something has. */
  get failure(): unknown {
    return this.#failure;
  }

  /** What is written until the end of this tick, and by what follows from it at once, is one write. */
  gather(): void {
    if (this.#gathering) return;
    this.#gathering = true;
    // Behind the continuations of those who are told something in this tick: they may have more to write.
    queueMicrotask(() => process.nextTick(this.#flush));
  }

  /** Joins the line, and writes what the step begins with. The wait is told in the tick of its last reply. Throws where `body` does, before anything of it. */
  exchange(text: string, wait: Wait, ticking = true, body?: Filling): void {
    if (this.#over) return wait.lost(this.#failure, [], NOT_WRITTEN);
    const isGathered = body !== undefined || (text !== "" && this.#gathering);
    if (isGathered) this.#slab.add(text, body);
    this.#line.push({ wait, replies: [], since: Infinity, ticking, abandoned: false });
    if (this.#line.length === 1) this.#tick();
    if (!isGathered) this.#writeAlone(text);
    else if (!this.#gathering) this.#slab.flush();
  }

  /** Memory that is used again is for what TLS encrypts at once: a stream of the caller's may keep what it is given in the clear. */
  #writeAlone(text: string): void {
    this.#slab.flush();
    // Who has nothing to write yet, as for a greeting or in front of a long body, can be answered from now on.
    this.#stamp();
    if (text !== "" && !this.#over) this.#stream.write(text);
  }

  /** The body of the wait at the end of the line has been handed over: its deadline begins. */
  tick(): void {
    const last = this.#line.at(-1);
    if (last === undefined) return;
    last.ticking = true;
    if (this.#line.length === 1) this.#tick();
  }

  /** Writes octets of a body. Resolves when the connection has taken them, so that their memory may be used again; rejects when the channel has failed. */
  async write(octets: Uint8Array): Promise<void> {
    this.throwIfOver();
    this.#slab.flush();
    await new Promise<void>((resolve) => {
      const go = (): void => {
        this.#onFailure.delete(go);
        resolve();
      };
      this.#onFailure.add(go);
      this.#stream.write(octets, go);
    });
    this.throwIfOver();
  }

  throwIfOver(): void {
    if (this.#over) throw this.#failure;
  }

  /** Ends the channel at once; every wait is told. */
  fail(cause: unknown): void {
    this.#end(cause, false);
  }

  /** No conversation may begin any more; the channel ends when those under way have been answered. */
  retire(cause: unknown): void {
    if (this.#over) return;
    if (!this.#retired) this.#failure = cause;
    this.#retired = true;
    if (this.#line.every(({ abandoned }) => abandoned)) this.fail(cause);
  }

  /** Gives one wait up. For the sake of the others the channel goes on until they are answered. */
  abandon(wait: Wait, cause: unknown): void {
    const waiting = this.#line.find((one) => one.wait === wait);
    if (waiting !== undefined) waiting.abandoned = true;
    this.retire(cause);
    if (waiting === undefined) return;
    // What it said may still be gathered with what others say: it goes out with that, unless all of it has ended here.
    wait.lost(cause, waiting.replies, { closing: false, written: waiting.since !== Infinity || !this.#over });
  }

  /** Ends the channel in order: what is written goes out, then the connection closes. */
  async close(): Promise<void> {
    if (this.#over) return;
    this.#slab.flush();
    const cause = new NetworkError("MAIL_NETWORK_LOST", "idle", `The session with ${this.peer} is closed.`);
    this.#finish(cause);
    this.#nature.witness.closed();
    this.#tell(cause, false);
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
    this.throwIfOver();
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

  readonly #flush = (): void => {
    this.#gathering = false;
    if (!this.#over) this.#slab.settle();
  };

  /** Before anything is written: some streams bring the reply before the call returns. */
  #stamp(): void {
    const { received } = this.#parser;
    for (let at = this.#line.length - 1; this.#line[at]?.since === Infinity; at -= 1) {
      const waiting = this.#line[at];
      if (waiting !== undefined) waiting.since = received;
    }
  }

  readonly #onData = (chunk: Uint8Array): void => {
    if (this.#over) return;
    try {
      this.#answered = false;
      this.#parser.push(chunk, this.#take);
      if (this.#answered && !this.#over) this.#tick();
    } catch (error) {
      const asked = this.#line.length > 0 || !(error instanceof ProtocolError);
      this.fail(asked ? error : (this.#nature.unsolicited(error.evidence, undefined) ?? error));
    }
  };

  readonly #onEnd = (): void => {
    const phase = this.#phase();
    this.#end(
      new NetworkError(
        "MAIL_NETWORK_LOST",
        phase,
        `${this.peer} closed the connection while it was to answer (${phase}).`,
      ),
      this.#closing,
    );
  };

  readonly #onError = (error: unknown): void => {
    this.#end(this.#nature.broken(error, this.#phase()), this.#closing);
  };

  readonly #take = (reply: Reply, from: number): boolean => {
    this.#nature.witness.heard(reply);
    const first = this.#line[0];
    if (first === undefined || from < first.since) {
      const said = `${reply.code} ${reply.lines.join(" ")}`;
      // As long as nothing was written that it could answer, the connection is idle.
      const isIdle = first === undefined || first.since === Infinity;
      this.fail(
        this.#nature.unsolicited(said, isIdle ? reply : undefined) ??
          new NetworkError("MAIL_NETWORK_LOST", "idle", `${this.peer} closed the idle connection. It said: "${said}"`),
      );
      return false;
    }
    this.#closing = reply.code === 421;
    this.#answered = true;
    first.replies.push(reply);
    const complete = first.replies.length === first.wait.expects.length;
    if (complete) this.#line.shift();
    if (complete && !first.abandoned) first.wait.done(first.replies);
    if (this.#retired) this.retire(this.#failure);
    return !this.#over;
  };

  /** What the first in line waits for. */
  #phase(): Phase {
    const first = this.#line[0];
    return first?.wait.expects[first.replies.length] ?? "idle";
  }

  /** The deadline of the next reply. */
  #tick(): void {
    const first = this.#line[0];
    if (first === undefined || !first.ticking) this.#alarm.rest();
    else this.#alarm.set(first.wait.timeout(this.#phase()));
  }

  #late(): void {
    const phase = this.#phase();
    const seconds = (this.#line[0]?.wait.timeout(phase) ?? 0) / 1000;
    this.fail(
      new NetworkError("MAIL_NETWORK_TIMEOUT", phase, `${this.peer} did not answer within ${seconds} s (${phase}).`),
    );
  }

  #end(cause: unknown, closing: boolean): void {
    if (this.#over) return;
    this.#finish(cause);
    this.#stream.destroy();
    this.#nature.witness.closed(cause);
    this.#tell(cause, closing);
  }

  #tell(cause: unknown, closing: boolean): void {
    for (const [index, { wait, replies, since, abandoned }] of this.#line.splice(0).entries()) {
      if (abandoned) continue;
      const phase = wait.expects[replies.length] ?? "idle";
      wait.lost(index === 0 ? cause : this.#lostBehind(cause, phase), replies, {
        closing,
        written: since !== Infinity,
      });
    }
  }

  #lostBehind(cause: unknown, phase: Phase): NetworkError {
    const why = cause instanceof MailError ? ` ${cause.message}` : "";
    return new NetworkError(
      "MAIL_NETWORK_LOST",
      phase,
      `The connection to ${this.peer} ended on the way of another message, before this one was answered (${phase}).${why}`,
      cause,
    );
  }

  #finish(cause: unknown): void {
    this.#over = true;
    this.#failure = cause;
    this.#alarm.cancel();
    for (const told of this.#onFailure) told();
  }
}

const NOT_WRITTEN = { closing: false, written: false };
