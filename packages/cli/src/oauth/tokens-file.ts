/** Where the tokens of an account are kept: not in ~/.config, which people publish and back up. */
import path from "node:path";
import { homeFolder } from "../home.ts";

/** `$XDG_STATE_HOME/postseal/tokens/NAME.json`; a relative XDG_STATE_HOME is ignored, as its specification says. */
export function tokensFileOf(account: string, environment: NodeJS.ProcessEnv): string {
  const base = environment["XDG_STATE_HOME"] ?? "";
  const state = path.isAbsolute(base) ? base : path.join(homeFolder(), ".local/state");
  // Two accounts never share a file, whatever their names are.
  return path.join(state, "postseal", "tokens", `${encodeURIComponent(account)}.json`);
}
