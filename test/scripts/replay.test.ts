/** Plays every conversation of this folder against the client: whole, by line and by byte. */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { before, test } from "node:test";
import { createMailer, MailError, receiptOf } from "@postseal/mailer";
import { type Authority, createAuthority, HOST, type Issued } from "@postseal/lab";
import { parseScript, type Script } from "./script.ts";
import { deliveries, type Delivery, type Playing, playServer } from "./server.ts";

// Relative to the root of the workspace, so that compiled tests find the scripts too.
const files = globSync("test/scripts/**/*.txt").toSorted();
const message = "From: s@x.example\r\nSubject: x\r\n\r\n.hello\r\n";

let authority: Authority;
let identity: Issued;
before(async () => {
  authority = await createAuthority();
  identity = await authority.issue();
});

test("there are conversations to play", () => {
  assert.ok(files.length >= 150, `only ${files.length}`);
});

test("every conversation that the README names is there", () => {
  const named = [...readFileSync("test/scripts/README.md", "utf8").matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name);
  assert.ok(named.length >= 9);
  assert.deepEqual(
    named.filter((name) => !files.some((file) => path.basename(file, ".txt") === name)),
    [],
  );
});

for (const file of files) {
  const script = parseScript(readFileSync(file, "utf8"));
  for (const delivery of script.segments === "one" ? deliveries.slice(0, 1) : deliveries) {
    test(`${path.basename(file, ".txt").replaceAll("-", " ")} (${delivery})`, { timeout: 10_000 }, async () => {
      const { outcome, fates, unexpected } = await replay(script, delivery);
      // If an injection comes too late to be seen, the client says only a ClientHello.
      const allowed = script.outcomes.includes("MAIL_TLS_HANDSHAKE") ? /^(?:\x16\x03[^]*)?$/ : /^$/;
      assert.ok(allowed.test(unexpected), `it also said ${JSON.stringify(unexpected.slice(0, 80))}`);
      assert.ok(script.outcomes.includes(outcome), `${outcome}, not ${script.outcomes.join(" | ")}`);
      if (script.fates !== undefined) assert.deepEqual(fates, script.fates);
    });
  }
}

interface Replayed {
  readonly outcome: string;
  readonly fates: readonly string[] | undefined;
  readonly unexpected: string;
}

async function replay(script: Script, delivery: Delivery): Promise<Replayed> {
  const plays: Playing[] = [];
  const mailer = createMailer(
    { host: HOST, transport: script.server },
    {
      tls: { ca: { only: authority.certificate } },
      timeouts: script.timeouts,
      connect: async () => {
        const acts = script.connections[plays.length];
        assert.ok(acts !== undefined, "one connection too many");
        const play = playServer(acts, identity, delivery);
        plays.push(play);
        return play.stream;
      },
      ...(script.login === undefined ? {} : { credentials: script.login }),
    },
  );
  const sending = mailer
    .send({
      envelope: { from: "s@x.example", to: script.to },
      message: script.message === "stream" ? () => chunks() : message,
    })
    .then(
      ({ recipients }) => ({ outcome: "accepted", fates: recipients.map(({ outcome }) => outcome) }),
      (error: unknown) => ({
        outcome: error instanceof MailError ? error.code : String(error),
        fates: receiptOf(error)?.recipients.map(({ outcome }) => outcome),
      }),
    );
  const result = await sending;
  await mailer.close();
  const unexpected = await Promise.all(plays.map(({ over }) => over));
  assert.equal(plays.length, script.connections.length, "connections");
  return { ...result, unexpected: unexpected.join("") };
}

/** The message, cut at the worst places: after CR, and before the dot. */
async function* chunks(): AsyncGenerator<Uint8Array> {
  yield Buffer.from(message.slice(0, -9));
  yield Buffer.from(message.slice(-9, -8));
  yield Buffer.from(message.slice(-8));
}
