/** How to call parsers that need more than text, and which exports take text but do not parse it. */

type Callable = (...args: readonly unknown[]) => unknown;

/** Loads an export of a module: a function, or a class as a function that makes an object of it. */
export type Load = (file: string, name: string) => Promise<Callable>;

const CLI = "packages/cli/src";
const MAILER = "packages/mailer/src";
const OAUTH = "packages/oauth/src";
/** Octets in a piece, as text comes from a socket. */
export const PIECE = 100;

export const calls: Readonly<Record<string, (load: Load) => Promise<(text: string) => unknown>>> = {
  [`${CLI}/account/draft-toml.ts formatDraft`]: async (load) => {
    const formatDraft = await load(`${CLI}/account/draft-toml.ts`, "formatDraft");
    return (text) =>
      formatDraft({ accounts: [{ name: text, keys: new Map([["from", [text]]]) }], defaultAccount: text }, text);
  },
  [`${CLI}/arguments.ts parseArguments`]: async (load) => {
    const parseArguments = await load(`${CLI}/arguments.ts`, "parseArguments");
    const table = { to: { takes: "list" }, text: { takes: "value" } };
    // Few words, but of any length: the system limits their number, and Node's parser takes them from the front of an array.
    return (text) => parseArguments([text, `--text=${text}`, `--to=${text}`, `--${text}`], table, 2);
  },
  [`${CLI}/import/nodemailer.ts importNodemailer`]: async (load) => {
    const importNodemailer = await load(`${CLI}/import/nodemailer.ts`, "importNodemailer");
    const read = await load(`${CLI}/import/nodemailer-options.ts`, "readJsonOptions");
    return (text) => {
      const auth = { type: text, user: text, pass: text };
      return importNodemailer(
        read(JSON.stringify({ host: text, from: text, auth, tls: { ca: text }, [text]: 1 })),
        text,
      );
    };
  },
  [`${CLI}/result/own-words.ts inOwnWords`]: async (load) => {
    const inOwnWords = await load(`${CLI}/result/own-words.ts`, "inOwnWords");
    const names = new Map([["to", "--to"]]);
    const words = {
      names,
      several: (name: unknown) => `Repeat ${String(name)}`,
      whole: "w",
      authority: "--ca",
      key: "--k",
    };
    return (text) => inOwnWords(Object.assign(new Error(`to[1]: ${text}`), { field: `to[1]` }), words);
  },
  [`${OAUTH}/mail-servers.ts mailServers`]: async (load) => {
    const mailServers = await load(`${OAUTH}/mail-servers.ts`, "mailServers");
    return (text) => mailServers([text], {});
  },
  ["packages/lab/src/verdict/delivery.ts deliveryOf"]: async (load) => {
    const deliveryOf = await load("packages/lab/src/verdict/delivery.ts", "deliveryOf");
    return (text) => deliveryOf([{ body: text, username: text }], { username: "a", body: "b c" }, true);
  },
  ...Object.fromEntries(
    ["find", "resolve", "qualify"].map((name) => [`${CLI}/sendmail/names.ts Names.${name}`, named(name)]),
  ),
  [`${CLI}/sendmail/submission.ts submissionOf`]: async (load) => {
    const submissionOf = await load(`${CLI}/sendmail/submission.ts`, "submissionOf");
    const parseSource = await load(`${CLI}/sendmail/source.ts`, "parseSource");
    const words = (await load(`${CLI}/sendmail/words.ts`, "parseWords"))(["-t"]);
    const names = await namesOf(load);
    return (text) => {
      const source = parseSource(Buffer.from(`To: ${text}\nCc: a@example.org, root\n\n${text}`), false);
      return submissionOf(source, words, {
        names,
        own: "a@example.org",
        mends: true,
        takesEightBit: false,
        replaces: () => true,
      });
    };
  },
  // Pushing is not enough: the octets are read too, as lines and as a message.
  "packages/lab/src/server/intake.ts Intake.push": async (load) => {
    const make = await load("packages/lab/src/server/intake.ts", "Intake");
    const makeContent = await load("packages/lab/src/server/content.ts", "Content");
    return (text) => {
      for (const read of ["line", "message"]) {
        const intake = make({ lineEnd: "LF", longestLine: Infinity });
        const content = makeContent(text.length / 2);
        for (let at = 0; at < text.length; at += PIECE) {
          method(intake, "push")(Buffer.from(text.slice(at, at + PIECE)));
          while (method(intake, read)(content) instanceof Buffer);
        }
      }
    };
  },
  // Every message of an exchange is hostile.
  "packages/lab/src/server/scram.ts scram": async (load) => {
    const scram = await load("packages/lab/src/server/scram.ts", "scram");
    return (text) => {
      const second = method(scram({ hash: "sha1", passwordOf: () => "x" }), "hear")(Buffer.from(`n,,${text}`));
      return method(second, "hear")(Buffer.from(text));
    };
  },
  // Only the text is hostile: the canaries are our own.
  "packages/lab/src/verdict/leaks.ts findLeaks": async (load) => {
    const findLeaks = await load("packages/lab/src/verdict/leaks.ts", "findLeaks");
    const [username, password, body] = ["user-canary", "password-canary", "body-canary"];
    const canaries = { username, password, body, sender: "a@canary.test", recipient: "b@canary.test" };
    return (text) => findLeaks({ client: text, server: text }, canaries);
  },
  // Only the text is hostile: the indents are our own.
  "packages/lab/src/report/layout.ts wrap": async (load) => {
    const wrap = await load("packages/lab/src/report/layout.ts", "wrap");
    return (text) => wrap(text, 80, { first: "", rest: "  " });
  },
  [`${MAILER}/message/attachment-label.ts judgeCharset`]: async (load) => {
    const judgeCharset = await load(`${MAILER}/message/attachment-label.ts`, "judgeCharset");
    return (text) => judgeCharset({ type: [text, `charset=${text}`], field: text }, text);
  },
  [`${MAILER}/message/prepare.ts prepareMessage`]: async (load) => {
    const prepareMessage = await load(`${MAILER}/message/prepare.ts`, "prepareMessage");
    const whole = { from: "a@example.org", to: "b@example.org" };
    return (text) => {
      for (const change of [{ text }, { html: text }, { subject: text }, { to: text }, { headers: { "X-A": text } }])
        tried(() => prepareMessage({ ...whole, ...change }));
      for (const headers of [{ "Errors-To": text }, { "X-A": { ready: text } }, new Map([[text, text]])])
        tried(() => prepareMessage({ ...whole, headers }));
      for (const change of [{ date: text }, { references: text }, { list: { id: text } }, { list: { help: text } }])
        tried(() => prepareMessage({ ...whole, ...change }));
      tried(() => prepareMessage({ ...whole, alternatives: [{ contentType: text, content: text }] }));
      tried(() => prepareMessage({ ...whole, attachments: [{ filename: text, content: text }] }));
      tried(() => prepareMessage({ envelope: whole, message: text }));
      tried(() => prepareMessage({ envelope: whole, message: `A: b\r\n\r\n${text}` }));
    };
  },
  [`${MAILER}/policy/own-options.ts readOptions`]: async (load) => {
    const readOptions = await load(`${MAILER}/policy/own-options.ts`, "readOptions");
    return (text) => readOptions({ [text]: 1 }, new Set(["a"]), { field: text, code: "MAIL_INPUT_OPTION" });
  },
  [`${MAILER}/sasl/credentials.ts judgeCredentials`]: async (load) => {
    const judgeCredentials = await load(`${MAILER}/sasl/credentials.ts`, "judgeCredentials");
    return (text) => judgeCredentials({ username: text, password: text, authorizationId: text }, text);
  },
  "packages/outbox/src/enqueue/fingerprint.ts fingerprint": async (load) => {
    const fingerprint = await load("packages/outbox/src/enqueue/fingerprint.ts", "fingerprint");
    return (text) => {
      const octets = Buffer.from(text, "latin1");
      const pieces = Array.from({ length: Math.ceil(octets.length / PIECE) }, (_, at) =>
        octets.subarray(at * PIECE, (at + 1) * PIECE),
      );
      fingerprint(text, pieces, { date: true, messageId: "<a@example.org>", boundaries: true });
    };
  },
  "packages/outbox/src/options.ts readOptions": async (load) => {
    const readOptions = await load("packages/outbox/src/options.ts", "readOptions");
    return (text) => readOptions({ [text]: 1 }, ["a"], text);
  },
  "packages/testing/src/options.ts readOptions": async (load) => {
    const readOptions = await load("packages/testing/src/options.ts", "readOptions");
    return (text) => readOptions({ [text]: 1 }, ["a"], text);
  },
  [`${MAILER}/protocol/query.ts queryCommand`]: async (load) => {
    const queryCommand = await load(`${MAILER}/protocol/query.ts`, "queryCommand");
    return (text) => queryCommand("VRFY", text, { has: () => true }, "mx");
  },
  // Nothing is pushed once the sink takes no more.
  [`${MAILER}/wire/reply-parser.ts ReplyParser.push`]: async (load) => {
    const make = await load(`${MAILER}/wire/reply-parser.ts`, "ReplyParser");
    const conceal = await load(`${MAILER}/wire/concealment.ts`, "Concealment");
    return (text) => {
      const push = method(make(conceal(), "mx.example:587"), "push");
      for (let at = 0; at < text.length; at += PIECE) push(Buffer.from(text.slice(at, at + PIECE)), () => true);
    };
  },
};

function named(name: string): (load: Load) => Promise<(text: string) => unknown> {
  return async (load) => method(await namesOf(load), name);
}

function method(object: unknown, name: string): Callable {
  const call: unknown = Reflect.get(Object(object), name);
  if (typeof call !== "function") throw new TypeError(name);
  return (...args): unknown => Reflect.apply(call, object, args);
}

/** Ignores a refusal, so that the next call runs too. */
function tried(call: () => unknown): void {
  try {
    call();
  } catch {
    // Only the time until the refusal counts.
  }
}

async function namesOf(load: Load): Promise<object> {
  const make = await load(`${CLI}/sendmail/names.ts`, "Names");
  const names = make({ aliases: new Map([["a", ["a@example.org"]]]), domain: "example.org" });
  if (typeof names !== "object" || names === null) throw new TypeError("Names");
  return names;
}

const LOOKS_UP = "looks a name up in what parseConfiguration has read";
const BELOW = "reads a part of what parseConfiguration reads, which is driven";
const SETTINGS = "a part of the readers of import/programs, which are driven";
const HOLDS = "holds a connection; text goes through its parsers, which are driven";
const WITHIN = "a part of prepareMessage, which is driven";
const LATER = "works with what prepareMessage has judged already";

export const notParsers: Readonly<Record<string, string>> = {
  "packages/lab/src/isolation/program.ts findProgram": "looks along the user's own PATH for the user's own program",
  "packages/mailer/src/session/refused-login.ts closedAfterRefusal": "an error",
  "packages/mailer/src/session/refused-login.ts isSame": "compares two tokens",
  "packages/mailer/src/session/refused-login.ts refusalError": "words for a reply that the reply parser has limited",
  "packages/mailer/src/session/refused-login.ts refusedWithin": "words for a refusal that the mechanism has limited",
  "packages/oauth/src/jwt.ts signedJwt": "signs what the caller has set up",
  "packages/oauth/src/program-store.ts programStore": "the words of the user's own program",
  "packages/cli/src/account/account-table.ts accountOf": BELOW,
  "packages/cli/src/account/choice.ts accountNamed": LOOKS_UP,
  "packages/cli/src/account/choice.ts accountFor": LOOKS_UP,
  "packages/cli/src/account/problem.ts ConfigurationError": "an error",
  "packages/cli/src/account/oauth-keys.ts oauthOf": BELOW,
  "packages/cli/src/account/secret-keys.ts referenceOf": BELOW,
  "packages/cli/src/account/secret-keys.ts secretOf": BELOW,
  "packages/cli/src/account/table-reader.ts TableReader": BELOW,
  "packages/cli/src/account/sendmail-keys.ts sendmailOf": BELOW,
  "packages/cli/src/account/tls-keys.ts tlsOf": BELOW,
  "packages/cli/src/import/settings/account-of.ts accountOf": SETTINGS,
  "packages/cli/src/import/settings/account-of.ts draft": SETTINGS,
  "packages/cli/src/import/settings/account-of.ts draftOf": SETTINGS,
  "packages/cli/src/import/settings/login.ts loginOf": SETTINGS,
  "packages/cli/src/import/settings/security.ts secured": SETTINGS,
  "packages/cli/src/import/settings/sorted.ts sorted": SETTINGS,
  "packages/cli/src/import/settings/url.ts urlParts": SETTINGS,
  "packages/cli/src/import/settings/variables.ts variableLike": SETTINGS,
  "packages/cli/src/import/shape.ts lineLike": SETTINGS,
  "packages/cli/src/interruption.ts interruptible": "listens to signals",
  "packages/cli/src/result/report.ts writeReport": "prints what is made safe already",
  "packages/cli/src/sendmail/address-list.ts endOfToken": "a part of parseAddressList, which is driven",
  "packages/cli/src/sendmail/encoded-words.ts encodedWords": "a part of phraseOf, which is driven",
  "packages/cli/src/sendmail/mend/encoded-text.ts encodedText": "a part of mendedField, which is driven",
  "packages/cli/src/sendmail/own-sender.ts withOwnSender": "a part of submissionOf, which is driven",
  "packages/cli/src/sendmail/submission.ts senderOf": "a part of submissionOf, which is driven",
  "packages/cli/src/mail/server.ts serverOf": "asks hasPassword and URL",
  "packages/cli/src/setup/oauth-options.ts serverOfIssuer": "asks knownIssuerOf and likelyTenantOf",
  "packages/cli/src/manual/guides.ts withExitTables": "reads our own guides",
  "packages/lab/src/authority/tls-profile.ts createContext": "gives OpenSSL what our own authority has issued",
  "packages/lab/src/clients/node.ts nodeDriver": "joins paths of our own",
  "packages/lab/src/clients/program.ts Interpreter": "runs programs",
  "packages/lab/src/report/layout.ts paint": "puts colour around text",
  "packages/lab/src/report/record.ts recordConnections": "counts what transcripts hold",
  "packages/lab/src/server/command.ts ehloReply": "joins what a server of ours offers",
  "packages/lab/src/server/session.ts HonestSession": HOLDS,
  "packages/mailer/src/errors/mail-error.ts copyOf": "an error",
  "packages/outbox/src/conformance/engines.ts settlement": "a part of tests",
  "packages/outbox/src/enqueue/own-transaction.ts enqueueIn": "runs statements with what is judged already",
  "packages/outbox/src/options.ts readChoice": "compares with a few words",
  "packages/outbox/src/sqlite/row.ts word": "compares with a few words",
  "packages/outbox/src/sqlite/sender-refusal.ts countRefusal": "runs statements, and compares texts",
  "packages/testing/src/failure.ts neverHappened": "an error",
  "packages/mailer/src/adapters/nodemailer/sent-info.ts sentInfo": "puts text into an object",
  "packages/mailer/src/adapters/nodemailer/transport-error.ts streamError": "an error",
  "packages/mailer/src/message/attachment.ts heldPart": WITHIN,
  "packages/mailer/src/message/compose.ts compose": WITHIN,
  "packages/mailer/src/message/composed.ts Composed": LATER,
  "packages/mailer/src/message/octet-source.ts openStream": WITHIN,
  "packages/mailer/src/message/ready-message.ts readyMessage": WITHIN,
  "packages/mailer/src/net/loss.ts answeredEarly": "an error",
  "packages/mailer/src/net/race.ts race": "connects",
  "packages/mailer/src/policy/own-options.ts readList": "copies a list",
  "packages/mailer/src/pool/pool.ts Pool": LATER,
  "packages/mailer/src/protocol/ledger.ts Ledger": LATER,
  "packages/mailer/src/protocol/dialogue.ts Interruption": "an error",
  "packages/mailer/src/protocol/mail-parameters.ts mailParameters": LATER,
  "packages/mailer/src/protocol/plan.ts framingOf": LATER,
  "packages/mailer/src/protocol/split.ts addressedTo": LATER,
  "packages/mailer/src/protocol/split.ts hasTooMany": LATER,
  "packages/mailer/src/session/conclusion.ts receiptFor": LATER,
  "packages/mailer/src/session/conclusion.ts conclude": LATER,
  "packages/mailer/src/session/conclusion.ts withReceipt": LATER,
  "packages/mailer/src/tls/clear-channel.ts ClearChannel": HOLDS,
  "packages/mailer/src/wire/reply-parser.ts ReplyParser": "keeps what it is given; push is driven",
  "packages/mailer/src/tls/explain.ts explainVerdict": "an error",
  "packages/mailer/src/tls/identity.ts provesIdentity": "asks OpenSSL",
  "packages/mailer/src/tls/path.ts verifiedPath": "asks OpenSSL",
  "packages/mailer/src/tls/sealed-channel.ts SealedChannel": HOLDS,
};
