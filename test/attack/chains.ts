/** Issues certificates of any shape, and runs a small SMTP server inside TLS that shows a chain of them. */
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

/** A name and its keys. Several certificates may be about one party. */
export async function party(name: string): Promise<Party> {
  return { name, keys: await generateKeys() };
}

export interface Shape extends Sheet {
  readonly issuer: Party;
  /** The party that signs, if not the issuer: the signature is then wrong. */
  readonly signer?: Party;
}

/** Returns PEM: a server's certificate for `HOST`, unless the sheet is an authority's. */
export function certify(subject: Party, { issuer, signer = issuer, ...sheet }: Shape): Promise<string> {
  const names = sheet.authority === true ? [] : ([["dns", HOST]] as const);
  return forge(subject, issuer, { names, ...sheet }, signer.keys);
}

/** TLS from the start, and no login. `chain` is PEM, leaf first. */
export function serve(leaf: Party, chain: string): Promise<Listener> {
  const context = createSecureContext({ cert: chain, key: leaf.keys.pem });
  return listen((socket) => void converse(socket, { tls: { transport: "implicit", context } }));
}
