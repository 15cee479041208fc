import assert from "node:assert/strict";
import { test } from "node:test";
import { type Exchange, over } from "./exchange.ts";
import { scram, type ScramOptions } from "./scram.ts";

/** The examples of the standards, from the server's side. */
const vectors = {
  "SCRAM-SHA-1 (RFC 5802 section 5)": {
    hash: "sha1",
    nonce: "3rfcNHYJY1ZVvWVs7j",
    salt: "QSXCR+Q6sek8bf92",
    clientFirst: "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
    serverFirst: "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
    clientFinal: "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
    serverFinal: "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
  },
  "SCRAM-SHA-256 (RFC 7677 section 3)": {
    hash: "sha256",
    nonce: "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0",
    salt: "W22ZaJ0SNY7soEsUEjb6gQ==",
    clientFirst: "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
    serverFirst: "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
    clientFinal:
      "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
    serverFinal: "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
  },
} as const;

const passwordOf = (name: string): string | undefined => (name === "user" ? "pencil" : undefined);

for (const [name, vector] of Object.entries(vectors)) {
  const options: ScramOptions = { ...vector, salt: Buffer.from(vector.salt, "base64"), passwordOf };

  test(`the exchange of ${name} is reproduced`, async () => {
    const second = await answer(scram(options), vector.clientFirst);
    assert.equal(challengeOf(second), vector.serverFirst);
    const third = await answer(second, vector.clientFinal);
    assert.equal(challengeOf(third), vector.serverFinal);
    assert.deepEqual(await answer(third, ""), over("user"));
  });

  test(`${name} refuses another password`, async () => {
    const second = await answer(scram({ ...options, passwordOf: () => "pen" }), vector.clientFirst);
    assert.deepEqual(await answer(second, vector.clientFinal), over(undefined));
  });
}

const { clientFirst, clientFinal, salt, ...sha256 } = vectors["SCRAM-SHA-256 (RFC 7677 section 3)"];
const options: ScramOptions = { ...sha256, salt: Buffer.from(salt, "base64"), passwordOf };
const binding = Buffer.alloc(32, 1);

for (const [what, differs, first] of [
  ["a user that it does not know", {}, clientFirst.replace("user", "other")],
  [
    "a client that believes there is no -PLUS, if one is offered",
    { offersPlus: true },
    clientFirst.replace("n,", "y,"),
  ],
  ["no binding, if one is due", { binding }, clientFirst],
  ["a binding that is not due", {}, clientFirst.replace("n,", "p=tls-exporter,")],
  ["a binding of another type", { binding }, clientFirst.replace("n,", "p=tls-unique,")],
  ["nothing", {}, ""],
] as const)
  test(`a first message with ${what} is refused`, async () => {
    assert.deepEqual(await answer(scram({ ...options, ...differs }), first), over(undefined));
  });

for (const [what, final] of [
  ["another nonce", clientFinal.replace("r=rOpr", "r=xxxx")],
  ["another binding", clientFinal.replace("c=biws", "c=eSws")],
  ["half a proof", clientFinal.slice(0, -20)],
  ["no proof", clientFinal.slice(0, clientFinal.indexOf(",p="))],
  ["nothing", ""],
] as const)
  test(`a final message with ${what} is refused`, async () => {
    assert.deepEqual(await answer(await answer(scram(options), clientFirst), final), over(undefined));
  });

test("each exchange has a nonce and a salt of its own", async () => {
  const first = scram({ hash: "sha256", passwordOf });
  assert.notEqual(challengeOf(await answer(first, clientFirst)), challengeOf(await answer(first, clientFirst)));
});

async function answer(exchange: Exchange, response: string): Promise<Exchange> {
  assert.ok("hear" in exchange, "the exchange is over");
  return exchange.hear(Buffer.from(response));
}

function challengeOf(exchange: Exchange): string {
  assert.ok("challenge" in exchange, "the exchange is over");
  return exchange.challenge.toString();
}
