/** Every vector against the mailer, over real sockets: judged by what the attacker saw and what the caller got. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { before, test } from "node:test";
import { createMailer, type Mailer, MailError, type Receipt, receiptOf } from "@postseal/mailer";
import {
  type Authority,
  canaries,
  type Claim,
  createAuthority,
  startImpostor,
  type Vector,
  vectors,
  hostOf,
} from "@postseal/lab";
import { answers } from "./answers.ts";

let authority: Authority;
before(async () => {
  authority = await createAuthority();
});

const waits = {
  connect: 5_000,
  handshake: 1_500,
  greeting: 700,
  ehlo: 700,
  startTls: 700,
  auth: 700,
  envelope: 700,
  finalReply: 700,
};

function mailerFor(vector: Vector, port: number): Mailer {
  return createMailer(
    { host: hostOf(vector.reference, authority.address), port, transport: vector.transport },
    {
      credentials: { username: canaries.username, password: canaries.password },
      tls: {
        ca: { only: authority.certificate },
        ...(vector.demand === "post-quantum" ? { postQuantum: "require" } : {}),
      },
      timeouts: waits,
      connect: async (target) => connect({ host: "127.0.0.1", port: target.port, noDelay: true }),
    },
  );
}

const message = {
  from: canaries.sender,
  to: canaries.recipient,
  subject: "at dusk",
  text: `${canaries.body}\n`,
};

interface Told {
  readonly receipt: Receipt | undefined;
  readonly error: unknown;
  readonly claim: Claim;
}

async function sendTo(mailer: Mailer): Promise<Told> {
  try {
    const receipt = await mailer.send(message);
    return { receipt, error: undefined, claim: "sent" };
  } catch (error) {
    const receipt = receiptOf(error);
    const unknown = receipt?.recipients.some(({ outcome }) => outcome === "unknown") ?? false;
    return { receipt, error, claim: unknown ? "unknown" : "not-sent" };
  }
}

const seen = new Set<string>();

for (const vector of vectors) {
  test(`${vector.id}: ${vector.title}`, async () => {
    await using impostor = await startImpostor(vector, { authority });
    const mailer = mailerFor(vector, impostor.port);
    const told = await sendTo(mailer);
    await mailer.close();
    const { verdict, findings } = await impostor.verdict(told.claim);
    const { expected } = vector;
    const allowed = answers.get(vector.id);
    assert.ok(allowed !== undefined, `test/attack/answers.ts has no entry for ${vector.id}`);

    const evidence = JSON.stringify({ findings, error: String(told.error) });
    if (expected === "either") assert.ok(verdict === "held" || verdict === "delivered-sealed", evidence);
    else if (expected !== "unknown") assert.equal(verdict, expected, evidence);
    assert.equal(told.claim === "unknown", expected === "unknown" || isDoubt(told.error), evidence);
    if (verdict === "delivered-sealed") assert.notEqual(told.claim, "not-sent", evidence);

    if (told.error === undefined) {
      assert.ok(allowed.includes("sent"), "it must fail");
      assert.equal(told.receipt?.seal?.serverName, hostOf(vector.reference, authority.address));
    } else {
      assert.ok(told.error instanceof MailError, evidence);
      assert.ok(
        allowed.includes(told.error.code),
        `${told.error.code}, of ${allowed.join(", ")}: ${told.error.message}`,
      );
      assertSafe(told.error);
    }
    seen.add(vector.id);
  });
}

test("every vector was played", () => {
  assert.ok(vectors.length >= 260, `there are only ${vectors.length} vectors`);
  assert.equal(seen.size, vectors.length);
  assert.deepEqual([...answers.keys()].toSorted(), vectors.map(({ id }) => id).toSorted());
});

function isDoubt(error: unknown): boolean {
  return error instanceof MailError && error.code === "MAIL_OUTCOME_UNKNOWN";
}

/** The error must hold nothing that acts on a terminal, and no secret. */
function assertSafe(error: MailError): void {
  const printed = `${error.message}\n${error.stack ?? ""}`;
  assert.doesNotMatch(error.message, /[\x00-\x1f\x7f-\x9f\u202a-\u202e]/);
  assert.ok(!printed.includes(canaries.password));
  assert.ok(error.message.length < 2_000);
}
