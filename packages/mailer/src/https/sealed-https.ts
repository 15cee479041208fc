/**
 * HTTPS requests under the mailer's own TLS policy: what fetches tokens and settings must not trust less than what carries mail.
 *
 * The same handshake and the same checks as for mail. No agent, so none that environment variables have configured; no proxy of
 * the environment; no redirect is followed; an answer has at most 64 KiB, and 10 s.
 */
import { type ClientRequestArgs, type IncomingMessage, request as beginRequest } from "node:http";
import type { Duplex } from "node:stream";
import { InputError } from "../errors/input-error.ts";
import { ProtocolError } from "../errors/protocol-error.ts";
import { shown } from "../errors/shown.ts";
import { type ConnectHook, reach, routeOf } from "../net/connect.ts";
import { withDeadline } from "../net/deadline.ts";
import { type Every, readOptions, withoutPrototype } from "../policy/own-options.ts";
import { describeServer, type Endpoint } from "../policy/server.ts";
import { parseServerName } from "../policy/server-name.ts";
import { createTlsPolicy, type TlsOptions, type TlsPolicy } from "../policy/tls-policy.ts";
import { explainBroken } from "../tls/explain.ts";
import { checkPolicy, handshake, preparePolicy } from "../tls/handshake.ts";
import { Concealment } from "../wire/concealment.ts";
import { LEFT_OUT } from "./left-out.ts";

export interface HttpsOptions {
  readonly tls?: TlsOptions | undefined;
  /** Connects through a proxy or a tunnel. TLS runs over it. */
  readonly connect?: ConnectHook | undefined;
  /** Milliseconds for one request with its answer: 10,000 at most, which is the default. */
  readonly timeout?: number | undefined;
}

export interface HttpsRequest {
  readonly url: URL;
  readonly method: "GET" | "POST";
  readonly headers: Headers;
  readonly body?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpsAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer<ArrayBuffer>;
}

/** Throws `TlsError`, `NetworkError`, `ProtocolError` for what is no answer or too much, `InputError` for a URL that is not https. */
export type SealedHttps = (request: HttpsRequest) => Promise<HttpsAnswer>;

const NAMES: ReadonlySet<string> = new Set(["tls", "connect", "timeout"]);
const PLACE = { field: "https", code: "MAIL_INPUT_OPTION" } as const;
const LONGEST = 10_000;
/** Octets. */
const LARGEST_BODY = 64 * 1024;
const LARGEST_HEADER = 16 * 1024;

interface Way {
  readonly policy: TlsPolicy;
  readonly connect: ConnectHook | undefined;
  readonly timeout: number;
}

/** Judges the options once, for all requests. Throws `InputError`. */
export function createSealedHttps(options: HttpsOptions = {}): SealedHttps {
  const { tls, connect, timeout = LONGEST } = readOptions(options, NAMES, PLACE);
  if (!Number.isInteger(timeout) || timeout < 1 || timeout > LONGEST)
    throw new InputError("MAIL_INPUT_OPTION", "https.timeout", "is a whole number of milliseconds from 1 to 10000");
  const policy = createTlsPolicy(tls);
  checkPolicy(policy);
  const way: Way = { policy, connect: routeOf({ connect }).connect, timeout };
  return (request) => ask(request, way);
}

async function ask(request: HttpsRequest, way: Way): Promise<HttpsAnswer> {
  const endpoint = endpointOf(request.url);
  const peer = describeServer(endpoint);
  const deadline = {
    phase: "command" as const,
    timeout: way.timeout,
    late: `${peer} did not answer the HTTPS request within ${way.timeout / 1000} s.`,
    signal: request.signal,
  };
  return withDeadline(deadline, (resolve, reject) => {
    const stop = new AbortController();
    exchange(request, endpoint, way, stop.signal).then(resolve, reject);
    return () => stop.abort();
  });
}

/** No user, since it would be a secret in a URL. Throws `InputError`. */
function endpointOf(url: URL): Endpoint {
  // defence: requests-by-https-alone
  if (url.protocol !== "https:") throw refused(url, "only https addresses are asked");
  if (url.username !== "" || url.password !== "") throw refused(url, "there is a user or a password in it");
  const port = url.port === "" ? 443 : Number(url.port);
  return { name: parseServerName(url.hostname, "url"), port, transport: "https" };
}

function refused({ protocol, host }: URL, why: string): InputError {
  return new InputError("MAIL_INPUT_URL", "url", `${shown(`${protocol}//${host}`)}: ${why}`);
}

async function exchange(
  request: HttpsRequest,
  endpoint: Endpoint,
  { policy, connect, timeout }: Way,
  signal: AbortSignal,
): Promise<HttpsAnswer> {
  const connecting = reach(endpoint, { timeout, signal, route: { connect } });
  preparePolicy(policy);
  const options = { timeout, signal, concealment: new Concealment() };
  const { socket } = await handshake(await connecting, endpoint, policy, options);
  try {
    return await overSealed(socket, request, endpoint, signal);
  } finally {
    socket.destroy();
  }
}

/** The socket is a sealed one: nothing of the request was written before. */
function overSealed(
  socket: Duplex,
  request: HttpsRequest,
  endpoint: Endpoint,
  signal: AbortSignal,
): Promise<HttpsAnswer> {
  const peer = describeServer(endpoint);
  const { url, method, headers, body } = request;
  return new Promise((resolve, reject) => {
    const broken = (cause: unknown): void => reject(explain(cause, peer));
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    socket.on("error", broken);
    const sent = beginRequest(
      withoutPrototype({
        ...LEFT_OUT,
        // Without an agent there is no proxy of the environment either.
        // defence: no-agent-no-proxy
        createConnection: () => socket,
        method,
        host: url.hostname,
        path: `${url.pathname}${url.search}`,
        setHost: false,
        headers: [
          "Host",
          url.host,
          ...(body === undefined ? [] : ["Content-Length", String(Buffer.byteLength(body))]),
          ...Array.from(headers, ([name, value]) => [name, value]).flat(),
        ],
        insecureHTTPParser: false,
        maxHeaderSize: LARGEST_HEADER,
      } satisfies Every<ClientRequestArgs>),
    );
    sent.once("error", broken);
    const onClose = (): void => broken(undefined);
    sent.once("close", onClose);
    sent.once("upgrade", () => reject(malformed(peer, "it wants to speak another protocol than HTTP")));
    sent.once("response", (response) => {
      // From here on it is the answer that can be cut off.
      sent.off("close", onClose);
      collect(response, peer).then(resolve, broken);
    });
    sent.end(body);
  });
}

async function collect(response: IncomingMessage, peer: string): Promise<HttpsAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const octets: AsyncIterable<Buffer> = response;
  for await (const chunk of octets) {
    size += chunk.length;
    // defence: answers-are-bounded
    if (size > LARGEST_BODY) throw malformed(peer, "its answer has more than 64 KiB");
    chunks.push(chunk);
  }
  const { statusCode: status = 0, rawHeaders } = response;
  if (status < 200 || status > 599) throw malformed(peer, `its status is ${status}`);
  return { status, headers: headersOf(rawHeaders), body: Buffer.concat(chunks) };
}

function headersOf(raw: readonly string[]): Headers {
  const headers = new Headers();
  for (let at = 0; at + 1 < raw.length; at += 2) headers.append(raw[at] ?? "", raw[at + 1] ?? "");
  return headers;
}

/** Errors of Node's parser have the octets that it read, which may repeat a secret: only the code is kept. */
function explain(cause: unknown, peer: string): unknown {
  if (cause instanceof ProtocolError) return cause;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  // defence: no-octets-of-the-answer
  if (code.startsWith("HPE_")) return malformed(peer, `its answer is no HTTP (${code})`);
  return explainBroken(cause, peer, "command");
}

function malformed(peer: string, what: string): ProtocolError {
  return new ProtocolError("MAIL_PROTOCOL_MALFORMED_REPLY", `${peer} did not answer as HTTPS servers do: ${what}.`, "");
}
