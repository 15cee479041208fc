/** `postseal completion SHELL`: a script for the Tab key, made from the tables of options. */
import { CommandError } from "./command-error.ts";
import { type Shell, SHELLS } from "./manual/commands.ts";
import { completionPage } from "./manual/program.ts";
import { nearest } from "./nearest.ts";
import { output } from "./output.ts";
import { runSubcommand } from "./subcommand.ts";

const WRITERS: Readonly<Record<Shell, () => Promise<string>>> = {
  bash: async () => (await import("./manual/bash.ts")).bashCompletion(),
  zsh: async () => (await import("./manual/zsh.ts")).zshCompletion(),
  fish: async () => (await import("./manual/fish.ts")).fishCompletion(),
};

export function completion(argv: readonly string[]): Promise<number> {
  return runSubcommand(argv, {
    options: {},
    words: 1,
    page: async () => completionPage,
    run: async ({ words: [name] }) => {
      output.page(await WRITERS[shellNamed(name)]());
      return 0;
    },
  });
}

/** Throws `CommandError` (`CLI_USAGE`). */
function shellNamed(name: string | undefined): Shell {
  const shell = SHELLS.find((one) => one === name);
  if (shell !== undefined) return shell;
  const close = name === undefined ? undefined : nearest(name, SHELLS);
  throw new CommandError(
    "CLI_USAGE",
    `completion is for ${SHELLS.join(", ")}${close === undefined ? "" : `; did you mean ${close}?`}`,
  );
}
