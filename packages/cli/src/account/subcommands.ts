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
          "On a terminal it asks for what is not given. The server is found in a table of providers, by SRV records (RFC 6186, RFC 8314) or by autoconfig over HTTPS, and you confirm it. Then it logs in over verified TLS. Only if that works, the account is added to ~/.config/postseal/config.toml, mode 600. The password is not in it: one that is typed goes into a file of its own.",
        ],
      },
      { heading: "Options", options: addOptions },
      { paragraphs: ["Exit codes: those of postseal verify. Whatever is not 0 has written nothing."] },
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
          "Without FILE it reads ~/.config/postseal/config.toml ($XDG_CONFIG_HOME counts) and /etc/postseal/config.toml. Every problem is printed, with file, line and remedy. No secret is fetched, and nothing is connected to.",
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
            "password-command, password-file, password-env, password-secret-tool; token-command, token-file, token-env for OAuth 2.0",
          ],
          [
            "More",
            "ca, ca-only, pins, trust-pins, min-tls, require-post-quantum, minimum, mechanism, client-certificate, client-key",
          ],
          ["Above", "default-account; domain; [aliases], for names such as root"],
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
