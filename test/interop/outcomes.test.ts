/**
 * Each recipient's outcome is true, whatever the others of the transaction got; and what a refused transaction leaves in a
 * server never becomes a part of the next one.
 */
import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import type { ReadyMessage } from "@postseal/mailer";
import { fateOf, sessionWith } from "./client.ts";
import { deliveredWith, senderOf } from "./reader.ts";
import { mailServers, type Server } from "./roster.ts";
import { type Authority, createAuthority } from "./servers/pki.ts";

let authority: Authority;
before(async () => {
  authority = await createAuthority();
});
after(() => authority[Symbol.asyncDispose]());

const bob = "bob@example.test";
const carol = "carol@example.test";
const greylisted = "greylist@example.test";
const full = "full@example.test";
const unknown = "nouser@example.test";

interface Mix {
  readonly to: readonly string[];
  readonly fate: { readonly code?: string; readonly outcomes: Readonly<Record<string, string>> };
}

const mixes: Readonly<Record<string, Mix>> = {
  "accepted first": {
    to: [bob, greylisted, full, unknown],
    fate: {
      outcomes: {
        [bob]: "accepted 250",
        [greylisted]: "deferred 450",
        [full]: "deferred 452",
        [unknown]: "refused 550",
      },
    },
  },
  "accepted last": {
    to: [unknown, full, greylisted, carol, bob],
    fate: {
      outcomes: {
        [unknown]: "refused 550",
        [full]: "deferred 452",
        [greylisted]: "deferred 450",
        [carol]: "accepted 250",
        [bob]: "accepted 250",
      },
    },
  },
  "all refused, some for now": {
    to: [unknown, full, greylisted],
    fate: {
      code: "MAIL_DEFERRED",
      outcomes: { [unknown]: "refused 550", [full]: "deferred 452", [greylisted]: "deferred 450" },
    },
  },
  "all refused for good": {
    to: [unknown, "nouser2@example.test"],
    fate: { code: "MAIL_REFUSED", outcomes: { [unknown]: "refused 550", "nouser2@example.test": "refused 550" } },
  },
};

for (const [name, { start, chunking }] of mailServers) {
  suite(name, () => {
    let server: Server;
    before(async () => {
      server = await start({ authority });
    });
    after(() => server[Symbol.asyncDispose]());

    for (const by of chunking ? (["BDAT", "DATA"] as const) : (["DATA"] as const)) {
      for (const [mix, { to, fate }] of Object.entries(mixes)) {
        test(`by ${by}, ${mix}: every outcome is true, and the next message has its own sender`, async () => {
          await using session = await sessionWith(server, authority);
          const [first, second] = [`first ${by} ${mix}.`, `second ${by} ${mix}.`];
          assert.deepEqual(await fateOf(session.send(message("mallory@example.test", to, first, by))), fate);
          const next = await fateOf(session.send(message("alice@example.test", [bob], second, by)));
          assert.deepEqual(next, { outcomes: { [bob]: "accepted 250" } });
          assert.equal(senderOf(await deliveredWith(server, second)), "alice@example.test");
          // The order of deliveries varies.
          if (fate.code === undefined) await deliveredWith(server, first);
          const delivered = (await server.delivered(0)).map((bytes) => Buffer.from(bytes).toString());
          const copies = delivered.filter((text) => text.includes(first));
          assert.equal(copies.length > 0, fate.code === undefined);
          for (const copy of copies) assert.equal(senderOf(Buffer.from(copy)), "mallory@example.test");
        });
      }
    }
  });
}

/** By DATA as a stream: its size is unknown before it is read, and BDAT would need it first. */
function message(from: string, to: readonly string[], body: string, by: "BDAT" | "DATA"): ReadyMessage {
  const octets = Buffer.from(`From: <${from}>\r\nSubject: outcomes\r\n\r\n${body}\r\n`);
  const stream = async function* (): AsyncGenerator<Uint8Array> {
    yield octets;
  };
  return { envelope: { from, to }, message: by === "DATA" ? stream : octets };
}
