/** The defences of secrets in what a server says, and of what the seal claims. */
import type { Defence } from "./defence.ts";

const LOGIN = "test/attack/login.test.ts";

export const evidenceDefences: readonly Defence[] = [
  {
    threat: "B3",
    defence: "an alarm about a challenge outlives whatever the server says or does after it",
    edits: [
      [
        "session/authenticate.ts",
        "await drive(cancelAuth(), channel, options).catch(() => {});",
        "await drive(cancelAuth(), channel, options);",
      ],
    ],
    test: LOGIN,
    names: "^the alarm over a challenge .* it closes",
  },
  {
    threat: "B3",
    defence: "a challenge that is not base64 is cancelled",
    edits: [["session/authenticate.ts", "if (error instanceof AuthenticationError) await", "if (false) await"]],
    test: LOGIN,
    names: "^a challenge that is not base64",
  },
  {
    threat: "B3",
    defence: "a token that was refused within the exchange stays refused when the connection is lost",
    edits: [["session/authenticate.ts", "mechanism.refusal !== undefined) throw", "false) throw"]],
    test: LOGIN,
    names: "^a token refused within the exchange",
  },
  {
    threat: "E",
    defence: "of the errors that SCRAM's server names only those of RFC 5802 are repeated",
    edits: [["sasl/scram-message.ts", "LISTED.has(error)", "error.length > 0"]],
    test: "packages/mailer/src/sasl/scram.test.ts",
    names: "more than a value of the list",
  },
  {
    threat: "E",
    defence: "of the statuses that a server gives a token only those of RFC 6750 are repeated",
    edits: [["sasl/oauth.ts", "STATUSES.has(text)", "text.length > 0"]],
    test: "packages/mailer/src/sasl/oauth.test.ts",
    names: "^a status that RFC 6750 does not list",
  },
];
