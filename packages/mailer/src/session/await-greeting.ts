/** The one reply that answers no command of ours: the server's greeting (RFC 5321 section 3.1). */
import { copyOf } from "../errors/mail-error.ts";
import { NetworkError } from "../errors/network-error.ts";
import type { Channel } from "../net/channel.ts";
import type { Server } from "../policy/server.ts";
import { timeoutOf } from "../policy/timeouts.ts";
import { judgeGreeting } from "../protocol/greeting.ts";
import type { Reply } from "../wire/reply.ts";
import type { SessionContext } from "./context.ts";

/** Closes the channel unless the greeting is 220. */
export async function awaitGreeting(
  channel: Channel<never>,
  context: SessionContext,
  signal: AbortSignal | undefined,
): Promise<void> {
  const onAbort = (): void => channel.fail(signal?.reason);
  signal?.addEventListener("abort", onAbort, { once: true });
  try {
    signal?.throwIfAborted();
    const [reply] = await new Promise<readonly Reply[]>((resolve, reject) => {
      channel.awaitGreeting({
        timeout: (phase) => timeoutOf(phase, context.timeouts),
        written: () => {},
        done: resolve,
        lost: reject,
      });
    });
    if (reply !== undefined) judgeGreeting(reply, context.peer);
  } catch (cause) {
    const error = explainSilence(cause, context.server);
    channel.fail(error);
    throw error;
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
}

/** A server that speaks TLS from the start waits for the client, as the client waits for its greeting. */
function explainSilence(error: unknown, { transport }: Server): unknown {
  if (transport !== "starttls" || !(error instanceof NetworkError) || error.code !== "MAIL_NETWORK_TIMEOUT")
    return error;
  return copyOf(
    error,
    `${error.message} It may speak TLS from the start: then write submissions:// instead of submission:// (transport: "implicit"). Otherwise it is busy, and trying again is safe.`,
  );
}
