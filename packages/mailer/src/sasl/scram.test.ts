import assert from "node:assert/strict";
import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import { test } from "node:test";
import fc from "fast-check";
import type { ChannelBinding } from "./gs2-header.ts";
import { prepareText } from "./preparation.ts";
import { ScramMechanism } from "./scram.ts";

const unbound: ChannelBinding = { flag: "n" };
const user = { username: "user", password: "pencil" };
const say = async (mechanism: ScramMechanism, text: string | Uint8Array): Promise<string> =>
  Buffer.from(await mechanism.respond(Buffer.from(text))).toString();
const first = (mechanism: ScramMechanism): string => Buffer.from(mechanism.initialResponse).toString();

const vectors = {
  "SCRAM-SHA-1 (RFC 5802 section 5)": {
    hash: "SHA-1",
    nonce: "fyko+d2lbbFgONRv9qkxdawL",
    serverFirst: "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
    clientFinal: "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
    serverFinal: "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
  },
  "SCRAM-SHA-256 (RFC 7677 section 3)": {
    hash: "SHA-256",
    nonce: "rOprNGfwEbeRWgbNEkqO",
    serverFirst: "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
    clientFinal:
      "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
    serverFinal: "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
  },
} as const;
const sha256 = vectors["SCRAM-SHA-256 (RFC 7677 section 3)"];
const fixed = (): ScramMechanism => new ScramMechanism("SHA-256", user, unbound, sha256.nonce);

for (const [name, vector] of Object.entries(vectors))
  test(`the example of ${name} is reproduced`, async () => {
    const mechanism = new ScramMechanism(vector.hash, user, unbound, vector.nonce);
    assert.equal(first(mechanism), `n,,n=user,r=${vector.nonce}`);
    assert.equal(await say(mechanism, vector.serverFirst), vector.clientFinal);
    assert.equal(await say(mechanism, vector.serverFinal), "");
    mechanism.finish();
  });

/** A server by RFC 5802 section 3 that shares no code with the client: it parses with its own expressions and checks the proof as a server does. */
class Server {
  readonly #hash: "sha1" | "sha256";
  readonly #salted: Buffer;
  readonly #salt: string;
  readonly #iterations: number;
  #firstBare = "";
  #gs2 = "";
  #serverFirst = "";

  constructor(hash: "SHA-1" | "SHA-256", password: string, salt: Uint8Array, iterations: number) {
    this.#hash = hash === "SHA-1" ? "sha1" : "sha256";
    this.#salt = Buffer.from(salt).toString("base64");
    this.#iterations = iterations;
    this.#salted = pbkdf2Sync(password, salt, iterations, hash === "SHA-1" ? 20 : 32, this.#hash);
  }

  first(clientFirst: string): { username: string; authorizationId: string; reply: string } {
    const parts = /^((?:n|y|p=tls-exporter),(?:a=([^,]*))?,)(n=([^,]*),r=([^,]*))$/.exec(clientFirst);
    assert.ok(parts, clientFirst);
    const [, gs2 = "", authorizationId = "", bare = "", username = "", nonce = ""] = parts;
    this.#gs2 = gs2;
    this.#firstBare = bare;
    this.#serverFirst = `r=${nonce}srv~,s=${this.#salt},i=${this.#iterations}`;
    return { username: unescaped(username), authorizationId: unescaped(authorizationId), reply: this.#serverFirst };
  }

  /** The server-final message: an `e=` if the proof or the binding is wrong. */
  final(clientFinal: string, exporter: Uint8Array = new Uint8Array(0)): string {
    const [withoutProof = "", proof = ""] = clientFinal.split(",p=");
    const bound = Buffer.from(/^c=([^,]*)/.exec(withoutProof)?.[1] ?? "", "base64");
    if (!bound.equals(Buffer.concat([Buffer.from(this.#gs2), exporter]))) return "e=channel-bindings-dont-match";
    const message = `${this.#firstBare},${this.#serverFirst},${withoutProof}`;
    const sign = (key: Buffer): Buffer => createHmac(this.#hash, key).update(message).digest();
    const key = (label: string): Buffer => createHmac(this.#hash, this.#salted).update(label).digest();
    const stored = createHash(this.#hash).update(key("Client Key")).digest();
    const signature = sign(stored);
    const clientKey = Buffer.from(Buffer.from(proof, "base64").map((octet, at) => octet ^ signature.readUInt8(at)));
    if (!createHash(this.#hash).update(clientKey).digest().equals(stored)) return "e=invalid-proof";
    return `v=${sign(key("Server Key")).toString("base64")}`;
  }
}

function unescaped(name: string): string {
  return name.replace(/=2C/g, ",").replace(/=3D/g, "=");
}

const prepared = (value: string): string => prepareText("SCRAM-SHA-256", "password", value);
const text = fc.string({ unit: "binary", minLength: 1, maxLength: 24 }).filter((candidate) => {
  try {
    return prepared(candidate) !== "";
  } catch {
    return false;
  }
});

test("client and server agree on any password, name, salt, count and binding", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({ hash: fc.constantFrom("SHA-1", "SHA-256"), password: text, username: text, authorizationId: text }),
      fc.uint8Array({ minLength: 1, maxLength: 40 }),
      fc.integer({ min: 4096, max: 5000 }),
      fc.option(fc.uint8Array({ minLength: 32, maxLength: 32 }), { nil: undefined }),
      async ({ hash, ...credentials }, salt, iterations, exporter) => {
        const server = new Server(hash, prepared(credentials.password), salt, iterations);
        const client = new ScramMechanism(hash, credentials, exporter ? { flag: "p", exporter } : { flag: "y" });
        const { username, authorizationId, reply } = server.first(first(client));
        assert.equal(username, prepared(credentials.username));
        assert.equal(authorizationId, prepared(credentials.authorizationId));
        assert.equal(await say(client, server.final(await say(client, reply), exporter)), "");
        client.finish();
      },
    ),
    { numRuns: 40 },
  );
});

test("the server refuses a wrong password, and the error says so", async () => {
  const server = new Server("SHA-256", "other", Buffer.from("salt"), 4096);
  const client = new ScramMechanism("SHA-256", user, unbound);
  const final = server.final(await say(client, server.first(first(client)).reply));
  await assert.rejects(say(client, final), { code: "MAIL_AUTH_REFUSED", message: /"invalid-proof"/ });
});

test("a relay has another TLS session, so a bound login through it fails, and says why", async () => {
  const server = new Server("SHA-256", "pencil", Buffer.from("salt"), 4096);
  const client = new ScramMechanism("SHA-256", user, { flag: "p", exporter: Buffer.alloc(32, 1) });
  assert.equal(client.name, "SCRAM-SHA-256-PLUS");
  const final = server.final(await say(client, server.first(first(client)).reply), Buffer.alloc(32, 2));
  await assert.rejects(say(client, final), { code: "MAIL_AUTH_SERVER_UNPROVEN", message: /someone stands between/ });
});

test("a name is prepared before it is escaped, so that no look-alike becomes a separator", () => {
  const client = new ScramMechanism("SHA-1", { ...user, username: "a\uff0cb\uff1dc,d=" }, unbound, "n");
  assert.equal(first(client), "n,,n=a=2Cb=3Dc=2Cd=3D,r=n");
});

test("each login has a nonce of its own, which stays the same during the login", () => {
  const [one, two] = [new ScramMechanism("SHA-256", user, unbound), new ScramMechanism("SHA-256", user, unbound)];
  assert.notEqual(first(one), first(two));
  assert.equal(first(one), first(one));
  assert.match(first(one), /,r=[!-+\--~]{24}$/);
});

const salt = "s=W22ZaJ0SNY7soEsUEjb6gQ==";
const nonce = `r=${sha256.nonce}server`;
for (const [what, serverFirst, code, message] of [
  ["another login's nonce", `r=XXXX${sha256.nonce},${salt},i=4096`, "UNPROVEN", /nonce/],
  ["a nonce with nothing of the server's", `r=${sha256.nonce},${salt},i=4096`, "UNPROVEN", /nonce/],
  ["a nonce with a space", `${nonce} x,${salt},i=4096`, "PROTOCOL", /nonce/],
  ["4095 iterations", `${nonce},${salt},i=4095`, "UNPROVEN", /^[^5]*fewer than 4096 .*attack on the password/],
  [
    "1000001 iterations",
    `${nonce},${salt},i=1000001`,
    "UNPROVEN",
    /^[^1]*more than 1000000 .*attack on this machine's processor/,
  ],
  ["an endless count", `${nonce},${salt},i=99999999999999999999999`, "PROTOCOL", /iteration count/],
  ["a signed count", `${nonce},${salt},i=-4096`, "PROTOCOL", /iteration count/],
  ["a count with an exponent", `${nonce},${salt},i=4e5`, "PROTOCOL", /iteration count/],
  ["an empty salt", `${nonce},s=,i=4096`, "UNPROVEN", /salt/],
  ["a salt that is not base64", `${nonce},s=W22!ZaJ0,i=4096`, "PROTOCOL", /salt/],
  ["a salt without its padding", `${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ,i=4096`, "PROTOCOL", /salt/],
  ["a mandatory extension", `m=x,${nonce},${salt},i=4096`, "PROTOCOL", /extension/],
  ["a mandatory extension at its end", `${nonce},${salt},i=4096,m=x`, "PROTOCOL", /extension/],
  ["its attributes in another order", `${salt},${nonce},i=4096`, "PROTOCOL", /well-formed/],
  ["nothing", "", "PROTOCOL", /well-formed/],
  ["a refusal", "e=unknown-user", "REFUSED", /"unknown-user"/],
] as const)
  test(`a server-first message with ${what} ends the login without a proof`, async () => {
    const mechanism = fixed();
    const full = code === "UNPROVEN" ? "MAIL_AUTH_SERVER_UNPROVEN" : `MAIL_AUTH_${code}`;
    await assert.rejects(say(mechanism, serverFirst), { code: full, message, mechanism: "SCRAM-SHA-256" });
    await assert.rejects(say(mechanism, sha256.serverFirst), { code: "MAIL_AUTH_PROTOCOL" });
    assert.throws(() => mechanism.finish(), { code: "MAIL_AUTH_SERVER_UNPROVEN" });
  });

test("an optional extension after the count is part of what is signed, and otherwise ignored", async () => {
  assert.match(await say(fixed(), `${sha256.serverFirst},x=whatever`), /^c=biws,r=.*,p=(?!dHzbZapW)/);
});

for (const [what, serverFinal, code, message] of [
  ["another signature", `v=${Buffer.alloc(32).toString("base64")}`, "SERVER_UNPROVEN", /signature is wrong/],
  ["half of the signature", `v=${sha256.serverFinal.slice(2, 22)}`, "SERVER_UNPROVEN", /signature is wrong/],
  ["an empty signature", "v=", "SERVER_UNPROVEN", /signature is wrong/],
  ["a signature that is not base64", "v=6rri!", "PROTOCOL", /signature/],
  ["nothing", "", "PROTOCOL", /signature/],
  ["a mandatory extension", `${sha256.serverFinal},m=x`, "PROTOCOL", /extension/],
  [
    "escape sequences",
    "e=\u001b[2Jlog in at evil.example",
    "REFUSED",
    /login: it named an error that RFC 5802 does not list\./,
  ],
  ["more than a value of the list", "e=invalid-proof hunter2", "REFUSED", /does not list/],
  ["a value of the list", "e=invalid-proof", "REFUSED", /login: "invalid-proof"\./],
  ["the sign of a stripped offer", "e=server-does-support-channel-binding", "SERVER_UNPROVEN", /removed it/],
  ["a binding it does not know", "e=unsupported-channel-binding-type", "REFUSED", /without -PLUS/],
  ["no resources", "e=no-resources", "DEFERRED", /at the moment/],
] as const)
  test(`a server-final message with ${what} is no proof`, async () => {
    const mechanism = fixed();
    await say(mechanism, sha256.serverFirst);
    const disposition = code === "DEFERRED" ? "retry" : "give-up";
    await assert.rejects(say(mechanism, serverFinal), { code: `MAIL_AUTH_${code}`, message, disposition });
    assert.throws(() => mechanism.finish(), { code: "MAIL_AUTH_SERVER_UNPROVEN" });
  });

test("a success without the server's proof is not believed", async () => {
  const mechanism = fixed();
  assert.throws(() => mechanism.finish(), { code: "MAIL_AUTH_SERVER_UNPROVEN" });
  await say(mechanism, sha256.serverFirst);
  assert.throws(() => mechanism.finish(), { code: "MAIL_AUTH_SERVER_UNPROVEN", message: /impostor/ });
});

test("a challenge after the server's proof is refused", async () => {
  const mechanism = fixed();
  await say(mechanism, sha256.serverFirst);
  await say(mechanism, sha256.serverFinal);
  await assert.rejects(say(mechanism, sha256.serverFinal), { code: "MAIL_AUTH_PROTOCOL" });
});

test("a challenge whose memory is overwritten during the wait does not change the proof", async () => {
  const mechanism = fixed();
  const memory = Buffer.from(sha256.serverFirst);
  const answer = mechanism.respond(memory);
  memory.fill(0);
  assert.equal(Buffer.from(await answer).toString(), sha256.clientFinal);
});

test("a password that SASLprep refuses is refused before anything is sent", () => {
  for (const part of ["username", "password", "authorizationId"])
    assert.throws(() => new ScramMechanism("SHA-256", { ...user, [part]: "a\u0007" }, unbound), {
      code: "MAIL_AUTH_CREDENTIALS",
      message: new RegExp(`the ${part} `),
    });
});
