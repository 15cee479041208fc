/** What people give by mistake: nothing where something is due, and the names of other libraries. Each error names the field and the way out. */
import assert from "node:assert/strict";
import { Readable } from "node:stream";
import { suite, test } from "node:test";
import { InputError } from "./errors/input-error.ts";
import { createMailer } from "./mailer.ts";

type Mistake = readonly [given: unknown, field: string, text: RegExp];

const url = "submission://127.0.0.1:1";
const envelope = { from: "a@x.example", to: "b@x.example" };
const message = { ...envelope, subject: "s", text: "t" };

/** It is given as somebody without types gives it. */
function made(...given: readonly unknown[]): unknown {
  return Reflect.apply(createMailer, undefined, given);
}

function sent(given: unknown): Promise<unknown> {
  const mailer = createMailer(url);
  return Promise.resolve(called(mailer, "send", given));
}

function called(object: object, name: string, ...given: readonly unknown[]): unknown {
  const method: unknown = Reflect.get(object, name);
  assert.ok(typeof method === "function");
  return Reflect.apply(method, object, given);
}

function isAbout(field: string, text: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof InputError, String(error));
    assert.equal(error.field, field, error.message);
    assert.match(error.message, text);
    assert.doesNotMatch(error.message, /sesame/);
    return true;
  };
}

const MISSING = /missing\. Is the environment variable set\?$/;
const ALL_SHAPES = /\{ username, password \}, \{ username, accessToken \} or \{ external: true \}/;

suite("a server that is not there", () => {
  for (const [given, field] of [
    [undefined, "server"],
    [null, "server"],
    ["", "server"],
    [" ", "server"],
    [{}, "server.host"],
    [{ host: undefined }, "server.host"],
    [{ host: "" }, "server.host"],
  ] as const)
    test(JSON.stringify(given) ?? "undefined", () => assert.throws(() => made(given), isAbout(field, MISSING)));
});

const servers: readonly Mistake[] = [
  [5, "server", /is a number, not an object/],
  [{ host: "x.example", port: null }, "server.port", /whole number/],
  [{ host: "x.example", transport: null }, "server.transport", /starttls or implicit/],
  [{ host: "x.example", auth: { user: "a" } }, "server.auth", /second argument.*credentials/],
  [{ host: "x.example", pool: true }, "server.pool", /second argument/],
  [{ service: "Gmail" }, "server.service", /write the host/],
];
suite("a server with something else", () => {
  for (const [given, field, text] of servers)
    test(JSON.stringify(given) ?? "undefined", () => assert.throws(() => made(given), isAbout(field, text)));
});

const options: readonly Mistake[] = [
  [null, "options", /is null/],
  ["x", "options", /is a string/],
  [{ tls: null }, "tls", /is null/],
  [{ tls: true }, "tls", /is a boolean/],
  [{ tls: { ca: "-----BEGIN CERTIFICATE-----" } }, "tls.ca", /\{ add: pem \}.*\{ only: pem \}/],
  [{ tls: { ca: Buffer.from("x") } }, "tls.ca", /\{ add: pem \}/],
  [{ tls: { ca: ["x"] } }, "tls.ca", /\{ add: pem \}/],
  [{ tls: { ca: null } }, "tls.ca", /\{ add: pem \}/],
  [{ tls: { ca: { add: Buffer.from("x") } } }, "tls.ca.add", /an object.*readFileSync/],
  [{ tls: { ca: { add: [undefined] } } }, "tls.ca.add[0]", /is missing/],
  [{ tls: { pins: null } }, "tls.pins", /an array/],
  [{ tls: { trust: { pins: null } } }, "tls.trust.pins", /empty list/],
  [{ tls: { clientCertificate: null } }, "tls.clientCertificate", /\{ cert, key/],
  [{ tls: { cert: "x" } }, "tls.cert", /clientCertificate/],
  [{ tls: { servername: "x" } }, "tls.servername", /host/],
  [{ tls: { minVersion: "TLSv1.1" } }, "tls.minVersion", /TLSv1\.2/],
  [{ pool: null }, "pool", /is null/],
  [{ pool: true }, "pool", /is a boolean, not an object: a mailer always has a pool.*\{ connections: 2 \}/],
  [{ pool: { maxConnections: 5 } }, "pool.maxConnections", /pool\.connections/],
  [{ pool: { rateLimit: 5 } }, "pool.rateLimit", /pool\.messagesPerSecond/],
  [{ timeouts: null }, "timeouts", /is null/],
  [{ timeouts: 5 }, "timeouts", /is a number, not an object: .*\{ connect: 5000 \}/],
  [{ clientName: null }, "clientName", /string/],
  [{ connectionTimeout: 5 }, "connectionTimeout", /timeouts/],
  [{ maxConnections: 5 }, "maxConnections", /pool/],
  [{ user: "a", pass: "b" }, "user", /credentials: \{ username, password \}/],
  [{ host: "x.example" }, "host", /first argument/],
  [{ service: "gmail" }, "service", /first argument, such as submissions:\/\/smtp\.gmail\.com/],
  [{ dkim: {} }, "dkim", /second argument of createTransport/],
  [{ tls: { ca: { add: "/etc/mail/ca.pem" } } }, "tls.ca.add", /no certificate in it.*For a file, give readFileSync/],
  [{ secure: false }, "secure", /always required/],
  [{ auth: null }, "auth", /is null/],
  [{ auth: true }, "auth", /is a boolean/],
  [{ auth: { user: "a", pass: "open sesame" } }, "auth.user", /credentials: \{ username, password \}/],
  [{ auth: { mechanisms: ["PLAIN"] } }, "auth.mechanisms", /auth\.mechanism /],
  [{ auth: { mechanism: "NTLM" } }, "auth.mechanism", /SCRAM-SHA-256/],
  [{ auth: { mechanism: null } }, "auth.mechanism", /SCRAM-SHA-256/],
  [{ auth: { minimum: "strong" } }, "auth.minimum", /"scram"/],
];
suite("options", () => {
  for (const [given, field, text] of options)
    test(JSON.stringify(given) ?? "undefined", () => assert.throws(() => made(url, given), isAbout(field, text)));
});

const credentials: readonly Mistake[] = [
  [null, "credentials", ALL_SHAPES],
  ["alice:open sesame", "credentials", ALL_SHAPES],
  [["alice", "open sesame"], "credentials", ALL_SHAPES],
  [Promise.resolve({}), "credentials", /a promise\. Await it/],
  [{}, "credentials", ALL_SHAPES],
  [{ user: "alice", pass: "open sesame" }, "credentials.user", /username here.*password/],
  [{ username: "alice", pass: "open sesame" }, "credentials.pass", /password here/],
  [{ username: "alice", token: "open sesame" }, "credentials.token", /accessToken here/],
  [{ username: "alice", refreshToken: "open sesame" }, "credentials.refreshToken", /a function/],
  [{ username: "alice" }, "credentials.password", MISSING],
  [{ username: "alice", password: undefined }, "credentials.password", MISSING],
  [{ username: "alice", password: "" }, "credentials.password", /empty\. Is the environment variable set\?$/],
  [{ username: undefined, password: "open sesame" }, "credentials.username", MISSING],
  [{ username: undefined, accessToken: "open sesame" }, "credentials.username", MISSING],
  [{ username: "alice", password: null }, "credentials.password", /is null/],
  [{ username: "alice", password: 12_345 }, "credentials.password", /is a number/],
  [{ username: "alice", password: Buffer.from("open sesame") }, "credentials.password", /is an object/],
  [{ username: "alice", password: "open sesame", accessToken: "x" }, "credentials.accessToken", /one of the two/],
  [{ external: false }, "credentials.external", /must be true/],
  [{ external: true, username: "alice" }, "credentials.external", /alone/],
  [{ external: true, authorizationId: null }, "credentials.authorizationId", /is null/],
];
suite("credentials", () => {
  for (const [given, field, text] of credentials) {
    test(`${JSON.stringify(given)} is refused before anything connects`, () => {
      assert.throws(() => made(url, { credentials: given }), isAbout(field, text));
    });
  }

  test("what is undefined counts as not given", () => {
    made(url, { credentials: { username: "alice", password: "x", accessToken: undefined, external: undefined } });
  });

  test("a mechanism that these credentials cannot use is refused before anything connects", () => {
    const auth = { mechanism: "XOAUTH2" };
    const given = { credentials: { username: "alice", password: "open sesame" }, auth };
    assert.throws(() => made(url, given), isAbout("auth.mechanism", /PLAIN/));
  });
});

const messages: readonly Mistake[] = [
  [null, "message", /is null/],
  [undefined, "message", /is undefined/],
  ["text", "message", /is a string/],
  [[message], "message", /is a list/],
  [{ ...message, attachments: null }, "attachments", /array/],
  [{ ...message, attachments: ["plans.pdf"] }, "attachments[0]", /is a string, not an object: give \{ path \}/],
  [
    { ...message, attachments: [{ content: Readable.from([]) }] },
    "attachments[0].content",
    /A stream goes into source/,
  ],
  [{ ...message, attachments: [{ content: 5 }] }, "attachments[0].content", /is neither text nor a Uint8Array\.$/],
  [{ ...message, attachments: [{ path: "/nonexistent" }] }, "attachments[0].path", /read: ENOENT: [a-z ]+\.$/],
  [{ ...message, text: null }, "text", /is null, not a string\.$/],
  [{ ...message, text: Buffer.from("x") }, "text", /is an object, not a string\. Read it first/],
  [{ ...message, html: { path: "page.html" } }, "html", /is an object, not a string\. Read it first/],
  [{ ...message, attachments: [false] }, "attachments[0]", /is false.*filter\(Boolean\)/],
  [{ ...message, attachments: [undefined] }, "attachments[0]", /is missing.*filter\(Boolean\)/],
  [{ ...message, attachments: [null] }, "attachments[0]", /is null.*filter\(Boolean\)/],
  [{ ...message, to: ["b@x.example", ""] }, "to[1]", /is empty.*filter\(Boolean\)/],
  [{ ...message, to: [0] }, "to[0]", /is 0.*filter\(Boolean\)/],
  [{ ...message, to: null }, "to", /is null.*an array/],
  [{ ...message, to: new Set(["b@x.example"]) }, "to", /an array/],
  [{ ...message, cc: false }, "cc", /is a boolean/],
  [{ ...message, envelope: null }, "envelope", /is null/],
  [{ ...message, envelope: { to: null } }, "envelope.to", /is null.*array/],
  [{ ...message, envelope: { to: [null] } }, "envelope.to[0]", /filter\(Boolean\)/],
  [{ ...message, envelope: { to: "b@x.example", from: null } }, "envelope.from", /"" for the null reverse-path/],
  [{ ...message, list: null }, "list", /is null/],
  [{ ...message, list: { unsubscribe: { url: "https://x.example" } } }, "list.unsubscribe", /URI/],
  [{ ...message, list: { unsubscribe: [null] } }, "list.unsubscribe[0]", /filter\(Boolean\)/],
  [{ ...message, headers: [null] }, "headers[0]", /filter\(Boolean\)/],
  [{ ...message, references: [undefined] }, "references[0]", /filter\(Boolean\)/],
  [{ ...message, calendar: null }, "calendar", /is null/],
  [{ ...message, dsn: null }, "dsn", /is null/],
  [{ ...message, attachments: [{ content: "x", filename: null }] }, "attachments[0].filename", /not a string/],
  [
    { ...message, attachments: [{ content: "x", filename: "a", disposition: null }] },
    "attachments[0].disposition",
    /inline/,
  ],
  [{ ...message, attachments: [{ content: "x", cid: "logo" }] }, "attachments[0].cid", /contentId/],
  [{ ...message, raw: "From: a@x.example" }, "raw", /\{ envelope: \{ from, to \}, message \}/],
  [{ ...message, icalEvent: {} }, "icalEvent", /calendar/],
  [{ ...message, amp: "<html amp4email>" }, "amp", /alternatives: \[\{ contentType: "text\/x-amp-html", content \}\]/],
  [
    { ...message, watchHtml: "<b>x</b>" },
    "watchHtml",
    /alternatives: \[\{ contentType: "text\/watch-html", content \}\]/,
  ],
  [{ message: "From: a@x.example\r\n\r\nx" }, "envelope", /is undefined/],
  [{ envelope: null, message: "x" }, "envelope", /is null/],
  [{ envelope: { from: "a@x.example" }, message: "x" }, "envelope.to", /is undefined/],
  [{ envelope, message: null }, "message", /neither/],
];
suite("messages", () => {
  for (const [given, field, text] of messages)
    test(`${field}: ${text.source}`, () => assert.rejects(sent(given), isAbout(field, text)));
});

suite("many messages", () => {
  for (const given of [null, undefined, 5, {}]) {
    test(`${JSON.stringify(given)} is no list`, async () => {
      const mailer = createMailer(url);
      const results = called(mailer, "sendAll", given);
      assert.ok(typeof results === "object" && results !== null);
      await assert.rejects(Promise.resolve(called(results, "next")), isAbout("messages", /list of messages/));
    });
  }
});
