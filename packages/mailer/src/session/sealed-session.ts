/**
 * A session after TLS: the policy is met and the peer has proved who it is. Only this session can send a secret or a message.
 * All that it knows of the server was said inside TLS.
 */
import { witnessSend } from "../diagnostics/message.ts";
import type { Sighting } from "../diagnostics/sighting.ts";
import { AbortedError } from "../errors/aborted-error.ts";
import { NetworkError } from "../errors/network-error.ts";
import { SessionError } from "../errors/session-error.ts";
import type { PreparedMessage } from "../message/envelope.ts";
import type { Message } from "../message/input.ts";
import { handedOver, prepareMessage } from "../message/prepare.ts";
import type { Receipt, RecipientOutcome, ReplyFacts } from "../outcome/receipt.ts";
import type { Seal } from "../outcome/seal.ts";
import { readOptions } from "../policy/own-options.ts";
import type { Capabilities } from "../protocol/capabilities.ts";
import { ask } from "../protocol/dialogue.ts";
import { goesWhole } from "../protocol/plan.ts";
import { queryCommand, type QueryVerb } from "../protocol/query.ts";
import { quit } from "../protocol/quit.ts";
import { addressedTo, assertRepeatable, hasTooMany, isOneTooMany } from "../protocol/split.ts";
import type { CredentialsSource } from "../sasl/credentials.ts";
import { SealedChannel } from "../tls/sealed-channel.ts";
import { factsOf } from "../wire/reply.ts";
import {
  authenticateOver,
  type AuthenticationOptions,
  readCredentialsSource,
  readLoginOptions,
} from "./authenticate.ts";
import {
  callOptions,
  type CallOptions,
  checkSignal,
  readSessionSendOptions,
  type SendOptions,
} from "./call-options.ts";
import type { Carried, Carrier } from "./carrier.ts";
import { conclude, mayWantLogin, receiptFor, unsentReceipt } from "./conclusion.ts";
import type { SessionContext } from "./context.ts";
import { drive } from "./drive.ts";
import type { Pass, Turnstile } from "./turnstile.ts";

const COMMAND_NAMES: ReadonlySet<string> = new Set(["argument", "signal"]);

export class SealedSession {
  readonly #channel: SealedChannel;
  readonly #context: SessionContext;
  readonly #turnstile: Turnstile;
  readonly #carrier: Carrier;
  /** The keywords of the EHLO reply inside TLS. */
  readonly capabilities: Capabilities;
  #mechanism: string | undefined;
  #closed = false;

  constructor(
    channel: SealedChannel,
    capabilities: Capabilities,
    context: SessionContext,
    turnstile: Turnstile,
    carrier: Carrier,
  ) {
    if (!(channel instanceof SealedChannel)) throw new TypeError("a SealedSession comes only from a TLS handshake");
    this.#channel = channel;
    this.#context = context;
    this.capabilities = capabilities;
    this.#turnstile = turnstile;
    this.#carrier = carrier;
  }

  /** What TLS proved. */
  get seal(): Seal {
    return this.#mechanism?.endsWith("-PLUS") === true
      ? Object.freeze({ ...this.#channel.seal, channelBinding: "tls-exporter" })
      : this.#channel.seal;
  }

  /** The SASL mechanism that authenticated the session, if one did. */
  get mechanism(): string | undefined {
    return this.#mechanism;
  }

  /** Whether it can carry another message. */
  get isOpen(): boolean {
    return this.#channel.isOpen;
  }

  /**
   * Logs in by the strongest mechanism that the server offers and the options allow. A session has one attempt: after a
   * failure there is no fallback, and the session is closed. Throws `AuthenticationError`.
   */
  async authenticate(
    credentials: CredentialsSource,
    options: AuthenticationOptions & { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<void> {
    const own = readLoginOptions(options);
    const { signal } = own;
    const source = readCredentialsSource(credentials, own);
    const { peer, timeouts, concealment } = this.#context;
    const leave = await this.#enter(signal);
    try {
      if (this.#mechanism !== undefined) throw new SessionError("This session is authenticated already.");
      const { channelBinding } = this.#channel;
      const login = {
        credentials: source,
        options: own,
        offered: this.capabilities,
        channelBinding,
        server: this.#context.server.name.name,
        peer,
        concealment,
      };
      this.#channel.authenticating();
      this.#mechanism = await authenticateOver(this.#channel, login, { timeouts, signal });
      // A server may take the login and close at once.
      // defence: login-and-close-is-no-login
      this.#channel.throwIfOver();
      this.#channel.authenticated(this.#mechanism);
    } catch (error) {
      if (!(error instanceof SessionError)) this.#channel.fail(error);
      throw error;
    } finally {
      leave();
    }
  }

  /**
   * Sends one message. Resolves with the receipt if at least one recipient was accepted; otherwise throws an error that
   * carries the same receipt. Concurrent calls go in the order they came, several at a time if the server can.
   */
  async send(message: Message, options: SendOptions = {}): Promise<Receipt> {
    const handed = handedOver(message);
    const send = async (sighting: Sighting | undefined): Promise<Receipt> => {
      const own = callOptions(readSessionSendOptions(options), sighting, this.#context.timeouts);
      return this.#send(await prepareMessage(message, handed), own);
    };
    return handed.until(() => witnessSend(this.#context.server, send));
  }

  /** Gives a command that has no effect on mail. Resolves with the reply, even if it is a refusal. */
  async command(
    verb: QueryVerb,
    options: { readonly argument?: string | undefined; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<ReplyFacts> {
    const { argument, signal } = readOptions(options, COMMAND_NAMES, { field: "", code: "MAIL_INPUT_OPTION" });
    checkSignal(signal);
    const command = queryCommand(verb, argument, this.capabilities, this.#context.peer);
    const leave = await this.#enter(signal);
    try {
      const { timeouts } = this.#context;
      return factsOf(await drive(ask(command), this.#channel, { timeouts, signal }));
    } finally {
      leave();
    }
  }

  /** Finishes what is under way, then says QUIT and closes the connection. */
  async close(): Promise<void> {
    const leave = await this.#turnstile.enter();
    this.#closed = true;
    const channel = this.#channel;
    try {
      if (channel.isOpen) await drive(quit(), channel, { timeouts: this.#context.timeouts });
    } catch {
      // A server that closes instead of answering QUIT has done what QUIT asks for.
    } finally {
      await channel.close();
      leave();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #enter(signal: AbortSignal | undefined): Promise<() => void> {
    const leave = await this.#turnstile.enter(signal);
    try {
      this.#throwIfOver();
      return leave;
    } catch (error) {
      leave();
      throw error;
    }
  }

  #throwIfOver(): void {
    if (this.isOpen) return;
    const { peer } = this.#context;
    const { failure } = this.#channel;
    // Each caller gets its own error, since it carries the receipt of its own message.
    throw failure instanceof NetworkError && !this.#closed
      ? new NetworkError("MAIL_NETWORK_LOST", "idle", `The session with ${peer} had ended. ${failure.message}`, failure)
      : new SessionError(`The session with ${peer} is over; connect again.`, failure);
  }

  async #send(message: PreparedMessage, options: CallOptions): Promise<Receipt> {
    const { peer } = this.#context;
    const known = new Map<string, RecipientOutcome>();
    for (let left = message; ;) {
      const part = this.#carrier.partOf(left);
      const { recipients, failure } = await this.#carry(left, part, options);
      const isSplit = failure === undefined && hasTooMany(message, recipients);
      for (const one of recipients) if (!isSplit || !isOneTooMany(one)) known.set(one.address, one);
      const paths = left.envelope.forwardPaths.filter((address) => !known.has(address));
      left = addressedTo(message, paths);
      if (paths.length > 0 && failure === undefined) continue;
      const all = unsentReceipt(message).recipients.map((unsent) => known.get(unsent.address) ?? unsent);
      return conclude(receiptFor(message, all, this.seal), failure, { peer, wantsLogin: mayWantLogin(this) });
    }
  }

  /** Never rejects. If the part could not be begun, the result has a failure and no recipients. */
  async #carry(whole: PreparedMessage, part: PreparedMessage, options: CallOptions): Promise<Carried> {
    try {
      assertRepeatable(whole, part, this.#context.peer);
      const { beforeHandover, signal } = options;
      // Any other message is asked for in the middle of its body.
      if (beforeHandover !== undefined && goesWhole(part.content)) {
        this.#throwIfOver();
        await beforeHandover(signal); // defence: session-asks-its-caller
      }
      const pass = await this.#turnFor(part, signal);
      return await new Promise<Carried>((resolve) => {
        this.#carrier.carry(part, options, pass, { written: () => {}, done: resolve });
      });
    } catch (failure) {
      return { recipients: [], failure };
    }
  }

  async #turnFor(part: PreparedMessage, signal: AbortSignal | undefined): Promise<Pass> {
    const pass = await this.#turnstile.pass(this.#carrier.loadOf(part), signal).catch((reason: unknown) => {
      throw new AbortedError(reason);
    });
    try {
      this.#throwIfOver();
      return pass;
    } catch (error) {
      pass.done(false);
      throw error;
    }
  }
}
