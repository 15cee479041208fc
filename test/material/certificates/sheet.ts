/** What a certificate of a case says, as data. Only what is unusual in it is written down; `forge.ts` fills in the rest. */
import type { Verdict } from "../difference.ts";

/**
 * A name in a certificate or a constraint. `directory`: a common name. `other`: an otherName with a private type.
 * In a constraint an `ip` is `address/mask`. `hex`: the GeneralName as it is, tag and all, for what no encoder would write.
 */
export type Name = readonly [kind: "dns" | "ip" | "email" | "uri" | "directory" | "other" | "hex", value: string];

export type Usage = "signature" | "encipherment" | "agreement" | "certificates" | "lists";
export type Purpose = "server" | "client" | "code" | "email" | "stamping" | "any" | "microsoft-sgc" | "netscape-sgc";
export type KeyKind =
  | "p256"
  | "p384"
  | "p521"
  | "p192"
  | "p224"
  | "secp256k1"
  | "ed25519"
  | "ed448"
  | "rsa2048"
  | "rsa1024"
  | "dsa";

export interface Sheet {
  /** The common name; empty: a subject without any. */
  readonly subject?: string;
  readonly names?: readonly Name[];
  readonly namesAreCritical?: boolean;
  /** basicConstraints. `unsaid`: without the extension. */
  readonly authority?: boolean | "unsaid";
  readonly basicIsCritical?: boolean;
  readonly pathLength?: number;
  /** keyUsage. Empty: without the extension. */
  readonly usages?: readonly Usage[];
  /** extKeyUsage. Empty: without the extension. */
  readonly purposes?: readonly Purpose[];
  readonly purposesAreCritical?: boolean;
  readonly permit?: readonly Name[];
  readonly exclude?: readonly Name[];
  readonly constraintsAreCritical?: boolean;
  /** Other extensions: object identifier, criticality, value. */
  readonly extensions?: readonly (readonly [oid: string, critical: boolean, hex: string])[];
  /** Days from now. */
  readonly from?: number;
  readonly until?: number;
  readonly hash?: "SHA-256" | "SHA-384" | "SHA-1";
  readonly key?: KeyKind;
  /** Hexadecimal. */
  readonly serial?: string;
  readonly subjectKeyIdentifier?: "none" | "critical" | "wrong";
  readonly authorityKeyIdentifier?: "none" | "critical" | "wrong";
}

/** A root, authorities below it (the first is next to the root) and a leaf: what is sent is the leaf, then the authorities upwards. */
export interface Chain {
  readonly root?: Sheet;
  readonly authorities?: readonly Sheet[];
  readonly leaf?: Sheet;
  /** What else is sent, and where. */
  readonly sent?: "root too" | "authorities downwards" | "leaf alone" | "leaf twice";
  /** What the client trusts. `impostor`: a root with the name of the true one, but with a key of its own. */
  readonly trusted?: "root" | "impostor" | "first authority" | "leaf";
}

export interface Case {
  readonly id: string;
  /** Why that is right. */
  readonly rule: string;
  readonly right: Verdict;
  readonly chain: Chain;
  /** What the client dials. */
  readonly host?: string;
}
