/** The defences of what takes the place of others: Nodemailer's transport, sendmail, and accounts. Threats E, F and G. */
import type { Defence } from "./defence.ts";

const ENVELOPE = "test/adapters/envelope.test.ts";
const NODEMAILER = "test/adapters/nodemailer.test.ts";
const SENDMAIL = "test/cli/sendmail.test.ts";
const ACCOUNT = "test/cli/account.test.ts";
const ADD = "test/cli/account-add.test.ts";
const HTTPS = "packages/cli/src/setup/https-text.test.ts";

/** Edits are below the mailer's sources; the command's are beside them. */
const cli = (file: string): string => `../../cli/src/${file}`;

export const dropInDefences: readonly Defence[] = [
  {
    threat: "F",
    defence: "Nodemailer's reading of the recipients and ours are the same",
    edits: [
      ["adapters/nodemailer/envelope.ts", 'if (!isSame(to, recipients)) throw difference("to", to, recipients);', ""],
    ],
    test: ENVELOPE,
    names: "",
  },
  {
    threat: "F",
    defence: "Nodemailer's reading of the sender and ours are the same",
    edits: [
      [
        "adapters/nodemailer/envelope.ts",
        "if (!senders.some((sender) => sender.key === from.key)) throw",
        "if (false) throw",
      ],
    ],
    test: ENVELOPE,
    names: "",
  },
  {
    threat: "A",
    defence: "a proxy set on the transporter is not gone around",
    edits: [
      [
        "adapters/nodemailer/transport.ts",
        'if (typeof this.getSocket === "function") throw proxyError();\n    judgeOptions',
        "judgeOptions",
      ],
    ],
    test: NODEMAILER,
    names: "proxy",
  },
  {
    threat: "E",
    defence: "another account for one message is not passed over",
    edits: [["adapters/nodemailer/transport.ts", "    judgeOptions(mail.data);\n", ""]],
    test: NODEMAILER,
    names: "another account",
  },
  {
    threat: "G",
    defence: "what is unknown has no code that applications send again on",
    edits: [
      [
        "adapters/nodemailer/transport-error.ts",
        'return { code: "EMESSAGE", command: "DATA" };',
        'return { code: "ECONNECTION", command: "DATA" };',
      ],
    ],
    test: NODEMAILER,
    names: "fate is unknown",
  },
  {
    threat: "G",
    defence: "Upyo is not told that all went well where some recipients got nothing",
    edits: [
      ["adapters/upyo.ts", 'if (recipients.every(({ outcome }) => outcome === "accepted")) return', "if (true) return"],
    ],
    test: "test/adapters/upyo.test.ts",
    names: "",
  },
  {
    threat: "F",
    defence: "Bcc does not leave sendmail",
    edits: [[cli("sendmail/submission.ts"), "!/^(?:resent-)?bcc$/i.test(name)", "true"]],
    test: SENDMAIL,
    names: "Bcc",
  },
  {
    threat: "F",
    defence: "a control character in a recipient of the command line is refused",
    edits: [[cli("sendmail/submission.ts"), "if (/[\\u0000-\\u001f\\u007f-\\u009f]/.test(word)) {", "if (false) {"]],
    test: SENDMAIL,
    names: "smuggle",
  },
  {
    threat: "G",
    defence: "where some have a message, sendmail's callers are not told to try again",
    edits: [
      [
        cli("sendmail/exit-status.ts"),
        "if (code === PARTLY) return UNAVAILABLE;",
        "if (code === PARTLY) return LATER;",
      ],
    ],
    test: SENDMAIL,
    names: "never 75",
  },
  {
    threat: "E",
    defence: "a mistake in a configuration stops all of it",
    edits: [
      [
        cli("account/configuration-file.ts"),
        "if (first !== undefined) throw new ConfigurationError(first, others);",
        "",
      ],
    ],
    test: ACCOUNT,
    names: "half a policy",
  },
  {
    threat: "E",
    defence: "a password file that others can read is not used",
    edits: [[cli("account/secret.ts"), "if (exposure === undefined) return;", "if (exposure !== null) return;"]],
    test: ACCOUNT,
    names: "others may read",
  },
  {
    threat: "E",
    defence: "no shell takes a password command apart",
    edits: [[cli("account/secret.ts"), "{ env: environment, signal,", "{ shell: true, env: environment, signal,"]],
    test: ACCOUNT,
    names: "no shell",
  },
  {
    threat: "E",
    defence: "what a failed password program printed is in no error",
    edits: [
      [
        cli("account/secret.ts"),
        'return typeof code === "number" ? `${program} ended with ${code}` : `${program} did not end well`;',
        "return error.message;",
      ],
    ],
    test: ACCOUNT,
    names: "not repeated",
  },
  {
    threat: "C",
    defence: "an account that has not logged in over verified TLS is not written",
    edits: [
      [
        cli("setup/trial.ts"),
        "    throw reasonOf(error);\n",
        '    if (error) return JSON.parse(\'{"seal":{"certificate":{"notAfter":""}},"capabilities":[]}\');\n    throw reasonOf(error);\n',
      ],
    ],
    test: ADD,
    names: "is not written",
  },
  {
    threat: "C",
    defence: "a key is trusted by the whole word yes alone",
    edits: [[cli("setup/dialogue.ts"), '.toLowerCase() === "yes"', '.toLowerCase().startsWith("y")']],
    test: ADD,
    names: "was not compared",
  },
  {
    threat: "A",
    defence: "no step of autoconfig is taken in the clear",
    edits: [
      [cli("setup/https-text.ts"), '!URL.canParse(next) || new URL(next).protocol !== "https:"', "!URL.canParse(next)"],
    ],
    test: HTTPS,
    names: "in the clear",
  },
  {
    threat: "C",
    defence: "no autoconfig where the environment switches the check of certificates off",
    edits: [
      [cli("setup/https-text.ts"), 'if (process.env["NODE_TLS_REJECT_UNAUTHORIZED"] === "0") return undefined;', ""],
    ],
    test: HTTPS,
    names: "environment",
  },
  {
    threat: "E",
    defence: "no secret is printed by import",
    edits: [
      [
        cli("import/nodemailer-judge.ts"),
        "          `${what} stands in this file`,",
        "          `${what} stands in this file: ${String(value)}`,",
      ],
    ],
    test: "test/cli/import.test.ts",
    names: "",
  },
];
