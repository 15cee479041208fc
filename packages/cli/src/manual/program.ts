/** The page that `postseal --help` prints, and the one about completion. */
import { exitCodes, type Page } from "./page.ts";

export const programPage: Page = {
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
      rows: [
        ["send", "send one message over verified TLS"],
        ["verify", "connect, seal and log in; send nothing"],
        ["sendmail", "take mail from cron, git, PHP, mutt: a drop-in sendmail"],
        ["account", "make an account: postseal account add"],
        ["config", "check the accounts: postseal config check"],
        ["import", "accounts from msmtprc or Nodemailer's settings, made safe"],
        ["lab", "attack a mail client, and see whether it holds"],
        ["completion", "words for the Tab key of bash, zsh or fish"],
        ["--version", "which one this is"],
      ],
    },
    { paragraphs: ["postseal SUBCOMMAND --help lists the options."] },
    exitCodes,
  ],
};

export const completionPage: Page = {
  call: "postseal completion SHELL",
  what: "words for the Tab key of bash, zsh or fish",
  examples: [
    "postseal completion bash > ~/.local/share/bash-completion/completions/postseal",
    "postseal completion zsh > ~/.zfunc/_postseal       (a folder of $fpath)",
    "postseal completion fish > ~/.config/fish/completions/postseal.fish",
  ],
  sections: [
    { paragraphs: ["Standard output is a script for that shell. Write it again when postseal is updated."] },
    {
      heading: "Exit codes",
      rows: [
        ["0", "the script is on standard output"],
        ["64", "a mistake on the command line"],
      ],
    },
  ],
};
