/**
 * A session before TLS. It can be upgraded or closed; it has no way to send, to authenticate or to give a command.
 *
 * Anybody on the path may have written what a server says here. Nothing of it outlives the upgrade: RFC 3207 section 4.2
 * has the client forget it, and here it is a local variable of one dialogue.
 */
import { SessionError } from "../errors/session-error.ts";
import { createTlsPolicy, type TlsOptions } from "../policy/tls-policy.ts";
import { ClearChannel } from "../tls/clear-channel.ts";
import { sealByStartTls } from "./begin.ts";
import { readSignal } from "./call-options.ts";
import type { SessionContext } from "./context.ts";
import type { SealedSession } from "./sealed-session.ts";

export class ClearSession {
  /** Moved out when an upgrade begins: from then on the session is spent, even if the upgrade fails. */
  #channel: ClearChannel | undefined;
  readonly #context: SessionContext;

  constructor(channel: ClearChannel, context: SessionContext) {
    if (!(channel instanceof ClearChannel)) throw new TypeError("a ClearSession comes only from connect()");
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
    const policy = createTlsPolicy(tls);
    const signal = readSignal(options);
    const channel = this.#channel;
    if (channel === undefined)
      throw new SessionError("This clear session was already upgraded or closed; connect() makes a new one.");
    this.#channel = undefined;
    return (await sealByStartTls(channel, this.#context, policy, signal)).session;
  }

  /** Closes without QUIT: the server does not need it. */
  async close(): Promise<void> {
    const channel = this.#channel;
    this.#channel = undefined;
    await channel?.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
