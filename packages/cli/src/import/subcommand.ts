/** `postseal import`: options, page, and what it does. */
import { exitSection } from "../manual/page.ts";
import { type Subcommand, subcommand } from "../subcommand.ts";
import { importOptions } from "./options.ts";

export const importFile: Subcommand = subcommand({
  options: importOptions,
  operand: { label: "FILE", takes: "word", completes: "file" },
  page: {
    what: "turn other programs' settings into safe accounts",
    examples: ["postseal import ~/.msmtprc", "postseal import mail.json --name shop --write", "postseal import .env"],
    sections: [
      {
        paragraphs: [
          "FILE is an msmtprc, JSON with Nodemailer's options, or any file with a URL for Nodemailer in it (smtp://…?…). The accounts are printed to standard output as TOML. Standard error lists, line by line, what was unsafe, what has no place here, and what replaces it. It runs no program, and connects to nothing.",
        ],
      },
      { heading: "Options", options: importOptions },
      exitSection(["done", "usage", "badInput", "configuration"], {
        done: "imported, even if something was unsafe",
        badInput: "the file cannot be read, or has no account in it",
        configuration: "config.toml has a mistake, or an account of that name",
      }),
    ],
  },
  run: async (given) => (await import("./import.ts")).importFile(given),
});
