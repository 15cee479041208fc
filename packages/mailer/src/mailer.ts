/** The front door: a mailer for one submission server. */
import { witnessSend } from "./diagnostics/message.ts";
import type { Sighting } from "./diagnostics/sighting.ts";
import { InputError } from "./errors/input-error.ts";
import type { PreparedMessage } from "./message/envelope.ts";
import type { HandedOver } from "./message/handed-over.ts";
import type { Message } from "./message/input.ts";
import { handedOver, prepareMessage } from "./message/prepare.ts";
import type { Receipt } from "./outcome/receipt.ts";
import type { Seal } from "./outcome/seal.ts";
import type { Server, ServerOptions } from "./policy/server.ts";
import type { Timeouts } from "./policy/timeouts.ts";
import { createTlsPolicy, type TlsOptions } from "./policy/tls-policy.ts";
import { type PoolLimits, type PoolOptions, resolvePool } from "./pool/limits.ts";
import { closedMailer, Pool } from "./pool/pool.ts";
import { sendAll, type SendResult } from "./pool/send-all.ts";
import type { CredentialsSource } from "./sasl/credentials.ts";
import { secretForms } from "./sasl/secret-forms.ts";
import { type AuthenticationOptions, readAuthentication, readCredentialsSource } from "./session/authenticate.ts";
import type { Begun } from "./session/begin.ts";
import { callOptions, NO_OPTIONS, readSendOptions, readSignal, type SendOptions } from "./session/call-options.ts";
import { openSealed } from "./session/connect.ts";
import { isClosedAfterRefusal } from "./session/refused-login.ts";
import {
  readSessionOptions,
  SESSION_NAMES,
  type SessionContext,
  sessionContext,
  type SessionOptions,
} from "./session/context.ts";
import { checkPolicy } from "./tls/handshake.ts";
import type { Concealment } from "./wire/concealment.ts";

export interface MailerOptions extends SessionOptions {
  /** Default: those of the URL; if it has none either, no AUTH (a relay). A function is called for each connection, once its peer is verified. */
  readonly credentials?: CredentialsSource | undefined;
  /** Which mechanisms may be used. Default: the strongest offered. */
  readonly auth?: AuthenticationOptions | undefined;
  readonly tls?: TlsOptions | undefined;
  readonly pool?: PoolOptions | undefined;
}

/** The result of `verify`. */
export interface Verification {
  readonly seal: Seal;
  /** The SASL mechanism that worked; absent if there were no credentials. */
  readonly mechanism?: string | undefined;
  /** The EHLO keywords that the server offered inside TLS. */
  readonly capabilities: readonly string[];
}

export interface Mailer {
  /**
   * Sends one message. Resolves with the receipt if at least one recipient was accepted: look at each recipient's
   * outcome. Otherwise throws a `MailError` that carries the same receipt (`receiptOf(error)`), even after an abort.
   */
  send(message: Message, options?: SendOptions): Promise<Receipt>;
  /**
   * Sends many messages, and yields the result of each as soon as it is known, in no particular order. It reads ahead only as far
   * as the connections can carry and results are taken. After the signal aborts it stops reading, and throws an `AbortedError`
   * after the last result. If the loop is left early, it waits for what was begun, and throws an `UnreadResultsError` with the
   * results that were not taken.
   */
  sendAll(
    messages: Iterable<Message> | AsyncIterable<Message>,
    options?: { readonly signal?: AbortSignal | undefined },
  ): AsyncGenerator<SendResult, void>;
  /** Connects, seals and authenticates, but sends no mail. Throws what `send` would throw. */
  verify(options?: { readonly signal?: AbortSignal | undefined }): Promise<Verification>;
  /**
   * Waits for the messages that were given before the call, then ends the connections. Later messages are refused. Without
   * `close` a script ends too, a few seconds later.
   */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * A mailer for `submission://user@host` (STARTTLS, 587), `submissions://user@host` (TLS from the start, 465), or the
 * same as an object. Nothing connects yet. Throws `InputError` for an invalid server or option.
 */
export function createMailer(server: string | URL | ServerOptions, options: MailerOptions = {}): Mailer {
  const own = readSessionOptions(options, NAMES, explain);
  const auth = readAuthentication(own.auth === undefined ? {} : own.auth);
  const limits = resolvePool(own.pool);
  const context = sessionContext(server, own, limits.window);
  const policy = createTlsPolicy(own.tls);
  checkPolicy(policy);
  const given = own.credentials === undefined ? credentialsOf(context.server) : own.credentials;
  // defence: credentials-wait-for-the-seal
  const credentials = given === undefined ? undefined : readCredentialsSource(given, auth);
  const openOnce = async (signal: AbortSignal | undefined): Promise<Begun> => {
    // Before the server says anything: it may know the password from elsewhere, and repeat it.
    // defence: given-password-is-struck-out-at-once
    if (typeof credentials === "object") context.concealment.add(secretForms(credentials));
    const begun = await openSealed(context, policy, signal);
    if (credentials !== undefined) await begun.session.authenticate(credentials, { ...auth, signal });
    return begun;
  };
  const open = async (signal: AbortSignal | undefined): Promise<Begun> => {
    try {
      return await openOnce(signal);
    } catch (error) {
      // The function that gives tokens has another one by now.
      // defence: another-token-another-connection
      if (!isClosedAfterRefusal(error)) throw error;
      return openOnce(signal);
    }
  };
  return new PooledMailer(open, limits, context);
}

/** What comes with a message. */
interface Call {
  readonly handed: HandedOver;
  readonly options: SendOptions;
  readonly sighting: Sighting | undefined;
}

class PooledMailer implements Mailer {
  readonly #open: (signal: AbortSignal | undefined) => Promise<Begun>;
  readonly #pool: Pool;
  readonly #server: Server;
  readonly #timeouts: Timeouts;
  readonly #peer: string;
  readonly #concealment: Concealment;
  readonly #mostAhead: number;
  /** Messages that were given but are not in the pool yet. */
  readonly #preparing = new Set<Promise<PreparedMessage>>();
  #closed: Promise<void> | undefined;

  constructor(
    open: (signal: AbortSignal | undefined) => Promise<Begun>,
    limits: PoolLimits,
    { peer, server, timeouts, concealment }: SessionContext,
  ) {
    this.#peer = peer;
    this.#concealment = concealment;
    this.#open = open;
    this.#pool = new Pool(open, limits, peer);
    this.#server = server;
    this.#timeouts = timeouts;
    // Twice as many as can be in flight: while one half is being answered, the other is composed.
    this.#mostAhead = 2 * limits.connections * limits.window;
  }

  send(message: Message, options: SendOptions = NO_OPTIONS): Promise<Receipt> {
    const handed = handedOver(message);
    return handed.until(() =>
      witnessSend(this.#server, (sighting) => this.#send(message, { handed, options, sighting })),
    );
  }

  /** Never throws. */
  #send(message: Message, { handed, options, sighting }: Call): Promise<Receipt> {
    try {
      const own = callOptions(readSendOptions(options), sighting, this.#timeouts);
      // Judged before any connection: hostile input never reaches a server.
      const prepared = prepareMessage(message, handed);
      const isLate = this.#closed !== undefined;
      const send = (whole: PreparedMessage): Promise<Receipt> =>
        // defence: after-close-is-refused
        isLate ? this.#pool.refuse(whole) : this.#pool.send(whole, own);
      return prepared instanceof Promise ? this.#prepared(prepared).then(send) : send(prepared);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async #prepared(preparing: Promise<PreparedMessage>): Promise<PreparedMessage> {
    this.#preparing.add(preparing);
    try {
      return await preparing;
    } finally {
      this.#preparing.delete(preparing);
    }
  }

  sendAll(
    messages: Iterable<Message> | AsyncIterable<Message>,
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): AsyncGenerator<SendResult, void> {
    const signal = readSignal(options);
    return sendAll(messages, (message) => this.send(message, { signal }), this.#mostAhead, signal);
  }

  async verify(options: { readonly signal?: AbortSignal | undefined } = {}): Promise<Verification> {
    const signal = readSignal(options);
    if (this.#closed !== undefined) throw closedMailer(this.#peer);
    const { session } = await this.#open(signal);
    const { seal, mechanism, capabilities } = session;
    await session.close();
    // defence: keywords-without-later-secrets
    const offered = capabilities.keywordsWithout(this.#concealment);
    return { seal, capabilities: offered, ...(mechanism === undefined ? {} : { mechanism }) };
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    // These were given before close(): their callers expect them to be sent.
    // defence: close-waits-for-what-was-given
    await Promise.allSettled(this.#preparing);
    await this.#pool.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function credentialsOf(server: Server): CredentialsSource | undefined {
  const { username, password } = server;
  if (username === undefined && password === undefined) return undefined;
  if (username !== undefined && password !== undefined) return { username, password };
  throw new InputError(
    "MAIL_INPUT_OPTION",
    "credentials",
    "the URL names a user but no password; give credentials, best as a function that fetches the secret",
  );
}

/** An option that is missing here does not compile. */
const OWN: Readonly<Record<Exclude<keyof MailerOptions, keyof SessionOptions>, true>> = {
  credentials: true,
  auth: true,
  tls: true,
  pool: true,
};
const NAMES: ReadonlySet<string> = new Set([...SESSION_NAMES, ...Object.keys(OWN)]);

/** What other libraries call these options, or have at this place. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ...["secure", "requireTLS", "ignoreTLS", "opportunisticTLS"].map(
    (name) => [name, "TLS is always required here"] as const,
  ),
  ...["user", "pass", "username", "password"].map(
    (name) => [name, "who logs in is credentials: { username, password }"] as const,
  ),
  ...["ca", "minVersion", "pins"].map(
    (name) => [name, "what is about TLS goes into tls, such as tls: { ca: { add: pem } }"] as const,
  ),
  ...["connectionTimeout", "greetingTimeout", "socketTimeout", "dnsTimeout", "timeout"].map(
    (name) => [name, "deadlines go into timeouts, such as timeouts: { connect, greeting }"] as const,
  ),
  ...["maxConnections", "maxMessages", "rateLimit", "rateDelta", "idleTimeout"].map(
    (name) => [name, "it goes into pool, such as pool: { connections, messagesPerSecond }"] as const,
  ),
  ...["host", "port", "transport"].map((name) => [name, "the server is the first argument"] as const),
  ["service", "the server is the first argument, such as submissions://smtp.gmail.com"],
  ["dkim", "messages are not signed here. Nodemailer takes dkim in the second argument of createTransport"],
  ["authMethod", "it is auth: { mechanism } here"],
  ["name", "it is clientName here"],
  ["proxy", "a proxy is reached by connect, a function of yours"],
  ["getSocket", "it is connect here"],
  ["logger", "observe() shows what the mailer does"],
  ["debug", "observe() shows what the mailer does"],
]);

function explain(name: string): string | undefined {
  const ours = OTHER_NAMES.get(name);
  return ours === undefined ? undefined : `there is no such option: ${ours}`;
}
