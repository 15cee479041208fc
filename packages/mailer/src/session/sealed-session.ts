/**
 * After TLS: the policy is met and the peer has proved who it is. The only place where a secret or a message can be
 * said. Everything it knows of the server was said inside the tunnel.
 */
import { witnessSend } from "../diagnostics/message.ts";
import { Witness } from "../diagnostics/witness.ts";
import { InputError } from "../errors/input-error.ts";
import { NetworkError } from "../errors/network-error.ts";
import { ProtocolError } from "../errors/protocol-error.ts";
import { SessionError } from "../errors/session-error.ts";
import type { PreparedMessage } from "../message/envelope.ts";
import { HandedOver } from "../message/handed-over.ts";
import type { Message } from "../message/input.ts";
import { prepareMessage } from "../message/prepare.ts";
import { connectTo } from "../net/connect.ts";
import type { Receipt, ReplyFacts } from "../outcome/receipt.ts";
import type { Seal } from "../outcome/seal.ts";
import { readOptions } from "../policy/own-options.ts";
import type { TlsPolicy } from "../policy/tls-policy.ts";
import type { Capabilities } from "../protocol/capabilities.ts";
import type { Command } from "../protocol/command.ts";
import { ask } from "../protocol/dialogue.ts";
import { ehlo } from "../protocol/ehlo.ts";
import { quit } from "../protocol/quit.ts";
import type { CredentialsSource } from "../sasl/credentials.ts";
import { preparePolicy } from "../tls/handshake.ts";
import { seal, type SealedChannel } from "../tls/sealed-channel.ts";
import { factsOf } from "../wire/reply.ts";
import { authenticateOver, type AuthenticationOptions, readLoginOptions } from "./authenticate.ts";
import { awaitGreeting } from "./await-greeting.ts";
import { checkSignal, readSendOptions, type SendOptions } from "./call-options.ts";
import { type Carried, Carrier } from "./carrier.ts";
import { conclude, receiptFor, unsentReceipt, withReceipt } from "./conclusion.ts";
import type { SessionContext } from "./context.ts";
import { drive } from "./drive.ts";
import { Turnstile } from "./turnstile.ts";

export type { SendOptions } from "./call-options.ts";

const COMMAND_NAMES: ReadonlySet<string> = new Set(["argument", "signal"]);

const token: unique symbol = Symbol("SealedSession");
let openSealed: (sealed: SealedChannel, capabilities: Capabilities, context: SessionContext) => SealedSession;
/** Inside the package a message is judged before there is a connection, and its turn is the pool's to give. */
export let carrierOf: (session: SealedSession) => Carrier;

export class SealedSession {
  readonly #sealed: SealedChannel;
  readonly #context: SessionContext;
  readonly #turnstile: Turnstile;
  readonly #carrier: Carrier;
  /** The keywords of the EHLO reply inside TLS. */
  readonly capabilities: Capabilities;
  #mechanism: string | undefined;
  #closed = false;

  constructor(given: typeof token, sealed: SealedChannel, capabilities: Capabilities, context: SessionContext) {
    if (given !== token) throw new TypeError("a SealedSession comes only from a TLS handshake");
    this.#sealed = sealed;
    this.#context = context;
    this.capabilities = capabilities;
    this.#turnstile = new Turnstile(context.pipelining.window);
    this.#carrier = new Carrier(sealed.channel, capabilities, context, this.#turnstile);
  }

  /** What TLS proved. */
  get seal(): Seal {
    return this.#mechanism?.endsWith("-PLUS") === true
      ? { ...this.#sealed.seal, channelBinding: "tls-exporter" }
      : this.#sealed.seal;
  }

  /** The SASL mechanism that authenticated the session, where one did. */
  get mechanism(): string | undefined {
    return this.#mechanism;
  }

  /** Whether it can carry another message. */
  get isOpen(): boolean {
    return this.#sealed.channel.isOpen;
  }

  /**
   * Logs in by the strongest mechanism that the server offers and the options allow. One attempt a session: after a
   * failure there is no fallback, and the session is closed. Throws `AuthenticationError`.
   */
  async authenticate(
    credentials: CredentialsSource,
    options: AuthenticationOptions & { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<void> {
    const own = readLoginOptions(options);
    const { signal } = own;
    const { peer, timeouts } = this.#context;
    const leave = await this.#enter(signal);
    try {
      if (this.#mechanism !== undefined) throw new SessionError("This session is authenticated already.");
      const { channelBinding } = this.#sealed;
      const login = { credentials, options: own, offered: this.capabilities, channelBinding, peer };
      const { channel } = this.#sealed;
      channel.witness.authenticating();
      this.#mechanism = await authenticateOver(channel, login, { timeouts, signal });
      channel.witness.authenticated(this.#mechanism);
    } catch (error) {
      if (!(error instanceof SessionError)) this.#sealed.channel.fail(error);
      throw error;
    } finally {
      leave();
    }
  }

  /**
   * Sends one message. Resolves with the receipt if at least one recipient was accepted; otherwise throws an error that
   * carries the same receipt. Concurrent calls are carried in the order they came, several at a time where the server can.
   */
  async send(message: Message, options: SendOptions = {}): Promise<Receipt> {
    const handed = new HandedOver(message);
    const send = async (): Promise<Receipt> => {
      const own = readSendOptions(options);
      return this.#send(await prepareMessage(message, handed), own);
    };
    return handed.until(witnessSend(this.#context.server, send));
  }

  /** A command without effect on mail: its reply as it came, refusals too. */
  async command(
    verb: "NOOP" | "RSET" | "VRFY" | "EXPN" | "HELP",
    options: { readonly argument?: string | undefined; readonly signal?: AbortSignal | undefined } = {},
  ): Promise<ReplyFacts> {
    const { argument, signal } = readOptions(options, COMMAND_NAMES, { field: "", code: "MAIL_INPUT_OPTION" });
    checkSignal(signal);
    const command = commandOf(verb, argument);
    const leave = await this.#enter(signal);
    try {
      const { timeouts } = this.#context;
      return factsOf(await drive(ask(command), this.#sealed.channel, { timeouts, signal }));
    } finally {
      leave();
    }
  }

  /** QUIT, and the end of the connection. What is under way is finished first. */
  async close(): Promise<void> {
    const leave = await this.#turnstile.enter();
    this.#closed = true;
    const { channel } = this.#sealed;
    try {
      if (channel.isOpen) await drive(quit(), channel, { timeouts: this.#context.timeouts });
    } catch {
      // A server that closes instead of answering QUIT has done what it was asked.
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
    const { failure } = this.#sealed.channel;
    // An error of its own for each caller: each carries the receipt of its own message.
    throw failure instanceof NetworkError && !this.#closed
      ? new NetworkError("MAIL_NETWORK_LOST", "idle", `The session with ${peer} had ended. ${failure.message}`, failure)
      : new SessionError(`The session with ${peer} is over; connect again.`, failure);
  }

  async #send(message: PreparedMessage, options: SendOptions): Promise<Receipt> {
    try {
      const { signal } = options;
      const pass = await this.#turnstile.pass(this.#carrier.loadOf(message), signal);
      try {
        this.#throwIfOver();
      } catch (error) {
        pass.done(false);
        throw error;
      }
      const { recipients, failure } = await new Promise<Carried>((resolve) => {
        this.#carrier.carry(message, options, pass, resolve);
      });
      return conclude(receiptFor(message, recipients, this.seal), failure, this.#context.peer);
    } catch (error) {
      throw withReceipt(error, unsentReceipt(message));
    }
  }

  static {
    openSealed = (sealed, capabilities, context) => new SealedSession(token, sealed, capabilities, context);
    carrierOf = (session) => session.#carrier;
  }
}

/** EHLO inside TLS: the only capabilities that count. */
export async function beginSealed(
  sealed: SealedChannel,
  context: SessionContext,
  signal: AbortSignal | undefined,
): Promise<SealedSession> {
  const { channel } = sealed;
  const { peer, clientName, timeouts } = context;
  try {
    const capabilities = await drive(ehlo(clientName, peer), channel, { timeouts, signal });
    if (capabilities.has("STARTTLS")) {
      throw new ProtocolError(
        "MAIL_PROTOCOL_STARTTLS_INSIDE_TLS",
        `${peer} offers STARTTLS inside TLS, which RFC 3207 section 4.2 forbids. Something between you and the server may be relaying the conversation.`,
        "",
        "give-up",
      );
    }
    return openSealed(sealed, capabilities, context);
  } catch (error) {
    channel.fail(error);
    throw error;
  }
}

/** Connects by implicit TLS, hears the greeting and says EHLO. */
export async function connectImplicit(
  context: SessionContext,
  policy: TlsPolicy,
  signal: AbortSignal | undefined,
): Promise<SealedSession> {
  const { server, timeouts } = context;
  const witness = new Witness(server);
  const connecting = connectTo(server, { timeout: timeouts.connect, signal, connect: context.connect, witness });
  preparePolicy(policy);
  const sealed = await seal(await connecting, server, policy, { timeout: timeouts.handshake, signal }, witness);
  await awaitGreeting(sealed.channel, context, signal);
  return beginSealed(sealed, context, signal);
}

function commandOf(verb: "NOOP" | "RSET" | "VRFY" | "EXPN" | "HELP", argument: string | undefined): Command {
  switch (verb) {
    case "VRFY":
    case "EXPN":
      if (argument === undefined)
        throw new InputError("MAIL_INPUT_OPTION", "argument", `${verb} asks about something: give it`);
      return { verb, argument };
    case "HELP":
      return argument === undefined ? { verb } : { verb, argument };
    default:
      return { verb };
  }
}
