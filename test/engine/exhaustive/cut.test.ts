/** The connection ends after every octet of a conversation, in both directions, with several messages in flight. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertTruth, burst, byBdat, byData, fates, letter, rigWith, type Word } from "../client.ts";
import type { Behaviour } from "../behaviour.ts";

/** Messages in flight at the cut. */
const MANY = 4;

for (const [name, capabilities] of [
  ["BDAT", byBdat],
  ["DATA", byData],
] as const) {
  for (const side of ["client", "server"] as const) {
    test(`ended after each octet of the ${side}, ${MANY} messages by ${name} in flight: every outcome is true, no second copy, no leak`, async (t) => {
      const length = await octets(capabilities, side);
      assert.ok(length > 100, `only ${length} octets`);
      const counts = new Map<string, number>();
      for (let after = 1; after <= length; after += 1) {
        for (const fate of fates(await cutAfter(capabilities, { after, of: side, from: "m0@x.example" }))) {
          counts.set(fate, (counts.get(fate) ?? 0) + 1);
        }
      }
      t.diagnostic(`${length} runs: ${[...counts].map(([fate, count]) => `${count} ${fate}`).join(", ")}`);
      assert.ok((counts.get("unknown") ?? 0) > 0 && (counts.get("accepted") ?? 0) > 0);
      // What is proved unsent is sent again, on a connection that is not cut.
      assert.equal(counts.get("unsent"), undefined);
      if (name === "DATA") assert.ok((counts.get("unknown") ?? 0) <= 2 * length, "one body at a time");
    });
  }
}

/** How many octets an uncut conversation has from its first message on. */
async function octets(capabilities: readonly string[], of: "client" | "server"): Promise<number> {
  const { server, mailer } = await rigWith({ capabilities }, { pool: { connections: 1 } });
  await converse(mailer);
  await mailer.close();
  const [connection] = server.connections;
  assert.ok(connection !== undefined);
  if (of === "server") return connection.saidSince("m0@x.example");
  return connection.heard.length - connection.heard.indexOf("MAIL FROM:<m0@");
}

async function cutAfter(capabilities: readonly string[], cut: Behaviour["cut"]): Promise<readonly Word[]> {
  const { server, mailer } = await rigWith(
    (connection) => ({ capabilities, cut: connection === 0 ? cut : undefined }),
    { pool: { connections: 1 } },
  );
  const words = await converse(mailer);
  await mailer.close();
  assertTruth(words, server);
  assert.ok(server.connections.length <= 2);
  assert.ok(server.connections.every(({ isClosed }) => isClosed));
  assert.equal(process.getActiveResourcesInfo().filter((one) => one === "Timeout").length, 0);
  return words;
}

/** Opens the window first, then sends the messages that are cut. */
async function converse(mailer: Parameters<typeof burst>[0]): Promise<readonly Word[]> {
  for (let warm = 0; warm < MANY; warm += 1) await mailer.send(letter(`w${warm}`));
  return burst(mailer, "m", MANY);
}
