/** The page that `postseal --help` prints. */
import type { Register } from "../subcommand.ts";
import { exitCodes, type Page } from "./page.ts";

export function programPage(register: Register): Page {
  return {
    call: "postseal",
    what: "mail that is sealed, or not sent",
    examples: [
      "postseal verify --server submission://alice@mail.example.com \\",
      "    --password-file ~/.config/postseal/password",
      "postseal send --from alice@example.com --to bob@example.org \\",
      "    --subject Hello --text 'Hi Bob'          (server from POSTSEAL_URL)",
    ],
    sections: [
      {
        heading: "Subcommands",
        rows: [...register.map(({ word, what }) => [word, what] as const), ["--version", "print the version"]],
      },
      { paragraphs: ["postseal SUBCOMMAND --help lists the options."] },
      exitCodes,
    ],
  };
}
