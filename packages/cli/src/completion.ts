/** `postseal completion SHELL`: prints a script for the Tab key, made from the register. */
import { CommandError } from "./command-error.ts";
import { type Command, commandsOf } from "./manual/commands.ts";
import { exitSection } from "./manual/page.ts";
import { nearest } from "@postseal/mailer/nearest";
import { output } from "./output.ts";
import { exits } from "./result/exits.ts";
import { type Register, type Subcommand, subcommand } from "./subcommand.ts";

const SHELLS = ["bash", "zsh", "fish"] as const;
type Shell = (typeof SHELLS)[number];

const WRITERS: Readonly<Record<Shell, () => Promise<(register: Register, commands: readonly Command[]) => string>>> = {
  bash: async () => (await import("./manual/bash.ts")).bashCompletion,
  zsh: async () => (await import("./manual/zsh.ts")).zshCompletion,
  fish: async () => (await import("./manual/fish.ts")).fishCompletion,
};

export const completion: Subcommand = subcommand({
  options: {},
  operand: { label: "SHELL", takes: "word", completes: SHELLS },
  page: {
    examples: [
      "postseal completion bash > ~/.local/share/bash-completion/completions/postseal",
      "postseal completion zsh > ~/.zfunc/_postseal       (a folder of $fpath)",
      "postseal completion fish > ~/.config/fish/completions/postseal.fish",
    ],
    sections: [
      {
        paragraphs: [
          "Prints a script for that shell to standard output. Write it again after each update of postseal.",
        ],
      },
      exitSection(["done", "usage"], { done: "the script was printed" }),
    ],
  },
  run: async ({ words: [name] }, { register }) => {
    const write = await WRITERS[shellNamed(name)]();
    output.page(write(register, await commandsOf(register)));
    return exits.done.code;
  },
});

/** Throws `CommandError` (`CLI_USAGE`). */
function shellNamed(name: string | undefined): Shell {
  const shell = SHELLS.find((one) => one === name);
  if (shell !== undefined) return shell;
  const close = name === undefined ? undefined : nearest(name, SHELLS);
  throw new CommandError(
    "CLI_USAGE",
    `completion needs a shell, one of ${SHELLS.join(", ")}${close === undefined ? "" : `; did you mean ${close}?`}`,
  );
}
