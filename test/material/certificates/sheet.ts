/** What a certificate of a case says, as data: the lab's sheet, and whose it is. */
import type { KeyKind, Sheet as Contents } from "@postseal/lab";
import type { Verdict } from "../difference.ts";

export interface Sheet extends Contents {
  /** The common name; empty: a subject without any. */
  readonly subject?: string;
  readonly key?: KeyKind;
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
