/**
 * The handshake, and everything that has to be true after it. The only file that mentions `rejectUnauthorized`.
 *
 * It calls `tls.connect`, not `new TLSSocket`, which verifies nothing. It never passes a `session`, since a resumed one skips
 * chain and name. Afterwards it makes every check again on what Node reports, so that no default, flag or environment variable
 * has the last word. Nothing is written before all checks have passed.
 */
import { constants, createHash, X509Certificate } from "node:crypto";
import type { Duplex } from "node:stream";
import {
  connect,
  type ConnectionOptions,
  createSecureContext,
  type SecureContext,
  type SecureContextOptions,
  type TLSSocket,
} from "node:tls";
import { InputError } from "../errors/input-error.ts";
import { shown } from "../errors/shown.ts";
import { withDeadline } from "../net/deadline.ts";
import type { Seal } from "../outcome/seal.ts";
import { type Every, withoutPrototype } from "../policy/own-options.ts";
import { describeServer, type Endpoint } from "../policy/server.ts";
import {
  isPostQuantum,
  POST_QUANTUM_GROUP,
  SIGNATURE_ALGORITHMS,
  TLS12_SUITES,
  TLS13_SUITES,
  type TlsPolicy,
} from "../policy/tls-policy.ts";
import type { Concealment } from "../wire/concealment.ts";
import { type Authorities, authoritiesOf } from "./authorities.ts";
import { namesOf } from "./certificate-words.ts";
import { explainHandshake, explainVerdict, injected, NAMELESS, unverified, violated } from "./explain.ts";
import { isForServers, provesIdentity } from "./identity.ts";
import { LEFT_OUT } from "./left-out.ts";
import { verifiedPath } from "./path.ts";
import { assertRuntime } from "./runtime.ts";

// Fail when the package loads, not when the first message is due.
assertRuntime();

/** No suite of ours uses it, but Node wants a number: with this one OpenSSL accepts nothing weak. */
const SHORTEST_DH = 2048;

export interface HandshakeOptions {
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
  /** Strikes secrets out of the certificate's words. */
  readonly concealment: Concealment;
}

/** Turns a clear stream into a sealed one. Throws `TlsError` or `NetworkError`, and then destroys the stream. */
export function handshake(
  stream: Duplex,
  server: Endpoint,
  policy: TlsPolicy,
  options: HandshakeOptions,
): Promise<{ readonly socket: TLSSocket; readonly seal: Seal }> {
  const peer = describeServer(server);
  const { context, authorities } = contextOf(policy);
  const deadline = {
    phase: "handshake" as const,
    timeout: options.timeout,
    late: `${peer} did not finish the TLS handshake within ${options.timeout / 1000} s.`,
    signal: options.signal,
  };
  return withDeadline(deadline, (resolve, reject) => {
    // In the same tick as the last look at the clear side: octets that are still unread would be taken for TLS.
    if (stream.readableLength > 0) {
      stream.destroy();
      reject(injected(peer, ""));
      return () => {};
    }
    const all: Every<ConnectionOptions> = {
      // defence: nothing-from-the-prototype
      ...LEFT_OUT,
      socket: stream,
      secureContext: context,
      // defence: verification-is-asked-for
      rejectUnauthorized: policy.trustPins === undefined,
      // The name is judged below, in the same way for every policy.
      checkServerIdentity: () => undefined,
      servername: server.name.kind === "dns" ? server.name.name : undefined,
      minDHSize: SHORTEST_DH,
    };
    const socket = connect(withoutPrototype(all));
    // Once Node has refused a certificate, it cannot be asked for any more. Only errors need it, so nothing depends on this event.
    let refused: X509Certificate | undefined;
    socket.prependOnceListener("secure", () => ([refused] = chainOf(socket)));
    socket.on("error", (cause) =>
      reject(
        isJudged(socket)
          ? explainVerdict(cause, server, authorities.intermediates(), refused)
          : explainHandshake(cause, server, policy),
      ),
    );
    socket.once("close", () => reject(explainHandshake(undefined, server, policy)));
    socket.once("secureConnect", () => {
      try {
        resolve({ socket, seal: judge(socket, server, policy, authorities, options.concealment) });
      } catch (error) {
        reject(error);
      }
    });
    return () => {
      socket.destroy();
      stream.destroy();
    };
  });
}

const contexts = new WeakMap<TlsPolicy, { readonly context: SecureContext; readonly authorities: Authorities }>();

/** One context for each policy: reading the authorities costs more than a handshake. */
function contextOf(policy: TlsPolicy): { readonly context: SecureContext; readonly authorities: Authorities } {
  const known = contexts.get(policy);
  if (known !== undefined) return known;
  const authorities = authoritiesOf(policy);
  const made = { context: createContext(policy, authorities), authorities };
  contexts.set(policy, made);
  return made;
}

/** Lets OpenSSL judge a policy before any connection. Throws `InputError` for a client certificate or key that it cannot use. */
export function checkPolicy(policy: TlsPolicy): void {
  if (policy.clientCertificate !== undefined) contextOf(policy);
}

/** Reads the authorities before the handshake, while the connection is being made. */
export function preparePolicy(policy: TlsPolicy): void {
  contextOf(policy);
}

function createContext(policy: TlsPolicy, authorities: Authorities): SecureContext {
  const client = policy.clientCertificate;
  try {
    return createSecureContext(
      withoutPrototype({
        ca: [...authorities.pem],
        // defence: oldest-protocol-is-given
        minVersion: policy.minVersion,
        maxVersion: "TLSv1.3",
        // defence: suites-and-key-sizes
        ciphers: `${[...TLS13_SUITES, ...TLS12_SUITES.map(openSslName)].join(":")}:@SECLEVEL=2`,
        // Key shares for the first two groups, so that a server without the first one needs no second round trip.
        ecdhCurve: policy.groups.map((group, index) => (index < 2 ? `*${group}` : group)).join(":"),
        // defence: signature-algorithms-are-given
        sigalgs: SIGNATURE_ALGORITHMS.join(":"),
        // `disableRenegotiation()` is for servers. Without this, a TLS 1.2 server could change in mid-session what the seal says.
        // defence: no-renegotiation
        secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
        cert: client?.cert,
        key: client?.key,
        passphrase: client?.passphrase,
      } satisfies SecureContextOptions),
    );
  } catch (error) {
    throw new InputError(
      "MAIL_INPUT_OPTION",
      "tls.clientCertificate",
      "OpenSSL cannot use the certificate, its key or its passphrase; give PEM text, and a key of 2048 bits (RSA) or on P-256 at least",
      error,
    );
  }
}

/** `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256` is `ECDHE-RSA-AES128-GCM-SHA256` to OpenSSL. */
function openSslName(suite: string): string {
  return suite
    .replace(/^TLS_/, "")
    .replace("_WITH_", "_")
    .replace(/AES_(\d+)/, "AES$1")
    .replace(/(POLY1305)_SHA256$/, "$1")
    .replaceAll("_", "-");
}

function judge(
  socket: TLSSocket,
  server: Endpoint,
  policy: TlsPolicy,
  authorities: Authorities,
  concealment: Concealment,
): Seal {
  const peer = describeServer(server);
  const protocol = socket.getProtocol();
  const cipherSuite = socket.getCipher().standardName;
  const keyExchange = groupOf(socket);
  if (socket.isSessionReused()) throw violated(peer, "the session was resumed, which skips the certificate");
  // defence: protocol-is-checked
  if (protocol !== "TLSv1.3" && (protocol !== "TLSv1.2" || policy.minVersion === "TLSv1.3")) {
    throw violated(peer, `the protocol is ${protocol ?? "unknown"}, older than ${policy.minVersion}`);
  }
  // defence: suite-is-checked
  if (!(protocol === "TLSv1.3" ? TLS13_SUITES : TLS12_SUITES).includes(cipherSuite)) {
    throw violated(peer, `the cipher suite ${cipherSuite} is not in the policy`);
  }
  // defence: group-is-checked
  if (!policy.groups.includes(keyExchange))
    throw violated(peer, `the key exchange ${keyExchange} is not in the policy`);

  const chain = chainOf(socket);
  const [leaf] = chain;
  if (leaf === undefined) throw unverified(server, "no-certificate", "the server showed no certificate");
  const spki = createHash("sha256")
    .update(leaf.publicKey.export(withoutPrototype({ type: "spki", format: "der" } as const)))
    .digest("base64");
  const root = policy.trustPins === undefined ? rootOf(socket, server, chain, authorities, concealment) : undefined;
  const pins = policy.trustPins ?? policy.pins;
  // defence: pins-are-compared
  if ((policy.trustPins !== undefined || pins.length > 0) && !pins.includes(spki)) {
    throw unverified(server, "pin-mismatch", `its key has the pin ${spki}, which is not one that you gave`);
  }
  return Object.freeze({
    protocol,
    cipherSuite,
    keyExchange,
    postQuantum: isPostQuantum(keyExchange),
    verifiedBy: policy.trustPins === undefined ? "pkix" : "pin",
    serverName: server.name.name,
    certificate: Object.freeze({
      fingerprint: leaf.fingerprint256.replaceAll(":", "").toLowerCase(),
      spki,
      // defence: names-without-secrets
      issuer: shown(concealment.strike(leaf.issuer.replaceAll("\n", ", "))),
      notAfter: leaf.validToDate.toISOString(),
    }),
    ...(root === undefined ? {} : { rootOrigin: root }),
  });
}

/** Whether Node has rejected the certificate: it sets this before it ends the connection. */
function isJudged(socket: TLSSocket): boolean {
  const fault: unknown = socket.authorizationError;
  return fault !== null && fault !== undefined;
}

/** Checks chain and name. Node has verified the chain already; this asserts that it says so. */
function rootOf(
  socket: TLSSocket,
  server: Endpoint,
  chain: readonly X509Certificate[],
  authorities: Authorities,
  concealment: Concealment,
): Seal["rootOrigin"] {
  // defence: verification-is-asserted
  if (!socket.authorized)
    throw explainVerdict(socket.authorizationError, server, authorities.intermediates(), chain[0]);
  const [leaf] = chain;
  // defence: name-is-verified
  if (leaf === undefined || !provesIdentity(leaf, server.name)) {
    const names = concealment.strike(leaf === undefined ? "no name at all" : namesOf(leaf));
    const advice = leaf?.subjectAltName === undefined ? NAMELESS : undefined;
    throw unverified(server, "wrong-name", `its certificate is for ${shown(names)}`, undefined, advice);
  }
  // defence: path-is-verified
  const path = verifiedPath(chain, authorities);
  // A root is trusted for servers because it was given for that, whatever its own extension says.
  const judged = path?.slice(0, Math.max(1, path.length - 1)) ?? chain;
  // defence: each-certificate-is-for-servers
  if (!judged.every(isForServers)) {
    throw unverified(server, "wrong-purpose", "its certificate, or that of its authority, is not one for servers");
  }
  const root = path?.at(-1);
  return root === undefined ? undefined : authorities.originOf(root);
}

/**
 * Node's names for groups differ by protocol version. Node 22 has none for the post-quantum group: in TLS 1.3 every key exchange
 * uses a group that was offered, so a missing name can only mean that one. In TLS 1.2 a missing name means static RSA.
 */
function groupOf(socket: TLSSocket): string {
  const key = withoutPrototype(socket.getEphemeralKeyInfo() ?? {});
  const name = "name" in key && typeof key.name === "string" ? key.name : "none";
  if (name === "none" && socket.getProtocol() === "TLSv1.3") return POST_QUANTUM_GROUP;
  if (name === "prime256v1") return "P-256";
  return name === "secp384r1" ? "P-384" : name;
}

/** Leaf first, then each issuer. Not by `getPeerX509Certificate`, which answers only once on some versions of Node. */
function chainOf(socket: TLSSocket): readonly X509Certificate[] {
  const chain: X509Certificate[] = [];
  let link = socket.getPeerCertificate(true);
  const seen = new Set<string>();
  while (link?.raw !== undefined && !seen.has(link.fingerprint256)) {
    seen.add(link.fingerprint256);
    chain.push(new X509Certificate(link.raw));
    link = link.issuerCertificate;
  }
  return chain;
}
