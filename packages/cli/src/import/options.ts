/** The options of `postseal import`. */
import { jsonOption } from "../mail/options.ts";
import { flag, value } from "../option.ts";

export const importOptions = {
  write: flag(
    "add the accounts to ~/.config/postseal/config.toml. A password in FILE goes into a file of its own, mode 600",
  ),
  name: value("NAME", "a name for the account if FILE has none for it (default: imported)"),
  ...jsonOption,
};
export type ImportOption = keyof typeof importOptions;
