/** `postseal account add`, `account list` and `config check`: options, page, and what they do. */
import { exitSection } from "../manual/page.ts";
import { listOptions } from "../oauth/options.ts";
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
      "postseal account add --address alice@gmail.com --oauth google",
    ],
    sections: [
      {
        paragraphs: [
          "On a terminal it asks for what is not given. It looks for the server in a table of providers, in SRV records (RFC 6186, RFC 8314) and in autoconfig over HTTPS, and asks you to confirm it. Then it logs in over verified TLS. Only if that works is the account added to ~/.config/postseal/config.toml, mode 600. The password is not written there: one that you type goes into a file of its own.",
          "With --oauth somebody signs in at the issuer, in a browser here or elsewhere, or with --device by a code. The tokens are kept in ~/.local/state/postseal/tokens, mode 600, and renewed by each command that needs one. With --client-credentials or --key-file the application acts for itself, and nobody signs in. The guide is docs/guide/oauth.md.",
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

export const list: Subcommand = subcommand({
  options: listOptions,
  page: {
    examples: ["postseal account list", "postseal account list --json"],
    sections: [
      {
        paragraphs: [
          "Prints each account with its server and how it logs in. For one that signs in by OAuth: since when, when its token was last renewed, and when the sign-in ends if it is not used. It fetches no secret, and connects to nothing.",
        ],
      },
      { heading: "Options", options: listOptions },
      exitSection(["done", "usage", "configuration"], { done: "the accounts were listed" }),
    ],
  },
  run: async (given) => (await import("./list.ts")).list(given),
});

export const check: Subcommand = subcommand({
  options: checkOptions,
  operand: { label: "[FILE]", takes: "word", completes: "file" },
  page: {
    examples: [
      "postseal config check",
      "postseal config check /etc/postseal/config.toml --json",
      "postseal config check --sign-in --renew        (for a timer, once a week)",
    ],
    sections: [
      {
        paragraphs: [
          "Without FILE it reads ~/.config/postseal/config.toml (or the one in $XDG_CONFIG_HOME) and /etc/postseal/config.toml. It prints every problem, with file, line and remedy. It fetches no secret, and connects to nothing.",
          "With --sign-in it also looks whether somebody is signed in for each account that signs in by OAuth. With --renew it asks each issuer for a new token as well: this shows that the sign-in still holds, and keeps it alive where it would end if it is not used.",
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
            "Sign-in by OAuth",
            "oauth = { issuer, client-id, … }: tenant; scope; ca; client-secret-file, client-secret-command; client-key, client-certificate; flow; key-file",
          ],
          [
            "More",
            "ca, ca-only, pins, trust-pins, min-tls, require-post-quantum, minimum, mechanism, client-certificate, client-key",
          ],
          [
            "Outbox",
            "queue = true: postseal sendmail queues; on-unknown; messages-per-second or messages-per-minute; recipients-per-minute or recipients-per-day",
          ],
          ["Outside accounts", "default-account; domain; [aliases], for names such as root; outbox, the outbox's file"],
        ],
      },
      exitSection(["done", "usage", "later", "notLoggedIn", "configuration"], {
        done: "nothing is wrong",
        later: "with --renew: an issuer could not be asked just now, and no account needs a person",
        notLoggedIn: "with --sign-in: a person has to sign in for at least one account",
        configuration: "something is wrong, or there is no file",
      }),
    ],
  },
  run: async (given) => (await import("./check.ts")).check(given),
});
