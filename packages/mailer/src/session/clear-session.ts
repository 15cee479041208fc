/**
 * Before TLS. A clear session can be upgraded or left; it has no way to send, to authenticate or to say a command.
 *
 * What a server says here may have been said by anybody on the path. Nothing of it outlives the upgrade: RFC 3207
 * section 4.2 has the client forget it, and here it is a local variable of one dialogue.
 */
import { Witness } from "../diagnostics/witness.ts";
import { InputError } from "../errors/input-error.ts";
import { SessionError } from "../errors/session-error.ts";
import { Channel } from "../net/channel.ts";
import { connectTo } from "../net/connect.ts";
import type { ServerOptions } from "../policy/server.ts";
import { createTlsPolicy, type TlsOptions, type TlsPolicy } from "../policy/tls-policy.ts";
import { startTls } from "../protocol/starttls.ts";
import { clearNature, upgrade } from "../tls/sealed-channel.ts";
import { awaitGreeting } from "./await-greeting.ts";
import { readSignal } from "./call-options.ts";
import {
  readSessionOptions,
  SESSION_NAMES,
  type SessionContext,
  sessionContext,
  type SessionOptions,
} from "./context.ts";
import { drive } from "./drive.ts";
import { beginSealed, type SealedSession } from "./sealed-session.ts";

const token: unique symbol = Symbol("ClearSession");
let openClear: (channel: Channel, context: SessionContext) => ClearSession;
/** Inside the package a policy is made once for a whole mailer, not once a session. */
export let upgradeSession: (
  session: ClearSession,
  policy: TlsPolicy,
  signal: AbortSignal | undefined,
) => Promise<SealedSession>;

export class ClearSession {
  /** Moved out when an upgrade begins: a session is spent then, whatever comes of it. */
  #channel: Channel | undefined;
  readonly #context: SessionContext;

  constructor(given: typeof token, channel: Channel, context: SessionContext) {
    if (given !== token) throw new TypeError("a ClearSession comes only from connect()");
    this.#channel = channel;
    this.#context = context;
  }

  /**
   * EHLO, STARTTLS, the handshake, and EHLO again inside (RFC 3207). There is nothing else to call before or after.
   * Throws `TlsError`, `ProtocolError` or `NetworkError`; the connection is closed then.
   */
  async startTls(
    tls: TlsOptions = {},
    options: { readonly signal?: AbortSignal | undefined } = {},
  ): Promise<SealedSession> {
    return this.#upgrade(createTlsPolicy(tls), readSignal(options));
  }

  /** Leaves without another word: QUIT in the clear would tell an eavesdropper nothing, and the server nothing it needs. */
  async close(): Promise<void> {
    const channel = this.#channel;
    this.#channel = undefined;
    await channel?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #upgrade(policy: TlsPolicy, signal: AbortSignal | undefined): Promise<SealedSession> {
    const channel = this.#channel;
    if (channel === undefined)
      throw new SessionError("This clear session was already upgraded or closed; connect() makes a new one.");
    this.#channel = undefined;
    const { peer, server, timeouts } = this.#context;
    try {
      await drive(startTls(peer), channel, { timeouts, signal });
      // Still in the tick of the 220: between it and this line nothing can have been read.
      const sealed = await upgrade(channel, server, policy, { timeout: timeouts.handshake, signal });
      return await beginSealed(sealed, this.#context, signal);
    } catch (error) {
      channel.fail(error);
      throw error;
    }
  }

  static {
    openClear = (channel, context) => new ClearSession(token, channel, context);
    upgradeSession = (session, policy, signal) => session.#upgrade(policy, signal);
  }
}

const NAMES: ReadonlySet<string> = new Set([...SESSION_NAMES, "signal"]);

/** Connects to a submission server that begins in the clear, and hears its greeting. For implicit TLS use `connectSealed`. */
export async function connect(
  server: string | URL | ServerOptions,
  options: SessionOptions & { readonly signal?: AbortSignal | undefined } = {},
): Promise<ClearSession> {
  const own = readSessionOptions(options, NAMES);
  return connectClear(sessionContext(server, own), own.signal);
}

export async function connectClear(context: SessionContext, signal: AbortSignal | undefined): Promise<ClearSession> {
  const { peer, server, timeouts } = context;
  if (server.transport !== "starttls") {
    throw new InputError(
      "MAIL_INPUT_URL",
      "server",
      "it speaks TLS from the start, so there is no clear session; use connectSealed",
    );
  }
  const witness = new Witness(server);
  const stream = await connectTo(server, { timeout: timeouts.connect, signal, connect: context.connect, witness });
  const channel = new Channel(stream, clearNature(peer, witness));
  await awaitGreeting(channel, context, signal);
  return openClear(channel, context);
}
