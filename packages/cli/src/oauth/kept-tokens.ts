/** Moves the tokens of a new account from memory to where its commands look for them. */
import type { DraftAccount } from "../account/draft.ts";
import { tokensFileOf } from "./tokens-file.ts";

export interface KeptTokens {
  readonly file: string;
  /** Removes them again. */
  readonly undo: () => Promise<void>;
}

/** `undefined` if nobody has signed in for it. Throws `OAuthError`. */
export async function keepTokens({ name, tokens }: DraftAccount): Promise<KeptTokens | undefined> {
  const granted = await tokens?.read();
  if (granted === undefined) return undefined;
  const { fileStore } = await import("@postseal/oauth");
  const file = tokensFileOf(name, process.env);
  const store = fileStore(file);
  await store.update(async () => granted);
  return { file, undo: () => store.remove() };
}
