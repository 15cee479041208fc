/** `postseal import`: options, page, and what it does. */
import { exitSection } from "../manual/page.ts";
import { type Subcommand, subcommand } from "../subcommand.ts";
import { importOptions } from "./options.ts";
import { shapes } from "./shapes.ts";

export const importFile: Subcommand = subcommand({
  options: importOptions,
  operand: { label: "FILE", takes: "word", completes: "file" },
  page: {
    what: "turn the settings of another program into safe accounts",
    examples: ["postseal import ~/.msmtprc", "postseal import mail.json --name shop --write", "postseal import .env"],
    sections: [
      {
        paragraphs: [
          "FILE has the settings of another program; what it holds decides which, and then its name. The accounts are printed to standard output as TOML. Standard error lists, line by line, what was unsafe, what has no place here, and what replaces it. It runs no program, and connects to nothing.",
        ],
      },
      { heading: "What it reads", rows: shapes.map(({ title, where }) => [title, where]) },
      {
        paragraphs: [
          "Variables may stand in a .env, a shell script, a file of Compose or a unit of systemd. If the password is a reference to another variable, the account reads that one.",
        ],
      },
      { heading: "Options", options: importOptions },
      exitSection(["done", "usage", "badInput", "notWritten", "configuration"], {
        done: "imported, even if something was unsafe",
        badInput: "the file cannot be read, or has no account in it",
        configuration: "config.toml has a mistake, or an account of that name",
      }),
    ],
  },
  run: async (given) => (await import("./import.ts")).importFile(given),
});
