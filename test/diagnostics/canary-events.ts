/** Events and errors that have a mail address in every place that has room for one, with a canary in the address. */
import fc from "fast-check";
import {
  type DiagnosticsEvents,
  type DiagnosticsName,
  MailError,
  type Receipt,
  ReplyError,
  type Seal,
} from "@postseal/mailer";

/** What the test looks for: no word that any attribute has. */
const local = fc.stringMatching(/^[a-z]{12}$/).map((letters) => `canary${letters}`);

/** An address as it may stand in a text. */
export const address: fc.Arbitrary<string> = local.chain((name) =>
  fc.constantFrom(
    `${name}@example.com`,
    `${name.toUpperCase()}@example.com`,
    `"${name} x"@example.com`,
    `<${name}@[192.0.2.1]>`,
    `${name}@例え.example`,
    `x@${name}.example`,
  ),
);

/** What a caller's function may throw, with the address wherever an error has room for one. */
export const thrown: fc.Arbitrary<(mailbox: string) => unknown> = fc.constantFrom(
  (mailbox) => mailbox,
  (mailbox) => ({ code: mailbox, name: mailbox }),
  (mailbox) => named(new Error(mailbox), mailbox),
  (mailbox) => Object.assign(named(new Error(mailbox), mailbox), { code: mailbox }),
  (mailbox) => new DOMException(mailbox, mailbox),
  (mailbox) => new (classNamed(mailbox))(mailbox),
  (mailbox) => new AggregateError([new Error(mailbox)], mailbox, { cause: mailbox }),
  (mailbox) => refusal(mailbox),
  (mailbox) => Object.assign(refusal(mailbox), { code: mailbox }),
  (mailbox) => Object.assign(refusal(mailbox), { reply: { code: mailbox, text: mailbox } }),
  (mailbox) => new Proxy(new Error(mailbox), { get: () => raise(mailbox), getPrototypeOf: () => raise(mailbox) }),
);

/** Where an address can stand in each event. An event that is missing here does not compile. */
export const events: {
  readonly [Name in DiagnosticsName]: (id: number, mailbox: string, error: unknown) => DiagnosticsEvents[Name];
} = {
  "connection.opening": (id) => connection(id),
  "connection.opened": (id) => connection(id),
  "connection.sealed": (id, mailbox) => ({ ...connection(id), seal: sealOf(mailbox) }),
  "connection.authenticating": (id) => connection(id),
  "connection.authenticated": (id) => ({ ...connection(id), mechanism: "PLAIN" }),
  "connection.closed": (id, _, error) => ({ ...connection(id), error }),
  "conversation.command": (id, mailbox) => ({ ...connection(id), text: `RCPT TO:<${mailbox}>` }),
  "conversation.body": (id) => ({ ...connection(id), framing: "bdat", octets: 7 }),
  "conversation.reply": (id, mailbox) => ({ ...connection(id), code: 550, lines: [`5.1.1 ${mailbox}: nobody`] }),
  "message.begun": (id) => ({ message: id, server: SERVER }),
  "message.concluded": (id, mailbox, error) => ({
    message: id,
    connections: [1],
    server: SERVER,
    error,
    receipt: receiptOf(mailbox),
  }),
};

const SERVER = { host: "mail.example.net", port: 587, transport: "starttls" } as const;

function connection(id: number): DiagnosticsEvents["connection.opened"] {
  return { connection: id, server: SERVER, side: "sealed" };
}

/** The name of an authority is what its maker typed into OpenSSL. */
function sealOf(mailbox: string): Seal {
  const issuer = `C=XX, O=Example, CN=Example Root, emailAddress=${mailbox}`;
  return {
    protocol: "TLSv1.3",
    cipherSuite: "TLS_AES_256_GCM_SHA384",
    keyExchange: "X25519MLKEM768",
    postQuantum: true,
    verifiedBy: "pkix",
    serverName: SERVER.host,
    certificate: { fingerprint: "00", spki: "AA==", issuer, notAfter: "2027-01-01T00:00:00.000Z" },
  };
}

function receiptOf(mailbox: string): Receipt {
  const reply = { code: 550, enhanced: "5.1.1", text: mailbox, stage: "recipient" } as const;
  return {
    messageId: `<${mailbox}>`,
    sender: mailbox,
    recipients: [
      { address: mailbox, outcome: "refused", reply },
      { address: mailbox, outcome: "accepted" },
      // What code of others has made up.
      { address: mailbox, outcome: "accepted", ...JSON.parse(JSON.stringify({ outcome: mailbox })) },
    ],
    seal: sealOf(mailbox),
  };
}

function refusal(mailbox: string): ReplyError {
  return new ReplyError("MAIL_REFUSED", mailbox, { code: 550, text: mailbox });
}

export function named(error: Error, name: string): Error {
  return Object.defineProperty(error, "name", { value: name, enumerable: true });
}

/** A class of ours by inheritance, and of somebody else by its name. */
function classNamed(name: string): new (message: string) => Error {
  class Theirs extends MailError {
    readonly code = "MAIL_FAULT";
    constructor(message: string) {
      super(message, { disposition: "ask" });
    }
  }
  return Object.defineProperty(Theirs, "name", { value: name });
}

function raise(mailbox: string): never {
  throw named(new Error(mailbox), mailbox);
}
