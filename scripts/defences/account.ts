/** The defences of the command as a sendmail, and of its accounts. Threats A, C, E, F and G. */
import { always, body, type Defence, instead, never, receiver, swap, value, without } from "./defence.ts";

const SENDMAIL = "test/cli/sendmail.test.ts";
const ACCOUNT = "test/cli/account.test.ts";
const ADD = "test/cli/account-add.test.ts";
const HTTPS = "packages/cli/src/setup/https-text.test.ts";

export const accountDefences: readonly Defence[] = [
  {
    threat: "F",
    defence: "Bcc does not leave sendmail",
    removals: [receiver("bcc-stays-here")],
    test: SENDMAIL,
    names: "Bcc",
  },
  {
    threat: "F",
    defence: "a control character in a recipient of the command line is refused",
    removals: [value("recipient-without-control-characters", "undefined")],
    test: SENDMAIL,
    names: "hides an address",
  },
  {
    threat: "G",
    defence: "where some have a message, sendmail's callers are not told to try again",
    removals: [body("partly-is-never-again", "return 75;")],
    test: SENDMAIL,
    names: "never 75",
  },
  {
    threat: "E",
    defence: "a mistake in a configuration stops all of it",
    removals: [never("one-mistake-stops-all")],
    test: ACCOUNT,
    names: "half a policy",
  },
  {
    threat: "E",
    defence: "a password file that others can read is not used",
    removals: [always("password-file-is-hidden")],
    test: ACCOUNT,
    names: "others can read",
  },
  {
    threat: "E",
    defence: "no shell takes a password command apart",
    removals: [value("no-shell", "{ ...$, shell: true }")],
    test: ACCOUNT,
    names: "no shell",
  },
  {
    threat: "E",
    defence: "what a failed password program printed is in no error",
    removals: [
      value(
        "nothing-printed-is-repeated",
        "Object.assign($, Object.fromEntries(Object.keys($).map((key) => [key, JSON.stringify([...arguments])])))",
      ),
    ],
    test: ACCOUNT,
    names: "not repeated",
  },
  {
    threat: "C",
    defence: "an account that has not logged in over verified TLS is not written",
    removals: [
      instead(
        "no-login-no-account",
        'return JSON.parse(\'{"seal":{"certificate":{"notAfter":""}},"capabilities":[]}\');',
      ),
    ],
    test: ADD,
    names: "is not written",
  },
  {
    threat: "C",
    defence: "a key is trusted by the whole word yes alone",
    removals: [swap("the-whole-word-yes", ['=== "yes"', '.startsWith("y")'])],
    test: ADD,
    names: "was not compared",
  },
  {
    threat: "A",
    defence: "no step of autoconfig is taken in the clear",
    removals: [without("autoconfig-by-https", 2)],
    test: HTTPS,
    names: "in the clear",
  },
  {
    threat: "E",
    defence: "no secret is printed by import",
    removals: [value("found-secret-is-not-printed", "$ + String($given)")],
    test: "test/cli/import.test.ts",
    names: "^the configuration made from (gmail|right).json",
  },
];
