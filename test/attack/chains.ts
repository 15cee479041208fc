/** Certificates of any shape, and a small SMTP server inside TLS that shows a chain of them. It holds no test of its own. */
import { createSecureContext } from "node:tls";
import {
  forge,
  generateKeys,
  HOST,
  listen,
  type Listener,
  type Party,
  serve as converse,
  type Sheet,
} from "@postseal/lab";

/** A name and its keys. Several certificates may speak of one. */
export async function party(name: string): Promise<Party> {
  return { name, keys: await generateKeys() };
}

export interface Shape extends Sheet {
  readonly issuer: Party;
  /** Who signs, if that is somebody else than the issuer: the signature is then wrong. */
  readonly signer?: Party;
}

/** PEM. A server's, unless it is an authority's. */
export function certify(subject: Party, { issuer, signer = issuer, ...sheet }: Shape): Promise<string> {
  const names = sheet.authority === true ? [] : ([["dns", HOST]] as const);
  return forge(subject, issuer, { names, ...sheet }, signer.keys);
}

/** TLS from the start, and no login. `chain` is PEM, leaf first. */
export function serve(leaf: Party, chain: string): Promise<Listener> {
  const context = createSecureContext({ cert: chain, key: leaf.keys.pem });
  return listen((socket) => void converse(socket, { tls: { transport: "implicit", context } }));
}
