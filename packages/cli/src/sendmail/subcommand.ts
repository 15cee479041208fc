/** `postseal sendmail`: its page, with sendmail's letters as options, and what it does. */
import { exitSection, type Row } from "../manual/page.ts";
import { sendmailExits } from "../result/exits.ts";
import type { Subcommand } from "../subcommand.ts";

export const sendmailLetters: readonly Row[] = [
  ["-t", "take the recipients from To, Cc and Bcc of the header"],
  ["-i, -oi", "a line with only a dot does not end the message"],
  ["-f ADDRESS", "the sender; -r and --from are the same; -f '<>' is for none; the last one counts"],
  ["-F NAME", "the sender's name, if the message has no From"],
  ["-N WHEN", "when to notify: never, or any of success,failure,delay"],
  ["-R WHAT", "how much of the message a notification has: full or hdrs"],
  ["-V ID", "an identifier for the notifications"],
  ["-v", "print what became of the message"],
  ["-a NAME, --account NAME", "use this account"],
  ["--json", "print one JSON object to standard output, for errors too"],
  ["--", "every word after this is a recipient"],
];

/** Without options: sendmail's grammar reads the words, and a single letter needs no completion. */
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
          "The message is on standard input. It is delivered at once, through the account of the configuration (postseal config --help) that the sender's address chooses, or through POSTSEAL_URL. If a message is not taken, the exit code says why. If the account has queue = true, it is put into the outbox instead, and the exit code is 0 once it is on the disk; postseal outbox work sends it.",
        ],
      },
      { heading: "Options", rows: sendmailLetters },
      {
        paragraphs: [
          "Accepted, without any effect: -bm, -B 7BIT, -B 8BITMIME, -Ac, -Am, -G, -U, -c, -m, -n, -e X, -h N, -L LABEL, -odX, -oeX, -oBX, -om, -o7, -o8 and the like, -O DeliveryMode=X, -O Max...=X and the like, --read-envelope-from.",
          "Refused: -bs, -bp, -bi, -bd, -bv, -bt, -q, -C, -X, -d, -D, and -t together with recipients.",
          "Bcc is removed. Date, Message-ID and From are added if they are missing, and names without a domain are completed ([aliases], domain). What no server has to take is mended, unless mend = false: a stray CR in the body becomes a space, a text with a line over 998 octets becomes quoted-printable, a header is folded, and UTF-8 in it becomes encoded words. What is signed or encrypted is not changed. A line about each message goes to syslog, or to the log of the account.",
        ],
      },
      {
        ...exitSection(sendmailExits, {
          done: "taken for every recipient, or queued",
          usage: "an option that is unknown, or that cannot be honoured",
          badInput: "the message or an address is bad",
          refused: "refused for all recipients, or for some",
          configuration: "no account, or a mistake in one: postseal config check shows it",
        }),
        heading: "Exit codes (sysexits.h)",
      },
    ],
  },
  run: async (argv, { showPage }) => (await import("./sendmail.ts")).sendmail(argv, showPage),
};
