/**
 * The connection ends after every octet of the conversation, in both directions, by FIN and by RST. The outcome that the
 * caller gets is compared with what the server has: never "sent" for a message that it did not take, never "not sent"
 * for one that it did.
 */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { before, test } from "node:test";
import { createMailer, MailError, receiptOf } from "@postseal/mailer";
import {
  type Authority,
  canaries,
  createAuthority,
  type Cut,
  cutAfter,
  honest,
  HOST,
  startImpostor,
  type Vector,
} from "@postseal/lab";

let authority: Authority;
before(async () => {
  authority = await createAuthority();
});

/**
 * The distance between two cuts: large enough that the four sweeps together take seconds, and a prime, so that they cut
 * at different places. `test/engine/exhaustive/whole-cut.ts` cuts at every octet, in memory.
 */
const STRIDE = 3;

for (const side of ["client", "server"] as const) {
  for (const by of ["close", "reset"] as const) {
    test(`after a ${by} at any octet of the ${side} the outcome is true, and nothing hangs`, async (t) => {
      const length = await octetsOf(side);
      assert.ok(length > 300, `the whole conversation has only ${length} octets`);
      const fates = new Map<string, number>();
      for (let at = side === "client" ? 1 : 2; at < length; at += STRIDE) {
        const fate = await sendThrough(cutAfter(at, side, by));
        fates.set(fate, (fates.get(fate) ?? 0) + 1);
      }
      const runs = [...fates.values()].reduce((sum, count) => sum + count, 0);
      t.diagnostic(`${runs} runs: ${[...fates].map(([fate, count]) => `${count} ${fate}`).join(", ")}`);
      assert.ok((fates.get("unsent") ?? 0) > 20, JSON.stringify([...fates]));
      assert.ok((fates.get("unknown") ?? 0) > 0, JSON.stringify([...fates]));
    });
  }
}

/** The octets of one side in a conversation that is not cut. */
async function octetsOf(of: Cut["of"]): Promise<number> {
  await using impostor = await startImpostor(honest, { authority });
  await send(impostor.port);
  await impostor.settled();
  const entries = impostor.transcript.connections.flatMap((connection) => connection.entries);
  return entries.filter((entry) => entry.by === of).reduce((sum, entry) => sum + entry.text.length, 0);
}

async function sendThrough(vector: Vector): Promise<string> {
  await using impostor = await startImpostor(vector, { authority });
  const fate = await send(impostor.port);
  await impostor.settled();
  const taken = impostor.transcript.messages.length;
  const evidence = `${vector.id}: reported ${fate}, ${taken} taken`;
  assert.ok(taken <= 1, evidence);
  if (fate === "accepted") assert.equal(taken, 1, evidence);
  if (fate === "unsent") assert.equal(taken, 0, evidence);
  return fate;
}

async function send(port: number): Promise<string> {
  await using mailer = createMailer(
    { host: HOST, port },
    {
      credentials: { username: canaries.username, password: canaries.password },
      auth: { mechanism: "PLAIN" },
      tls: { ca: { only: authority.certificate } },
      timeouts: {
        greeting: 1_000,
        ehlo: 1_000,
        startTls: 1_000,
        auth: 1_000,
        envelope: 1_000,
        finalReply: 1_000,
        command: 500,
      },
      connect: async (target) => connect({ host: "127.0.0.1", port: target.port, noDelay: true }),
    },
  );
  const message = { from: canaries.sender, to: canaries.recipient, text: canaries.body };
  try {
    const { recipients } = await mailer.send(message);
    return recipients[0]?.outcome ?? "none";
  } catch (error) {
    assert.ok(error instanceof MailError, String(error));
    return receiptOf(error)?.recipients[0]?.outcome ?? "none";
  }
}
