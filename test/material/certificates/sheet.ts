/** A certificate of a case, as data: the lab's sheet, with its subject and key. */
import type { KeyKind, Sheet as Contents } from "@postseal/lab";
import type { Verdict } from "../difference.ts";

export interface Sheet extends Contents {
  /** The common name. Empty: a subject without one. */
  readonly subject?: string;
  readonly key?: KeyKind;
}

/** A root, authorities below it (the first is next to the root) and a leaf. The server sends the leaf, then the authorities upwards. */
export interface Chain {
  readonly root?: Sheet;
  readonly authorities?: readonly Sheet[];
  readonly leaf?: Sheet;
  /** What is sent instead. */
  readonly sent?: "root too" | "authorities downwards" | "leaf alone" | "leaf twice";
  /** What the client trusts. `impostor`: a root with the name of the real one, but with another key. */
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
