/** From a server to a sealed session, whichever way TLS begins there. */
import type { ServerOptions } from "../policy/server.ts";
import { createTlsPolicy, type TlsOptions, type TlsPolicy } from "../policy/tls-policy.ts";
import { checkPolicy, preparePolicy } from "../tls/handshake.ts";
import { connectClear, upgradeSession } from "./clear-session.ts";
import {
  readSessionOptions,
  SESSION_NAMES,
  type SessionContext,
  sessionContext,
  type SessionOptions,
} from "./context.ts";
import { connectImplicit, type SealedSession } from "./sealed-session.ts";

const NAMES: ReadonlySet<string> = new Set([...SESSION_NAMES, "tls", "signal"]);

/** Connects and seals: by STARTTLS for `submission://`, from the first octet for `submissions://`. */
export async function connectSealed(
  server: string | URL | ServerOptions,
  options: SessionOptions & { readonly tls?: TlsOptions | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<SealedSession> {
  const own = readSessionOptions(options, NAMES);
  return openSession(sessionContext(server, own), createTlsPolicy(own.tls), own.signal);
}

/** The policy was fixed before, and is the same for every attempt: there is no second way in. */
export async function openSession(
  context: SessionContext,
  policy: TlsPolicy,
  signal: AbortSignal | undefined,
): Promise<SealedSession> {
  checkPolicy(policy);
  if (context.server.transport === "implicit") return connectImplicit(context, policy, signal);
  const connecting = connectClear(context, signal);
  preparePolicy(policy);
  return upgradeSession(await connecting, policy, signal);
}
