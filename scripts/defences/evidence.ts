/** The defences of secrets in what a server says, and of what the seal claims. */
import type { Defence } from "./defence.ts";

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
    threat: "E",
    defence: "a challenge that is not base64 is cancelled",
    edits: [["session/authenticate.ts", "if (error instanceof AuthenticationError) {", "if (false) {"]],
    test: LOGIN,
    names: "^a challenge that is not base64",
  },
  {
    threat: "E",
    defence: "a token that was refused within the exchange stays refused when the connection is lost",
    edits: [["session/authenticate.ts", "error instanceof MailError && mechanism.refusal !== undefined", "false"]],
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
  {
    threat: "E",
    defence: "a secret that goes on in the next line of a reply is struck out",
    edits: [["wire/concealment.ts", ", ...rangesAcross(this.#looseForms, lines)", ""]],
    test: CONCEALMENT,
    names: "^a secret in several lines",
  },
  {
    threat: "E",
    defence: "a piece of a secret that a cut left at the end is struck out",
    edits: [["wire/concealment.ts", "const piece = this.#pieceAtEnd(whole);", "const piece = 0;"]],
    test: CONCEALMENT,
    names: "^of what is cut off",
  },
  {
    threat: "E",
    defence: "a mailer has one list of secrets for all of its connections",
    edits: [
      ["session/context.ts", "concealment: new Concealment(),", "get concealment() { return new Concealment(); },"],
    ],
    test: SECRECY,
    names: "^the secret of PLAIN is in nothing",
  },
  {
    threat: "E",
    defence: "a password that a mailer was given is struck out before it is used",
    edits: [["mailer.ts", "context.concealment.add(secretForms(credentials));", "void secretForms(credentials);"]],
    test: SECRECY,
    names: "^a password that a mailer was given",
  },
  {
    threat: "E",
    defence: "a reply that is known by its octets is looked through again when there is a new secret",
    edits: [["wire/reply-parser.ts", "if (this.#revision !== this.#concealment.revision) {", "if (false) {"]],
    test: "packages/mailer/src/wire/reply-parser.test.ts",
    names: "^a reply that was heard before the secret",
  },
  {
    threat: "E",
    defence: "what verify returns has no secret that was fetched after EHLO",
    edits: [["mailer.ts", "capabilities.keywordsWithout(this.#concealment)", "capabilities.keywords"]],
    test: SECRECY,
    names: "^a keyword that is the secret",
  },
  {
    threat: "E",
    defence: "what a server can does not depend on the words of a secret",
    edits: [["protocol/capabilities.ts", "keywordsIn(this.#verbatim);", "keywordsIn(reply.lines);"]],
    test: SECRECY,
    names: "^a password that is a word of SMTP",
  },
  {
    threat: "E",
    defence: "the mechanisms that a server offers are shown without secrets",
    edits: [["sasl/select.ts", "shown(show?.(words) ?? words)", "shown(words)"]],
    test: "packages/mailer/src/sasl/select.test.ts",
    names: "^what is offered is shown",
  },
  {
    threat: "E",
    defence: "no secret is fetched if no mechanism could use it",
    edits: [
      ["session/authenticate.ts", 'if (typeof credentials === "function") assertUsable(mechanisms, choice);', ""],
    ],
    test: LOGIN,
    names: "^no secret is fetched",
  },
  {
    threat: "C13",
    defence: "the path to the root is followed by signatures",
    edits: [["tls/path.ts", " && isSignedBy(subject, issuer)", ""]],
    test: PATH,
    names: "^a link by name alone",
  },
  {
    threat: "C13",
    defence: "the path to the root is followed by links in their time",
    edits: [["tls/path.ts", "return isInTime && ", "return "]],
    test: PATH,
    names: "^a link out of its time",
  },
  {
    threat: "C13",
    defence: "the root is the end of the path that was verified, not of what Node reports",
    edits: [["tls/handshake.ts", "const root = path?.at(-1);", "const root = chain.at(-1);"]],
    test: ORIGIN,
    names: "^the seal says which authority vouched",
  },
  {
    threat: "C13",
    defence: "trusted certificates come before those that the peer sent",
    edits: [
      [
        "tls/path.ts",
        "[...authorities.namedAsIssuerOf(subject), ...reported]",
        "[...reported, ...authorities.namedAsIssuerOf(subject)]",
      ],
    ],
    test: ORIGIN,
    names: "^the seal says which authority vouched",
  },
  {
    threat: "C14",
    defence: "a certificate for server gated cryptography is not one for servers",
    edits: [["tls/identity.ts", "purposes === undefined || purposes.includes(SERVER_AUTHENTICATION)", "true"]],
    test: CHAIN,
    names: "server gated cryptography is not one",
  },
  {
    threat: "C14",
    defence: "a certificate of an authority for server gated cryptography is none for servers",
    edits: [["tls/handshake.ts", "judged.every(isForServers)", "judged.slice(0, 1).every(isForServers)"]],
    test: CHAIN,
    names: "^nor is one of an authority",
  },
  {
    threat: "E",
    defence: "the names in a certificate are shown without secrets",
    edits: [["tls/handshake.ts", "shown(concealment.strike(leaf.issuer", "shown((leaf.issuer"]],
    test: CHAIN,
    names: "^the names in a certificate",
  },
  {
    threat: "E",
    defence: "what cannot be seen is shown as what it is",
    edits: [["errors/shown.ts", "\\p{Default_Ignorable_Code_Point}]", "]"]],
    test: SHOWN,
    names: "^what cannot be seen",
  },
  {
    threat: "E",
    defence: "no half of a character is left where a text is cut",
    edits: [["errors/shown.ts", "isPair ? LONGEST - 1 : LONGEST", "LONGEST"]],
    test: SHOWN,
    names: "^a character is not cut",
  },
  {
    threat: "E",
    defence: "observers are told of the alarm, and not of what followed it",
    edits: [["diagnostics/witness.ts", "this.#failure ?? cause", "cause"]],
    test: LOGIN,
    names: "^the alarm over a challenge .* it closes",
  },
];
