/** `postseal import`: options, page, and what it does. */
import { exitSection } from "../manual/page.ts";
import { type Subcommand, subcommand } from "../subcommand.ts";
import { importOptions } from "./options.ts";

export const importFile: Subcommand = subcommand({
  options: importOptions,
  operand: { label: "FILE", takes: "word", completes: "file" },
  page: {
    what: "accounts from other programs' settings, made safe",
    examples: ["postseal import ~/.msmtprc", "postseal import mail.json --name shop --write", "postseal import .env"],
    sections: [
      {
        paragraphs: [
          "FILE is an msmtprc, JSON with Nodemailer's options, or has a URL for Nodemailer in it (smtp://…?…). The accounts go to standard output as TOML. Standard error says line by line what was unsafe, what has no place here, and what is there now instead. No program is run, and nothing is connected to.",
        ],
      },
      { heading: "Options", options: importOptions },
      exitSection(["done", "usage", "badInput", "configuration"], {
        done: "imported, whatever was unsafe before",
        badInput: "the file cannot be read, or has no account in it",
        configuration: "config.toml is not right, or has an account of that name",
      }),
    ],
  },
  run: async (given) => (await import("./import.ts")).importFile(given),
});
