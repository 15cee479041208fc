/** Accounts that are about to be written into a configuration. */
import type { TokenStore } from "@postseal/oauth";

export type DraftValue = DraftWords | Readonly<Record<string, DraftWords>>;
export type DraftWords = string | readonly string[];

/** What is not yet in the files that the account names. */
export interface Unwritten {
  /** The password, which goes into a file of its own. */
  readonly secret?: string | undefined;
  /** The secret of the application that it signs in as, which goes into another one. */
  readonly clientSecret?: string | undefined;
  /** In memory, until the account is written. */
  readonly tokens?: TokenStore | undefined;
}

export interface DraftAccount extends Unwritten {
  readonly name: string;
  /** Keys of an account, in the order in which they are written. */
  readonly keys: ReadonlyMap<string, DraftValue>;
}

export interface DraftConfiguration {
  readonly accounts: readonly DraftAccount[];
  readonly defaultAccount: string | undefined;
}
