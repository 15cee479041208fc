/** `postseal account add` and `postseal config check`: options, page, and what they do. */
import { exitSection } from "../manual/page.ts";
import { addOptions, checkOptions } from "./options.ts";
import { type Subcommand, subcommand } from "../subcommand.ts";

export const add: Subcommand = subcommand({
  options: addOptions,
  page: {
    examples: [
      "postseal account add",
      "postseal account add --address alice@example.com --name work \\",
      "    --server submission://alice@mail.example.com \\",
      `    --password-command '["pass", "show", "mail/work"]'`,
    ],
    sections: [
      {
        paragraphs: [
          "On a terminal it asks for what is not given. It looks for the server in a table of providers, in SRV records (RFC 6186, RFC 8314) and in autoconfig over HTTPS, and asks you to confirm it. Then it logs in over verified TLS. Only if that works is the account added to ~/.config/postseal/config.toml, mode 600. The password is not written there: one that you type goes into a file of its own.",
        ],
      },
      { heading: "Options", options: addOptions },
      {
        paragraphs: [
          "Exit codes: those of postseal verify; 73 if a file cannot be written. If the code is not 0, nothing was written.",
        ],
      },
    ],
  },
  run: async (given) => (await import("../setup/add.ts")).addAccount(given),
});

export const check: Subcommand = subcommand({
  options: checkOptions,
  operand: { label: "[FILE]", takes: "word", completes: "file" },
  page: {
    examples: ["postseal config check", "postseal config check /etc/postseal/config.toml --json"],
    sections: [
      {
        paragraphs: [
          "Without FILE it reads ~/.config/postseal/config.toml (or the one in $XDG_CONFIG_HOME) and /etc/postseal/config.toml. It prints every problem, with file, line and remedy. It fetches no secret, and connects to nothing.",
        ],
      },
      { heading: "Options", options: checkOptions },
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
            "password-command, password-file, password-env, password-secret-tool; token-command, token-file, token-env for OAuth 2.0; password-timeout, in seconds, for a program",
          ],
          [
            "More",
            "ca, ca-only, pins, trust-pins, min-tls, require-post-quantum, minimum, mechanism, client-certificate, client-key",
          ],
          ["Outside accounts", "default-account; domain; [aliases], for names such as root"],
        ],
      },
      exitSection(["done", "usage", "configuration"], {
        done: "nothing is wrong",
        configuration: "something is wrong, or there is no file",
      }),
    ],
  },
  run: async (given) => (await import("./check.ts")).check(given),
});
