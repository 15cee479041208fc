/**
 * Actions out, replies in: a first-in-first-out line of waits, each for the replies to one step.
 *
 * The rules it keeps:
 * - it writes only actions that `A` allows: no method writes octets;
 * - a reply that nobody waits for, or that began before its command was written, ends the channel: this catches injected replies;
 * - each reply has an absolute deadline, which starts when that reply is the next one due;
 * - replies are handed on in the tick they arrive in, so that nothing can come between a reply and what it causes; but only
 *   after all that was read with them is parsed: one reply too many means that they may answer other commands;
 * - the first wait in line gets the error that ended the channel; the others, one that says that the connection was lost.
 */
import type { Duplex } from "node:stream";
import { types } from "node:util";
import { MailError } from "../errors/mail-error.ts";
import type { Phase } from "../errors/network-error.ts";
import { ProtocolError } from "../errors/protocol-error.ts";
import type { Action, Body } from "../protocol/command.ts";
import { type Ending, linesOf, type Step } from "../protocol/dialogue.ts";
import { isUnknownCommand, type Reply } from "../wire/reply.ts";
import { ReplyParser } from "../wire/reply-parser.ts";
import { Alarm } from "./alarm.ts";
import { type BodySink, frameWhole, tellProgress, unreadable, type Whole, writeBody } from "./body-writer.ts";
import * as loss from "./loss.ts";
import { closeStream } from "./close-stream.ts";
import type { ChannelNature, Wait } from "./nature.ts";
import { Slab } from "./slab.ts";
import { deadlineOf, isLeftOver, newWaiting, NOT_WRITTEN, phaseDueTo, type Waiting, writtenOf } from "./waiting.ts";

export class Channel<in A extends Action> {
  readonly #stream: Duplex;
  readonly #nature: ChannelNature;
  readonly #parser: ReplyParser;
  readonly #line: Waiting[] = [];
  /** Waits with all their replies, held back until all that was read with the last of them is parsed. */
  readonly #answered: Waiting[] = [];
  readonly #onFailure = new Set<() => void>();
  readonly #alarm = new Alarm(() => this.#late());
  readonly #slab: Slab;
  /** The wait whose step is being put together; it is not in the line yet. */
  #beginning: Waiting | undefined;
  #gathering = false;
  #failure: unknown;
  #retired = false;
  #over = false;
  #lastWord: Ending["lastWord"];

  constructor(stream: Duplex, nature: ChannelNature) {
    this.#stream = stream;
    this.#nature = nature;
    this.#parser = new ReplyParser(nature.concealment, nature.peer);
    this.#slab = new Slab((octets, number, taken) => {
      // Its waits are settled already, as not written.
      if (this.#over) return;
      this.#stamp(number);
      stream.write(octets, taken);
    });
    this.#listen("on");
  }

  get peer(): string {
    return this.#nature.peer;
  }

  /** Whether another conversation may begin on it. */
  get isOpen(): boolean {
    return !this.#over && !this.#retired;
  }

  get failure(): unknown {
    return this.#failure;
  }

  /** All that is written until the end of this tick, and by its continuations, becomes one write. */
  gather(): void {
    if (this.#gathering) return;
    this.#gathering = true;
    // After the continuations of this tick: they may have more to write.
    queueMicrotask(() => process.nextTick(this.#flush));
  }

  /** Waits for the one reply that answers no command (RFC 5321 section 3.1). */
  awaitGreeting(wait: Wait): void {
    const waiting = newWaiting(wait, ["GREETING"], false);
    if (this.#over) return this.#refuse(waiting);
    this.#join(waiting);
    this.#stamp();
  }

  /**
   * Joins the line and writes the step; a body that is not in memory follows at the pace of the connection. Throws
   * `InputError` for a command that may not be said, before anything is written.
   *
   * Not a method: TypeScript compares the parameters of methods both ways, so a clear channel would pass for a sealed one.
   */
  readonly exchange = (step: Step<A>, wait: Wait): void => {
    const actions: Step = step;
    const text = linesOf(actions);
    const last = actions.at(-1);
    const verbs = actions.map(({ verb }) => verb);
    const waiting = newWaiting(wait, verbs, last?.verb === "BODY" && last.framing === "bdat");
    // An observer may abort in this call: `abandon` has to find the wait.
    this.#beginning = waiting;
    this.#nature.witness.said(actions, wait.sighting);
    this.#beginning = undefined;
    if (waiting.abandoned) return; // defence: abort-by-an-observer-is-seen
    if (this.#over) return this.#refuse(waiting); // defence: end-by-an-observer-is-seen
    if (last?.verb !== "BODY") return this.#sayText(waiting, text);
    const whole = frameWhole(last);
    if (whole === undefined) this.#sayInPieces(waiting, text, last);
    else this.#sayWhole(waiting, text, last, whole);
  };

  throwIfOver(): void {
    if (this.#over) throw this.#failure;
  }

  /** Ends the channel at once, and every wait with it. */
  fail(cause: unknown): void {
    this.#end(cause, "us");
  }

  /** Lets no other conversation begin; the channel ends when those under way have been answered. */
  retire(cause: unknown): void {
    if (this.#over) return;
    if (!this.#retired) this.#failure = cause;
    this.#retired = true;
    if (this.#answered.length === 0 && this.#line.every(({ abandoned }) => abandoned)) this.fail(cause); // defence: one-abort-ends-one-message
  }

  /** Gives up one wait. The channel goes on until the others are answered. */
  abandon(wait: Wait, cause: unknown): void {
    const waiting =
      this.#beginning?.wait === wait ? this.#beginning : this.#line.find((one) => one.wait === wait && !one.abandoned);
    if (waiting !== undefined) waiting.abandoned = true;
    this.retire(cause);
    if (waiting === undefined) return;
    waiting.writing?.abort(cause);
    // Its commands may still be gathered with those of others: then they go out, unless the channel has just ended.
    const goesOut = waiting !== this.#beginning && !this.#over; // defence: given-up-while-gathered-goes-out
    wait.lost(cause, waiting.replies, { written: writtenOf(waiting, goesOut), by: "us", lastWord: undefined });
  }

  /** Ends the channel in order: what is written goes out, then the connection closes. */
  async close(): Promise<void> {
    if (this.#over) return;
    this.#slab.flush();
    const cause = loss.closedByUs(this.peer);
    this.#finish(cause);
    this.#nature.witness.closed();
    this.#settleAll(cause, "us");
    await closeStream(this.#stream);
  }

  /** Hands the stream over to TLS, with the octets that nobody has used: there must be none. Call it in the tick of the last reply. */
  protected release(): { readonly stream: Duplex; readonly early: Uint8Array } {
    this.throwIfOver();
    this.#finish(loss.upgraded(this.peer));
    this.#listen("off");
    this.#stream.on("error", () => {}).pause();
    const buffered: unknown = this.#stream.readableLength > 0 ? this.#stream.read() : null;
    const early = Buffer.concat([this.#parser.unused, types.isUint8Array(buffered) ? buffered : Buffer.alloc(0)]);
    return { stream: this.#stream, early };
  }

  #listen(how: "on" | "off"): void {
    this.#stream[how]("data", this.#onData)[how]("end", this.#onEnd);
    this.#stream[how]("close", this.#onClose)[how]("error", this.#onError);
  }

  /** The channel is over: nothing of the step was written. */
  #refuse(waiting: Waiting): void {
    waiting.wait.lost(loss.overAlready(this.peer, this.#failure, phaseDueTo(waiting)), [], NOT_WRITTEN);
  }

  #sayText(waiting: Waiting, text: string): void {
    if (this.#gathering) waiting.slab = this.#slab.add(text);
    this.#join(waiting);
    if (!this.#gathering) this.#writeAlone(text);
  }

  /** For a message that goes out in one piece. A failure before its first octet ends this message only. */
  #sayWhole(waiting: Waiting, text: string, body: Body, whole: Whole): void {
    const { wait } = waiting;
    const size = body.content?.size;
    this.#beginning = waiting;
    try {
      if (size !== undefined) tellProgress(wait.progress, size, size);
      if (!waiting.abandoned) this.#nature.witness.carried(body, size ?? 0, wait.sighting);
      if (waiting.abandoned) return;
      if (this.#over) return this.#refuse(waiting);
      waiting.slab = this.#slab.add(text + whole.line, whole.filling);
    } catch (error) {
      // The caller's function aborted, and then threw: the wait is settled already.
      if (waiting.abandoned) return; // defence: abort-and-throw-is-one-end
      // The caller's function threw, or the caller's memory has changed: nothing of the message was written.
      const cause = error instanceof MailError ? error : unreadable(error);
      this.retire(cause);
      return wait.lost(cause, [], NOT_WRITTEN);
    } finally {
      this.#beginning = undefined;
    }
    this.#join(waiting);
    if (!this.#gathering) this.#slab.flush();
    wait.written();
  }

  #sayInPieces(waiting: Waiting, text: string, body: Body): void {
    const { wait } = waiting;
    const writing = new AbortController();
    waiting.writing = writing;
    this.#join(waiting);
    this.#writeAlone(text);
    const sink: BodySink = {
      peer: this.peer,
      write: (octets) => this.#write(octets, writing.signal),
      writeLast: (octets, total) => this.#writeLast(waiting, body, octets, total),
      fail: (cause) => this.fail(cause),
    };
    const options = { window: wait.timeout("body"), signal: writing.signal, hooks: wait };
    writeBody(body, sink, options).catch((error: unknown) => this.abandon(wait, error));
  }

  /** Resolves when the connection has taken the octets: then their memory may be reused. Rejects if the channel has failed. */
  async #write(octets: Uint8Array, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted(); // defence: aborted-body-is-not-written
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

  async #writeLast(waiting: Waiting, body: Body, octets: Uint8Array, total: number): Promise<void> {
    const { writing } = waiting;
    if (writing === undefined) throw new TypeError("the last octets of a body are written once");
    this.#nature.witness.carried(body, total, waiting.wait.sighting);
    writing.signal.throwIfAborted(); // defence: aborted-body-has-no-end
    this.throwIfOver();
    // Before the write: a reply that comes before it returns answers the whole message.
    waiting.writing = undefined;
    const written = this.#write(octets, writing.signal);
    if (this.#line[0] === waiting) this.#startDeadline();
    waiting.wait.written();
    await written;
  }

  #join(waiting: Waiting): void {
    this.#line.push(waiting);
    if (this.#line.length === 1) this.#startDeadline();
  }

  /** Not through the slab: its buffers are reused, and a stream that a `connect` hook supplied may still hold what it was given in the clear. */
  #writeAlone(text: string): void {
    this.#slab.flush();
    // A wait that has written nothing so far, such as a long body's, can be answered from now on.
    this.#stamp();
    if (text !== "" && !this.#over) this.#stream.write(text);
  }

  readonly #flush = (): void => {
    this.#gathering = false;
    if (!this.#over) this.#slab.settle();
  };

  /** Call it before anything is written: some streams bring the reply before the write returns. `slab`: the one that is written. */
  #stamp(slab = Infinity): void {
    const { received } = this.#parser;
    for (let at = this.#line.length - 1; this.#line[at]?.since === Infinity; at -= 1) {
      const waiting = this.#line[at];
      if (waiting !== undefined && waiting.slab <= slab) waiting.since = received; // defence: replies-come-after-their-commands
    }
  }

  readonly #onData = (chunk: unknown): void => {
    if (this.#over) return;
    if (!types.isUint8Array(chunk)) return this.#end(loss.noOctets(this.peer, this.#phase()), "error");
    try {
      const before = this.#lastWord;
      this.#parser.push(chunk, this.#take);
      this.#settleAnswered();
      // Octets that do not end a reply move no deadline.
      if (this.#lastWord !== before && !this.#over) this.#startDeadline();
    } catch (error) {
      const asked = this.#line.length > 0 || !(error instanceof ProtocolError);
      this.#end(asked ? error : (this.#nature.unsolicited(error.evidence, undefined) ?? error), "error");
    }
  };

  readonly #onEnd = (): void => this.#end(loss.closedBy(this.peer, this.#phase()), "end");

  /** No `end` came before it, so nobody closed in order. */
  readonly #onClose = (): void => this.#end(loss.closedBy(this.peer, this.#phase()), "error");

  readonly #onError = (error: unknown): void => this.#end(this.#nature.broken(error, this.#phase()), "error");

  readonly #take = (reply: Reply, from: number): boolean => {
    const first = this.#line[0];
    const isAnswer = first !== undefined && from >= first.since;
    this.#nature.witness.heard(reply, isAnswer ? first.wait.sighting : undefined);
    if (!isAnswer) {
      this.#takeUnasked(reply, first === undefined || first.since === Infinity); // defence: nothing-comes-unasked
      return false;
    }
    const verb = first.verbs[first.replies.length] ?? "GREETING";
    if (this.#answered.length > 0 && isLeftOver(verb, reply)) {
      this.#takeUnasked(reply, false);
      return false;
    }
    this.#lastWord = { code: reply.code, verb }; // defence: last-word-is-the-last
    first.replies.push(reply);
    if (first.replies.length === first.verbs.length) {
      this.#line.shift();
      this.#answered.push(first);
    }
    if (verb === "GREETING" && reply.code !== 220) this.#settleAnswered(); // Some servers refuse, and then greet in the same read. // defence: answers-are-told-after-the-read
    if (verb === "BODY" && first.isChunk && isUnknownCommand(reply)) this.#endAtChunk();
    return !this.#over;
  };

  /** A server that does not know BDAT reads the chunk as commands: what it says from now on answers the lines of a message. */
  #endAtChunk(): void {
    this.#settleAnswered();
    this.fail(loss.chunkUnread(this.peer));
  }

  /** `isIdle`: nothing was written that the reply could answer. */
  #takeUnasked(reply: Reply, isIdle: boolean): void {
    const said = `${reply.code} ${reply.lines.join(" ")}`;
    const attack = this.#nature.unsolicited(said, isIdle ? reply : undefined);
    if (attack !== undefined) return this.#end(attack, "error");
    // A server may send its last answer and 421 together, and mean both.
    this.#settleAnswered();
    this.#end(loss.closedWhileIdle(this.peer, said), "error");
  }

  #settleAnswered(): void {
    if (this.#answered.length === 0) return;
    for (let next = this.#answered.shift(); next !== undefined; next = this.#answered.shift()) {
      if (next.writing !== undefined) {
        // The server has given up on the message, and the rest of it would be read as commands.
        this.#line.unshift(next);
        return this.fail(loss.answeredEarly(this.peer, next.replies));
      }
      if (!next.abandoned) next.wait.done(next.replies);
    }
    if (this.#retired) this.retire(this.#failure);
  }

  #phase(): Phase {
    const [first] = this.#line;
    return first === undefined ? "idle" : phaseDueTo(first);
  }

  /** For the next reply. While a body is being written there is none: its writer has one of its own. */
  #startDeadline(): void {
    const [first] = this.#line;
    if (first === undefined || first.writing !== undefined) this.#alarm.disarm(); // defence: replies-have-a-deadline
    else this.#alarm.set(deadlineOf(first));
  }

  #late(): void {
    const [first] = this.#line;
    if (first !== undefined) this.fail(loss.late(this.peer, phaseDueTo(first), deadlineOf(first)));
  }

  #end(cause: unknown, by: Ending["by"]): void {
    if (this.#over) return;
    this.#finish(cause);
    this.#stream.destroy();
    this.#nature.witness.closed(cause);
    this.#settleAll(cause, by);
  }

  #settleAll(cause: unknown, by: Ending["by"]): void {
    const lastWord = this.#parser.unused.length === 0 ? this.#lastWord : undefined; // defence: nothing-after-the-last-word
    // What was read with these replies shows that they may answer other commands: they prove nothing.
    const doubted = this.#answered.splice(0).map((waiting) => ({ ...waiting, replies: [] }));
    for (const [index, waiting] of [...doubted, ...this.#line.splice(0)].entries()) {
      const { wait, replies, writing, abandoned } = waiting;
      if (abandoned) continue;
      writing?.abort(cause);
      const why = index === 0 ? cause : loss.lostWithAnother(this.peer, cause, phaseDueTo(waiting)); // defence: one-failure-many-errors
      wait.lost(why, replies, { written: writtenOf(waiting), by, lastWord });
    }
  }

  #finish(cause: unknown): void {
    this.#over = true;
    // The reason why it was retired came first.
    if (!this.#retired) this.#failure = cause;
    this.#alarm.cancel();
    for (const wake of this.#onFailure) wake();
  }
}
