/** The defences of secrets in what a server says, and of what the seal claims. */
import {
  type Defence,
  always,
  first,
  instead,
  never,
  receiver,
  remove,
  second,
  swap,
  unwrap,
  value,
  without,
} from "./defence.ts";

const SECRECY = "test/attack/secrecy.test.ts";
const CONCEALMENT = "packages/mailer/src/wire/concealment.test.ts";
const ORIGIN = "test/attack/root-origin.test.ts";
const PATH = "packages/mailer/src/tls/path.test.ts";
const CHAIN = "test/attack/chain.test.ts";
const SHOWN = "packages/mailer/src/errors/shown.test.ts";
const LOGIN = "test/attack/login.test.ts";

export const evidenceDefences: readonly Defence[] = [
  {
    threat: "E",
    defence: "an alarm about a challenge outlives whatever the server says or does after it",
    removals: [receiver("alarm-outlives-what-follows")],
    test: LOGIN,
    names: "^the alarm over a challenge .* it closes",
  },
  {
    threat: "E",
    defence: "a challenge that is not base64 is cancelled",
    removals: [never("bad-challenge-is-cancelled")],
    test: LOGIN,
    names: "^a challenge that is not base64",
  },
  {
    threat: "E",
    defence: "a token that was refused within the exchange stays refused when the connection is lost",
    removals: [remove("refused-token-stays-refused")],
    test: LOGIN,
    names: "^a token refused within the exchange",
  },
  {
    threat: "E",
    defence: "of the errors that SCRAM's server names only those of RFC 5802 are repeated",
    removals: [first("listed-errors-alone")],
    test: "packages/mailer/src/sasl/scram.test.ts",
    names: "more than a value of the list",
  },
  {
    threat: "E",
    defence: "of the statuses that a server gives a token only those of RFC 6750 are repeated",
    removals: [without("listed-statuses-alone", 2)],
    test: "packages/mailer/src/sasl/oauth.test.ts",
    names: "^a status that RFC 6750 does not list",
  },
  {
    threat: "E",
    defence: "a secret that goes on in the next line of a reply is struck out",
    removals: [remove("secret-in-several-lines")],
    test: CONCEALMENT,
    names: "^a secret in several lines",
  },
  {
    threat: "E",
    defence: "a piece of a secret that a cut left at the end is struck out",
    removals: [value("piece-at-the-end-is-struck-out", "0")],
    test: CONCEALMENT,
    names: "^of what is cut off",
  },
  {
    threat: "E",
    defence: "a mailer has one list of secrets for all of its connections",
    removals: [instead("one-list-of-secrets", "get $name() { return $value; }")],
    test: SECRECY,
    names: "^the secret of PLAIN is in nothing",
  },
  {
    threat: "E",
    defence: "a password that a mailer was given is struck out before it is used",
    removals: [never("given-password-is-struck-out-at-once")],
    test: SECRECY,
    names: "^a password that a mailer was given",
  },
  {
    threat: "E",
    defence: "a reply that is known by its octets is looked through again when there is a new secret",
    removals: [never("known-replies-are-looked-through-again")],
    test: "packages/mailer/src/wire/reply-secrets.test.ts",
    names: "^a reply that was heard before the secret",
  },
  {
    threat: "E",
    defence: "what verify returns has no secret that was fetched after EHLO",
    removals: [receiver("keywords-without-later-secrets")],
    test: SECRECY,
    names: "^a keyword that is the secret",
  },
  {
    threat: "E",
    defence: "what a server can does not depend on the words of a secret",
    removals: [without("offers-do-not-depend-on-secrets", 1)],
    test: SECRECY,
    names: "^a password that is a word of SMTP",
  },
  {
    threat: "E",
    defence: "the mechanisms that a server offers are shown without secrets",
    removals: [without("offers-are-shown-without-secrets", 1)],
    test: "packages/mailer/src/sasl/select.test.ts",
    names: "^what is offered is shown",
  },
  {
    threat: "E",
    defence: "no secret is fetched if no mechanism could use it",
    removals: [never("no-use-no-secret")],
    test: LOGIN,
    names: "^no secret is fetched",
  },
  {
    threat: "C13",
    defence: "the path to the root is followed by signatures",
    removals: [without("path-by-signature-and-time", 3)],
    test: PATH,
    names: "^a link by name alone",
  },
  {
    threat: "C13",
    defence: "the path to the root is followed by links in their time",
    removals: [without("path-by-signature-and-time", 1)],
    test: PATH,
    names: "^a link out of its time",
  },
  {
    threat: "C13",
    defence: "the root is the end of the path that was verified, not of what Node reports",
    removals: [value("path-is-verified", "$1")],
    test: ORIGIN,
    names: "^the seal says which authority vouched",
  },
  {
    threat: "C13",
    defence: "trusted certificates come before those that the peer sent",
    removals: [swap("trusted-before-sent", [".find(", ".toReversed().find("])],
    test: ORIGIN,
    names: "^the seal says which authority vouched",
  },
  {
    threat: "C14",
    defence: "a certificate for server gated cryptography is not one for servers",
    removals: [always("certificate-is-for-servers")],
    test: CHAIN,
    names: "^a certificate for .*cryptography does not prove",
  },
  {
    threat: "C14",
    defence: "a certificate of an authority for server gated cryptography is none for servers",
    removals: [swap("each-certificate-is-for-servers", [".every(", ".slice(0, 1).every("])],
    test: CHAIN,
    names: "^a certificate issued by an authority",
  },
  {
    threat: "E",
    defence: "the names in a certificate are shown without secrets",
    removals: [unwrap("names-without-secrets", 1)],
    test: CHAIN,
    names: "^the names in a certificate",
  },
  {
    threat: "E",
    defence: "what cannot be seen is shown as what it is",
    removals: [swap("what-is-invisible-is-shown", ["\\p{Default_Ignorable_Code_Point}", ""])],
    test: SHOWN,
    names: "^what cannot be seen",
  },
  {
    threat: "E",
    defence: "no half of a character is left where a text is cut",
    removals: [second("no-half-character")],
    test: SHOWN,
    names: "^a character is not cut",
  },
  {
    threat: "E",
    defence: "observers hear of the alarm, and not of what followed it",
    removals: [without("observers-learn-the-alarm", 1)],
    test: LOGIN,
    names: "^the alarm over a challenge .* it closes",
  },
];
