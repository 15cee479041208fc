/** Tokens for one process only. */
import type { StoredTokens, TokenStore } from "./tokens.ts";
import { Turns } from "./turns.ts";

export function memoryStore(tokens?: StoredTokens): TokenStore {
  const turns = new Turns();
  let kept = tokens;
  return {
    read: async () => kept,
    update: (change) => turns.run(async () => (kept = await change(kept))),
    remove: () =>
      turns.run(async () => {
        kept = undefined;
      }),
  };
}
