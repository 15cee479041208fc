/** Where a secret is. It is fetched only after the server has proved who it is. */

/** `Key`: the keys of its table. */
export type SecretReference<Key extends string = string> = {
  readonly use: SecretUse;
  /** The key that says so. */
  readonly key: Key;
  /** The line of the key. */
  readonly line: () => number | undefined;
} & (
  | { readonly from: "command"; readonly words: readonly string[] }
  | { readonly from: "file"; readonly path: string }
  | { readonly from: "environment"; readonly variable: string }
);

export type FileReference<Key extends string = string> = SecretReference<Key> & { readonly from: "file" };

export type SecretUse = "password" | "token" | "client secret" | "private key";
