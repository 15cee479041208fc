/** The options of `postseal import`. */
import { jsonOption } from "../mail/options.ts";
import { flag, value } from "../option.ts";

export const importOptions = {
  write: flag(
    "add them to ~/.config/postseal/config.toml. A password that stood in FILE goes into a file of its own, mode 600",
  ),
  name: value("NAME", "what to call the account of JSON or a URL (imported)"),
  ...jsonOption,
};
export type ImportOption = keyof typeof importOptions;
