/** From a server to a session, by STARTTLS or implicit TLS. All connecting is here. */
import { Witness } from "../diagnostics/witness.ts";
import { InputError } from "../errors/input-error.ts";
import { connectTo } from "../net/connect.ts";
import type { ServerOptions } from "../policy/server.ts";
import { createTlsPolicy, type TlsOptions, type TlsPolicy } from "../policy/tls-policy.ts";
import { ClearChannel } from "../tls/clear-channel.ts";
import { checkPolicy, preparePolicy } from "../tls/handshake.ts";
import { seal } from "../tls/sealed-channel.ts";
import { awaitGreeting } from "./await-greeting.ts";
import { type Begun, beginSealed, sealByStartTls } from "./begin.ts";
import { checkSignal } from "./call-options.ts";
import { ClearSession } from "./clear-session.ts";
import {
  readSessionOptions,
  SESSION_NAMES,
  type SessionContext,
  sessionContext,
  type SessionOptions,
} from "./context.ts";
import type { SealedSession } from "./sealed-session.ts";

const CONNECT_NAMES: ReadonlySet<string> = new Set([...SESSION_NAMES, "signal"]);
const SEALED_NAMES: ReadonlySet<string> = new Set([...CONNECT_NAMES, "tls"]);

/** Connects to a submission server that begins in the clear, and waits for its greeting. For implicit TLS use `connectSealed`. */
export async function connect(
  server: string | URL | ServerOptions,
  options: SessionOptions & { readonly signal?: AbortSignal | undefined } = {},
): Promise<ClearSession> {
  const own = readSessionOptions(options, CONNECT_NAMES);
  checkSignal(own.signal);
  const context = sessionContext(server, own);
  if (context.server.transport !== "starttls") {
    throw new InputError(
      "MAIL_INPUT_URL",
      "server",
      "it speaks TLS from the start, so there is no clear session; use connectSealed",
    );
  }
  return new ClearSession(await connectClear(context, own.signal), context);
}

/** Connects and seals: by STARTTLS for `submission://`, with TLS from the first octet for `submissions://`. */
export async function connectSealed(
  server: string | URL | ServerOptions,
  options: SessionOptions & { readonly tls?: TlsOptions | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<SealedSession> {
  const own = readSessionOptions(options, SEALED_NAMES);
  checkSignal(own.signal);
  const { session } = await openSealed(sessionContext(server, own), createTlsPolicy(own.tls), own.signal);
  return session;
}

/** The policy is fixed already, and is the same for every attempt: there is no second way in. */
export async function openSealed(
  context: SessionContext,
  policy: TlsPolicy,
  signal: AbortSignal | undefined,
): Promise<Begun> {
  checkPolicy(policy);
  if (context.server.transport === "implicit") return connectImplicit(context, policy, signal);
  const connecting = connectClear(context, signal);
  preparePolicy(policy);
  return sealByStartTls(await connecting, context, policy, signal);
}

async function connectClear(context: SessionContext, signal: AbortSignal | undefined): Promise<ClearChannel> {
  const { server, timeouts, concealment, route } = context;
  const witness = new Witness(server);
  const stream = await connectTo(server, { timeout: timeouts.connect, signal, route, witness });
  const channel = new ClearChannel(stream, server, witness, concealment);
  await awaitGreeting(channel, context, signal);
  return channel;
}

/** TLS, then the greeting and EHLO. */
async function connectImplicit(
  context: SessionContext,
  policy: TlsPolicy,
  signal: AbortSignal | undefined,
): Promise<Begun> {
  const { server, timeouts, concealment, route } = context;
  const witness = new Witness(server);
  const connecting = connectTo(server, { timeout: timeouts.connect, signal, route, witness });
  preparePolicy(policy);
  const options = { timeout: timeouts.handshake, signal, concealment };
  const channel = await seal(await connecting, server, policy, options, witness);
  await awaitGreeting(channel, context, signal);
  return beginSealed(channel, context, signal);
}
