/** The pages about `postseal send` and `postseal verify`. */
import { loginOptions, messageOptions, runOptions, tlsOptions } from "../options.ts";
import { exitCodes, type Page, type Section } from "./page.ts";

const server: readonly Section[] = [
  { heading: "Server and login", options: loginOptions },
  {
    heading: "TLS",
    paragraphs: ["It is always on and always verified. These say by what, and how much more."],
    options: tlsOptions,
  },
  { heading: "The run", options: runOptions },
  exitCodes,
];

export const sendPage: Page = {
  call: "postseal send",
  what: "send one message over verified TLS",
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
};

export const verifyPage: Page = {
  call: "postseal verify",
  what: "connect, seal and log in; send nothing",
  examples: [
    "postseal verify --server submission://alice@mail.example.com \\",
    "    --password-file ~/.config/postseal/password",
    "postseal verify --server submissions://mail.example.com --require-pq --json",
  ],
  sections: [
    {
      paragraphs: [
        "Prints what TLS proved, the pin of the server's key, the login that worked and what the server offers. Without a user in the URL there is no login.",
      ],
    },
    ...server,
  ],
};
