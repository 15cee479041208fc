/** The server's side of each SASL mechanism, by its name. */
import { X509Certificate, createHmac } from "node:crypto";
import type { TLSSocket } from "node:tls";
import { scram, type ScramFault } from "./scram.ts";
import { type PromptExchange, over, wait } from "./exchange.ts";

export interface Account {
  readonly username: string;
  /** Also the access token, for the mechanisms that take one. */
  readonly password: string;
  /** PEM: the authority whose client certificates log in by EXTERNAL. Default: none. */
  readonly clientAuthority?: string;
}

/** `undefined` for a mechanism that is not offered. `tls`: the connection that the login goes through. `fault`: in its SCRAM. */
export function beginLogin(
  mechanism: string,
  account: Account,
  {
    tls,
    offered,
    fault,
  }: { readonly tls: TLSSocket | undefined; readonly offered: readonly string[]; readonly fault?: ScramFault },
): PromptExchange | undefined {
  if (!offered.includes(mechanism)) return undefined;
  const { username, password } = account;
  const [, hash, plus] = /^SCRAM-SHA-(1|256)(-PLUS)?$/.exec(mechanism) ?? [];
  if (hash !== undefined)
    return scram({
      hash: hash === "1" ? "sha1" : "sha256",
      passwordOf: (name) => (name === username ? password : undefined),
      binding: plus === undefined ? undefined : bindingOf(tls),
      offersPlus: offered.some((name) => name.endsWith("-PLUS")),
      ...(fault === undefined ? {} : { fault }),
    });
  switch (mechanism) {
    case "PLAIN":
      return plain(account);
    case "LOGIN":
      return login(account);
    case "CRAM-MD5":
      return cramMd5(account);
    case "XOAUTH2":
      return token(username, [`user=${username}`, `auth=Bearer ${password}`]);
    case "OAUTHBEARER":
      return token(username, [`auth=Bearer ${password}`]);
    case "EXTERNAL":
      return external(tls, account.clientAuthority);
    default:
      return undefined;
  }
}

/** RFC 4616. An authorization identity (acting for another user) is refused. */
function plain({ username, password }: Account): PromptExchange {
  return wait((response) => {
    const [authorizationId, user, secret, ...more] = response.toString().split("\0");
    const isOwn = authorizationId === "" || authorizationId === username;
    return over(isOwn && user === username && secret === password && more.length === 0 ? username : undefined);
  });
}

function login({ username, password }: Account): PromptExchange {
  return {
    challenge: Buffer.from("Username:"),
    hear: (user) => ({
      challenge: Buffer.from("Password:"),
      hear: (secret) => over(user.toString() === username && secret.toString() === password ? username : undefined),
    }),
  };
}

/** RFC 2195. */
function cramMd5({ username, password }: Account): PromptExchange {
  const challenge = Buffer.from(`<${process.hrtime.bigint()}@smtp.example.test>`);
  const expected = `${username} ${createHmac("md5", password).update(challenge).digest("hex")}`;
  return { challenge, hear: (response) => over(response.toString() === expected ? username : undefined) };
}

/** RFC 7628, and XOAUTH2. */
function token(username: string, expected: readonly string[]): PromptExchange {
  return wait((response) => {
    const parts = response.toString().split("\u0001");
    if (expected.every((part) => parts.includes(part))) return over(username);
    // RFC 7628 section 3.2.3: the error comes as a challenge, and the client has to answer it before it is refused.
    return { challenge: Buffer.from('{"status":"invalid_token"}'), hear: () => over(undefined) };
  });
}

/** A server's TLSSocket without a tls.Server never sets `authorized`, so the signature is checked here. */
function external(tls: TLSSocket | undefined, clientAuthority: string | undefined): PromptExchange {
  return wait(() => {
    const certificate = tls?.getPeerX509Certificate();
    if (certificate === undefined || clientAuthority === undefined) return over(undefined);
    const isIssued = certificate.verify(new X509Certificate(clientAuthority).publicKey);
    return over(isIssued ? certificate.subject : undefined);
  });
}

/** RFC 9266. In TLS 1.3 an empty context is the same as none (RFC 8446 section 7.5). */
function bindingOf(tls: TLSSocket | undefined): Buffer {
  return tls?.exportKeyingMaterial(32, "EXPORTER-Channel-Binding", Buffer.alloc(0)) ?? Buffer.alloc(0);
}
