import assert from "node:assert/strict";
import { test } from "node:test";
import type { Credentials } from "./credentials.ts";
import type { MechanismName } from "./mechanism.ts";
import { assertUsable, chooseMechanism, type Choice } from "./select.ts";

const user: Credentials = { username: "tim", password: "hunter2" };
const token: Credentials = { username: "tim", accessToken: "abc" };
const certificate: Credentials = { external: true };
const channelBinding = Buffer.alloc(32, 7);
const byStrength: readonly MechanismName[] = [
  "SCRAM-SHA-256-PLUS",
  "SCRAM-SHA-1-PLUS",
  "SCRAM-SHA-256",
  "SCRAM-SHA-1",
  "CRAM-MD5",
  "PLAIN",
  "LOGIN",
];
const chosen = (offered: readonly string[], credentials: Credentials, options: Choice = {}): string =>
  chooseMechanism(offered, credentials, options).name;
const gs2Flag = (offered: readonly string[], options: Choice): string =>
  Buffer.from(chooseMechanism(offered, user, options).initialResponse ?? [])
    .toString()
    .replace(/,.*/, "");

test("the strongest listed mechanism is chosen, in whatever order they are listed", () => {
  for (const [at, name] of byStrength.entries())
    assert.equal(chosen(byStrength.slice(at).toReversed(), user, { channelBinding }), name);
});

test("without a channel binding the strongest mechanism is the strongest unbound one", () => {
  assert.equal(chosen(byStrength, user), "SCRAM-SHA-256");
});

test("names are compared without regard to case, and unknown ones are ignored", () => {
  assert.equal(chosen(["NTLM", "scram-sha-256", "Plain"], user), "SCRAM-SHA-256");
});

test("a token is used by OAUTHBEARER before XOAUTH2, and a certificate by EXTERNAL", () => {
  const all = [...byStrength, "XOAUTH2", "OAUTHBEARER", "EXTERNAL"];
  assert.equal(chosen(all, token), "OAUTHBEARER");
  assert.equal(chosen(["XOAUTH2", "PLAIN"], token), "XOAUTH2");
  assert.equal(chosen(all, certificate), "EXTERNAL");
});

test("an identity to act as is never dropped: mechanisms without a field for it are skipped", () => {
  const offered = ["CRAM-MD5", "LOGIN", "PLAIN"];
  assert.equal(chosen(offered, { ...user, authorizationId: "fred" }), "PLAIN");
  assert.throws(() => chosen(["CRAM-MD5", "LOGIN"], { ...user, authorizationId: "fred" }), {
    code: "MAIL_AUTH_NOT_OFFERED",
  });
  assert.equal(chosen(offered, { ...user, authorizationId: "" }), "CRAM-MD5");
});

test("the GS2 flag is p with -PLUS, y where -PLUS was not listed, n without a binding or by the caller's choice", () => {
  assert.equal(gs2Flag(byStrength, { channelBinding }), "p=tls-exporter");
  assert.equal(gs2Flag(["SCRAM-SHA-1-PLUS", "SCRAM-SHA-256"], { channelBinding }), "p=tls-exporter");
  assert.equal(gs2Flag(["SCRAM-SHA-256", "SCRAM-SHA-1"], { channelBinding }), "y");
  assert.equal(gs2Flag(["SCRAM-SHA-1"], { channelBinding }), "y");
  assert.equal(gs2Flag(["SCRAM-SHA-256"], { channelBinding, mechanism: "SCRAM-SHA-256" }), "y");
  assert.equal(gs2Flag(byStrength, { channelBinding, mechanism: "SCRAM-SHA-256" }), "n");
  assert.equal(gs2Flag(byStrength, {}), "n");
  assert.equal(gs2Flag(["SCRAM-SHA-256"], {}), "n");
});

const notOffered = (message: RegExp): object => ({
  name: "AuthenticationError",
  code: "MAIL_AUTH_NOT_OFFERED",
  message,
});

test("no mechanism below the minimum is chosen", () => {
  const weak = ["CRAM-MD5", "PLAIN", "LOGIN"];
  assert.throws(
    () => chosen(weak, user, { minimum: "scram" }),
    notOffered(
      /offers CRAM-MD5, PLAIN, LOGIN; acceptable here is SCRAM-SHA-256-PLUS, SCRAM-SHA-1-PLUS, SCRAM-SHA-256, SCRAM-SHA-1\..*Lower auth.minimum only/,
    ),
  );
  assert.throws(
    () => chosen([...weak, "SCRAM-SHA-256"], user, { minimum: "scram-plus", channelBinding }),
    notOffered(/acceptable here is SCRAM-SHA-256-PLUS, SCRAM-SHA-1-PLUS\./),
  );
  assert.equal(chosen(byStrength, user, { minimum: "scram" }), "SCRAM-SHA-256");
  assert.equal(chosen(byStrength, user, { minimum: "scram-plus", channelBinding }), "SCRAM-SHA-256-PLUS");
});

test("requiring channel binding on TLS 1.2 fails, and the error says that TLS 1.3 is needed", () => {
  assert.throws(() => chosen(byStrength, user, { minimum: "scram-plus" }), notOffered(/needs TLS 1\.3/));
  assert.throws(() => chosen(byStrength, user, { mechanism: "SCRAM-SHA-256-PLUS" }), notOffered(/needs TLS 1\.3/));
});

test("a fixed mechanism is the only one used, and must be offered", () => {
  assert.equal(chosen(byStrength, user, { mechanism: "LOGIN" }), "LOGIN");
  assert.throws(
    () => chosen(["SCRAM-SHA-256"], user, { mechanism: "PLAIN" }),
    notOffered(/acceptable here is PLAIN\. Leave auth.mechanism out/),
  );
});

const option = (field: string, message: RegExp): object => ({
  name: "InputError",
  code: "MAIL_INPUT_OPTION",
  field,
  message,
});

test("a fixed mechanism below the minimum is refused", () => {
  const weaker = option("auth.mechanism", /weaker than auth.minimum/);
  assert.throws(() => chosen(byStrength, user, { minimum: "scram", mechanism: "PLAIN" }), weaker);
  assert.throws(
    () => chosen(byStrength, user, { minimum: "scram-plus", mechanism: "SCRAM-SHA-256", channelBinding }),
    weaker,
  );
});

test("a fixed mechanism that does not fit the credentials is refused", () => {
  const unfit = option("auth.mechanism", /cannot be used with these credentials/);
  assert.throws(() => chosen(["PLAIN"], token, { mechanism: "PLAIN" }), unfit);
  assert.throws(() => chosen(["LOGIN"], { ...user, authorizationId: "fred" }, { mechanism: "LOGIN" }), unfit);
});

test("a minimum is refused if the credentials have no password", () => {
  const unfit = option("auth.minimum", /is about passwords/);
  assert.throws(() => chosen(["XOAUTH2"], token, { minimum: "scram" }), unfit);
  assert.throws(() => chosen(["EXTERNAL"], certificate, { minimum: "scram" }), unfit);
});

test("an unknown minimum is refused, not taken for none", () => {
  // @ts-expect-error a caller without types
  assert.throws(() => chosen(["PLAIN"], user, { minimum: "SCRAM" }), option("auth.minimum", /must be/));
});

test("if nothing fits, the message says what to do", () => {
  assert.throws(() => chosen([], user), notOffered(/offers no login at all;.*leave the credentials out/));
  assert.throws(() => chosen(["XOAUTH2"], user), notOffered(/give accessToken instead of password/));
  assert.throws(() => chosen(["PLAIN"], token), notOffered(/offers PLAIN; acceptable here is OAUTHBEARER, XOAUTH2/));
  assert.throws(() => chosen(["\u001b[2J"], user), notOffered(/offers \\x1b\[2J;/));
});

test("what is offered is shown through the list of secrets, as the server wrote it", () => {
  const show = (text: string): string => text.replaceAll("hunter2", "[secret]");
  assert.throws(() => chosen(["GSSAPI", "hunter2"], user, { show }), notOffered(/offers GSSAPI, \[secret\];/));
});

for (const [what, offered, options, usable] of [
  ["a mechanism for passwords", ["LOGIN"], {}, true],
  ["a mechanism for tokens", ["XOAUTH2"], {}, true],
  ["a mechanism for certificates", ["external"], {}, true],
  ["none that is known", ["GSSAPI", "NTLM"], {}, false],
  ["none", [], {}, false],
  ["none above the minimum", ["PLAIN", "CRAM-MD5", "XOAUTH2"], { minimum: "scram" }, false],
  ["one above the minimum", ["PLAIN", "SCRAM-SHA-1"], { minimum: "scram" }, true],
  ["another than the fixed one", ["PLAIN"], { mechanism: "LOGIN" }, false],
  ["the fixed one", ["PLAIN", "LOGIN"], { mechanism: "LOGIN" }, true],
  ["one that cannot be bound", ["SCRAM-SHA-256-PLUS"], {}, false],
  ["one that can be bound", ["SCRAM-SHA-256-PLUS"], { channelBinding }, true],
] as const) {
  test(`a server that offers ${what} is ${usable ? "worth" : "not worth"} a secret`, () => {
    if (usable) assertUsable(offered, options);
    else assert.throws(() => assertUsable(offered, options), { code: "MAIL_AUTH_NOT_OFFERED" });
  });
}

test("options that contradict each other are refused before a secret is fetched", () => {
  assert.throws(() => assertUsable(["PLAIN"], { minimum: "scram", mechanism: "PLAIN" }), { code: "MAIL_INPUT_OPTION" });
});
