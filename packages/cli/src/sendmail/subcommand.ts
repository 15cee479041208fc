/** `postseal sendmail`: its page, whose options are sendmail's letters, and what it does. */
import { exitSection, type Row } from "../manual/page.ts";
import { sendmailExits } from "../result/exits.ts";
import type { Subcommand } from "../subcommand.ts";

export const sendmailLetters: readonly Row[] = [
  ["-t", "recipients from To, Cc and Bcc of the header"],
  ["-i, -oi", "a line of a dot alone does not end the message"],
  ["-f ADDRESS", "the sender; also -r. -f '<>' for none"],
  ["-F NAME", "the sender's name, if the message has no From"],
  ["-N WHEN", "notify: never, or success,failure,delay"],
  ["-R WHAT", "what a notification has of the message: full or hdrs"],
  ["-V ID", "an identifier for notifications"],
  ["-v", "print what became of the message"],
  ["--account NAME", "this account"],
  ["--json", "one JSON object on standard output, for errors too"],
  ["--", "what follows are recipients"],
];

/** Its words are read by sendmail's rules, and no person completes a letter. */
export const sendmail: Subcommand = {
  options: {},
  page: {
    what: "take a message from a program, and deliver it sealed",
    examples: [
      "postseal sendmail -t < message.eml",
      "echo 'Disk full' | postseal sendmail root",
      `ln -s "$(command -v postseal)" /usr/sbin/sendmail     (as root)`,
    ],
    sections: [
      {
        paragraphs: [
          "The message is on standard input. It is delivered at once, through an account of the configuration (postseal config --help) that the sender's address chooses, or through POSTSEAL_URL. There is no queue: what is not taken, the exit code tells.",
        ],
      },
      { heading: "Options", rows: sendmailLetters },
      {
        paragraphs: [
          "Accepted, with nothing left to do: -bm, -B 7BIT, -B 8BITMIME, -G, -U, -m, -n, -h N, -L LABEL, -odX, -oeX, -om, -o7, -o8, -O DeliveryMode=X, -O ErrorMode=X.",
          "Refused: -bs, -bp, -bi, -bd, -bv, -bt, -q, -C, -X, -A, -d, -D.",
          "Bcc is taken out. Date, Message-ID and From are added if they are missing, and names without a domain are completed ([aliases], domain), except in a message with a DKIM signature. The body stays as it is.",
        ],
      },
      {
        ...exitSection(sendmailExits, {
          done: "taken for every recipient",
          usage: "an option that is not known, or that cannot be kept",
          badInput: "the message or an address is bad",
          refused: "refused, or refused for some recipients",
          unknown: "nobody knows whether it was taken: look before sending it again",
          configuration: "no account, or one that is not right: postseal config check",
        }),
        heading: "Exit codes (sysexits.h)",
      },
    ],
  },
  run: async (argv, { showPage }) => (await import("./sendmail.ts")).sendmail(argv, showPage),
};
