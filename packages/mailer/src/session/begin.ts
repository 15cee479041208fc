/** From a channel to a sealed session: STARTTLS if TLS is not up yet, then EHLO inside TLS. Only the keywords of that EHLO count. */
import { ProtocolError } from "../errors/protocol-error.ts";
import type { TlsPolicy } from "../policy/tls-policy.ts";
import { ehlo } from "../protocol/ehlo.ts";
import { startTls } from "../protocol/starttls.ts";
import type { ClearChannel } from "../tls/clear-channel.ts";
import type { SealedChannel } from "../tls/sealed-channel.ts";
import { Carrier } from "./carrier.ts";
import type { SessionContext } from "./context.ts";
import { drive, driveClear } from "./drive.ts";
import { SealedSession } from "./sealed-session.ts";
import { Turnstile } from "./turnstile.ts";

/** A session, and the carrier of its messages, which the pool uses directly: it schedules messages itself. */
export interface Begun {
  readonly session: SealedSession;
  readonly carrier: Carrier;
}

/** Closes the channel if anything fails. */
export async function sealByStartTls(
  channel: ClearChannel,
  context: SessionContext,
  policy: TlsPolicy,
  signal: AbortSignal | undefined,
): Promise<Begun> {
  const { peer, timeouts, concealment } = context;
  try {
    await driveClear(startTls(peer), channel, { timeouts, signal });
    // Still in the tick of the 220: nothing can have been read between it and this line.
    const sealed = await channel.upgrade(policy, { timeout: timeouts.handshake, signal, concealment });
    return await beginSealed(sealed, context, signal);
  } catch (error) {
    channel.fail(error);
    throw error;
  }
}

/** Closes the channel if anything fails. */
export async function beginSealed(
  channel: SealedChannel,
  context: SessionContext,
  signal: AbortSignal | undefined,
): Promise<Begun> {
  const { peer, clientName, timeouts } = context;
  try {
    // defence: offers-are-learnt-inside-tls
    const capabilities = await drive(ehlo(clientName, peer), channel, { timeouts, signal });
    channel.throwIfOver();
    // defence: starttls-inside-tls-is-an-error
    if (capabilities.has("STARTTLS")) {
      throw new ProtocolError(
        "MAIL_PROTOCOL_STARTTLS_INSIDE_TLS",
        `${peer} offers STARTTLS inside TLS, which RFC 3207 section 4.2 forbids. Something between you and the server may be relaying the conversation.`,
        "",
        "give-up",
      );
    }
    const turnstile = new Turnstile(context.pipelining.window);
    const carrier = new Carrier(channel, capabilities, context, turnstile);
    return { session: new SealedSession(channel, capabilities, context, turnstile, carrier), carrier };
  } catch (error) {
    channel.fail(error);
    throw error;
  }
}
