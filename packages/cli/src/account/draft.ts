/** Accounts that are about to be written into a configuration. */

export type DraftValue = string | readonly string[] | Readonly<Record<string, string>>;

export interface DraftAccount {
  readonly name: string;
  /** Keys of an account, in the order in which they are written. */
  readonly keys: ReadonlyMap<string, DraftValue>;
  /** A secret that was given, to be written only into a file of its own. */
  readonly secret: string | undefined;
}

export interface DraftConfiguration {
  readonly accounts: readonly DraftAccount[];
  readonly defaultAccount: string | undefined;
}
