/** The defences of what may be seen: threat E, secrets in what is observed. */
import {
  always,
  type Defence,
  first,
  instead,
  never,
  receiver,
  remove,
  second,
  swap,
  value,
  without,
} from "./defence.ts";

const SECRECY = "test/diagnostics/secrecy.test.ts";
const ADDRESSES = "test/diagnostics/addresses.test.ts";
const CONTAINMENT = "packages/mailer/src/diagnostics/containment.test.ts";
const WATCHERS = "test/diagnostics/failing-watchers.test.ts";
const WITNESS = "packages/mailer/src/diagnostics/witness.test.ts";

export const observationDefences: readonly Defence[] = [
  {
    threat: "E",
    defence: "an initial response is left out of the conversation that is shown",
    removals: [remove("initial-response-is-not-shown")],
    test: SECRECY,
    names: "^PLAIN, refused",
  },
  {
    threat: "E",
    defence: "a response to a challenge is left out of the conversation that is shown",
    removals: [remove("response-is-not-shown")],
    test: SECRECY,
    names: "^LOGIN, refused",
  },
  {
    threat: "E",
    defence: "a challenge is not shown",
    removals: [second("challenge-is-not-shown")],
    test: "packages/mailer/src/wire/reply-secrets.test.ts",
    names: "^a challenge is never shown",
  },
  {
    threat: "E",
    defence: "what a server says is shown without control characters",
    removals: [receiver("words-of-a-server-are-escaped")],
    test: WITNESS,
    names: "^what a server says",
  },
  {
    threat: "E",
    defence: "the digest of CRAM-MD5 that a server says back is struck out",
    removals: [never("proof-of-the-challenge-is-struck-out")],
    test: SECRECY,
    names: "^CRAM-MD5, refused",
  },
  {
    threat: "E",
    defence: "the proof of SCRAM that a server says back is struck out",
    removals: [value("proof-is-struck-out", "undefined")],
    test: SECRECY,
    names: "^SCRAM-SHA-256, refused",
  },
  {
    threat: "E",
    defence: "what is struck out later does not bring back what was before",
    removals: [swap("earlier-secrets-stay-struck-out", [".flat()", ".slice(-1).flat()"])],
    test: "packages/mailer/src/wire/concealment.test.ts",
    names: "^the secret of every login",
  },
  {
    threat: "E",
    defence: "a span has the code of an error, and not its words",
    removals: [value("code-of-an-error-without-its-words", "String($1)")],
    test: "test/diagnostics/opentelemetry.test.ts",
    names: "^a refusal",
  },
  {
    threat: "E",
    defence: "the error type of a span or metric is one of our codes, and not a name that anybody can choose",
    removals: [value("error-type-is-one-of-our-codes", "String($given)")],
    test: ADDRESSES,
    names: "^no span and no metric",
  },
  {
    threat: "E",
    defence: "an issuer with an address is on no span",
    removals: [second("no-address-from-a-certificate")],
    test: ADDRESSES,
    names: "^no span and no metric",
  },
  {
    threat: "E",
    defence: "what a receipt that others made up calls an outcome names no attribute",
    removals: [always("outcomes-are-ours")],
    test: ADDRESSES,
    names: "^no span and no metric",
  },
  {
    threat: "E",
    defence: "what an error that others made up calls a reply code is on no span",
    removals: [first("reply-code-is-a-number")],
    test: ADDRESSES,
    names: "^no span and no metric",
  },
  {
    threat: "-",
    defence: "a subscriber that throws does not end the process",
    removals: [instead("a-watcher-that-throws-is-contained", 'throw new Error("not contained");')],
    test: CONTAINMENT,
    names: "^what a call returns",
  },
  {
    threat: "-",
    defence: "a subscriber that rejects later does not end the process",
    removals: [remove("a-watcher-that-rejects-is-contained")],
    test: CONTAINMENT,
    names: "^a promise that rejects",
  },
  {
    threat: "-",
    defence: "a progress function that rejects later does not end the process",
    removals: [value("progress-that-rejects-is-contained", "$given")],
    test: WATCHERS,
    names: "^a progress function",
  },
  {
    threat: "-",
    defence: "a tracer provider that throws does not keep an application from starting",
    removals: [value("a-provider-that-throws-is-contained", "($1)()")],
    test: WATCHERS,
    names: "^a tracer that fails at getTracer",
  },
  {
    threat: "-",
    defence: "a span that takes no attributes ends",
    removals: [value("a-span-without-attributes-ends", "($1)()")],
    test: WATCHERS,
    names: "^a tracer that fails at setAttributes",
  },
  {
    threat: "-",
    defence: "a measure that fails takes no other with it",
    removals: [value("one-failed-measure-takes-no-other", "($1)()")],
    test: WATCHERS,
    names: "^a meter that fails at record",
  },
  {
    threat: "A",
    defence: "nothing is called sealed before the handshake",
    removals: [value("sealed-after-the-handshake", '"sealed"')],
    test: "test/diagnostics/conversation.test.ts",
    names: "^a session by STARTTLS",
  },
  {
    threat: "-",
    defence: "where nobody listens nothing is made",
    removals: [without("nothing-made-for-nobody", 1)],
    test: WITNESS,
    names: "^without subscribers",
  },
];
