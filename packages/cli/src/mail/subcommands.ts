/** `postseal send` and `postseal verify`: options, page, and what they do. */
import { exitCodes, type Section } from "../manual/page.ts";
import { loginOptions, messageOptions, runOptions, sendOptions, tlsOptions, verifyOptions } from "./options.ts";
import { type Subcommand, subcommand } from "../subcommand.ts";

const server: readonly Section[] = [
  { heading: "Server and login", options: loginOptions },
  {
    heading: "TLS",
    paragraphs: [
      "TLS is always on and always verified. These options say which authorities and keys to trust, and what more to demand.",
    ],
    options: tlsOptions,
  },
  { heading: "Time limit and output", options: runOptions },
  exitCodes,
];

export const send: Subcommand = subcommand({
  options: sendOptions,
  page: {
    examples: [
      "postseal send --server submission://alice@mail.example.com \\",
      "    --password-file ~/.config/postseal/password \\",
      "    --from 'Alice <alice@example.com>' --to bob@example.org \\",
      "    --subject 'The report' --text 'Here it is.' --attach report.pdf",
      "df -h | postseal send --from cron@example.com --to root@example.com \\",
      "    --subject 'Disks' --text -               (server from POSTSEAL_URL)",
      "postseal send --message signed.eml --from a@example.com --to b@example.org",
    ],
    sections: [{ heading: "Message", options: messageOptions }, ...server],
  },
  run: async (given) => (await import("./send.ts")).send(given),
});

export const verify: Subcommand = subcommand({
  options: verifyOptions,
  page: {
    examples: [
      "postseal verify --server submission://alice@mail.example.com \\",
      "    --password-file ~/.config/postseal/password",
      "postseal verify --server submissions://mail.example.com --require-pq --json",
    ],
    sections: [
      {
        paragraphs: [
          "Prints what TLS proved, the pin of the server's key, the login that worked and what the server offers. If the URL has no user, there is no login.",
        ],
      },
      ...server,
    ],
  },
  run: async (given) => (await import("./verify.ts")).verify(given),
});
