/** The pages about accounts: making one, checking them, importing them. */
import { accountAddOptions, configCheckOptions, importOptions } from "../options.ts";
import type { Page } from "./page.ts";

export const accountPage: Page = {
  call: "postseal account add",
  what: "make an account, and write it when it has worked",
  examples: [
    "postseal account add",
    "postseal account add --address alice@example.com --name work \\",
    "    --server submission://alice@mail.example.com \\",
    `    --password-command '["pass", "show", "mail/work"]'`,
  ],
  sections: [
    {
      paragraphs: [
        "On a terminal it asks for what is not given. The server is found in a table of providers, by SRV records (RFC 6186, RFC 8314) or by autoconfig over HTTPS, and you confirm it. Then it logs in over verified TLS. Only if that works, the account is added to ~/.config/postseal/config.toml, mode 600. The password is not in it: one that is typed goes into a file of its own.",
      ],
    },
    { heading: "Options", options: accountAddOptions },
    { paragraphs: ["Exit codes: those of postseal verify. Whatever is not 0 has written nothing."] },
  ],
};

export const configPage: Page = {
  call: "postseal config check [FILE]",
  what: "say what is wrong with the accounts",
  examples: ["postseal config check", "postseal config check /etc/postseal/config.toml --json"],
  sections: [
    {
      paragraphs: [
        "Without FILE it reads ~/.config/postseal/config.toml ($XDG_CONFIG_HOME counts) and /etc/postseal/config.toml. Every problem is printed, with file, line and remedy. No secret is fetched, and nothing is connected to.",
      ],
    },
    { heading: "Options", options: configCheckOptions },
    {
      heading: "An account, in TOML",
      sample: [
        'default-account = "work"',
        "",
        "[accounts.work]",
        'server = "submission://alice@mail.example.com"',
        'from = ["alice@example.com"]',
        'password-command = ["pass", "show", "mail/work"]',
      ],
      rows: [
        ["Server", 'server; or host, port, transport ("starttls", "implicit"), username'],
        ["Senders", 'from: addresses, or whole domains as "@example.com"'],
        [
          "Secret",
          "password-command, password-file, password-env, password-secret-tool; token-command, token-file, token-env for OAuth 2.0",
        ],
        [
          "More",
          "ca, ca-only, pins, trust-pins, min-tls, require-post-quantum, minimum, mechanism, client-certificate, client-key",
        ],
        ["Above", "default-account; domain; [aliases], for names such as root"],
      ],
    },
    {
      heading: "Exit codes",
      rows: [
        ["0", "nothing is wrong"],
        ["64", "a mistake on the command line"],
        ["78", "something is wrong, or there is no file"],
      ],
    },
  ],
};

export const importPage: Page = {
  call: "postseal import FILE",
  what: "accounts from other programs' settings, made safe",
  examples: ["postseal import ~/.msmtprc", "postseal import mail.json --name shop --write", "postseal import .env"],
  sections: [
    {
      paragraphs: [
        "FILE is an msmtprc, JSON with Nodemailer's options, or has a URL for Nodemailer in it (smtp://…?…). The accounts go to standard output as TOML. Standard error says line by line what was unsafe, what has no place here, and what is there now instead. No program is run, and nothing is connected to.",
      ],
    },
    { heading: "Options", options: importOptions },
    {
      heading: "Exit codes",
      rows: [
        ["0", "imported, whatever was unsafe before"],
        ["64", "a mistake on the command line"],
        ["65", "the file cannot be read, or has no account in it"],
        ["78", "config.toml is not right, or has an account of that name"],
      ],
    },
  ],
};
