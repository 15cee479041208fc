import assert from "node:assert/strict";
import { test } from "node:test";
import { NetworkError } from "../errors/network-error.ts";
import type { Receipt, RecipientOutcome, ReplyFacts } from "../outcome/receipt.ts";
import type { Seal } from "../outcome/seal.ts";
import { prepared } from "../protocol/conversation.test.ts";
import { Job, type Passage } from "./job.ts";

const accepted: RecipientOutcome = { address: "a@x.example", outcome: "accepted" };
const unsent: RecipientOutcome = { address: "b@x.example", outcome: "unsent" };
const lost = new NetworkError("MAIL_NETWORK_LOST", "envelope", "it hung up");
const served: Passage = { kept: true, hasServed: true };
const fresh: Passage = { kept: false, hasServed: false };
const seal: Seal = {
  protocol: "TLSv1.3",
  cipherSuite: "TLS_AES_256_GCM_SHA384",
  keyExchange: "X25519",
  postQuantum: false,
  verifiedBy: "pkix",
  serverName: "mx.example",
  certificate: { fingerprint: "", spki: "", issuer: "", notAfter: "" },
};

function jobTo(
  addresses: readonly string[],
  end: { resolve?: (receipt: Receipt) => void; reject?: (error: unknown) => void } = {},
): Job {
  const { resolve = () => {}, reject = () => {} } = end;
  return new Job(prepared(addresses, {}), {}, resolve, reject);
}

test("a recipient that was accepted before the others failed is in the receipt, with the seal of that connection", async () => {
  const receipt = await new Promise<Receipt>((resolve, reject) => {
    const job = jobTo(["a@x.example", "b@x.example"], { resolve, reject });
    const carried = { recipients: [accepted, unsent], failure: lost };
    const left = job.leftAfter(carried, served);
    assert.deepEqual(left, ["b@x.example"]);
    job.goOn(carried, served, left, seal);
    assert.deepEqual(job.message.envelope.forwardPaths, ["b@x.example"]);
    job.refuse(lost);
  });
  assert.deepEqual(receipt.recipients, [accepted, unsent]);
  assert.equal(receipt.seal, seal);
});

test("if no recipient was accepted there is no seal", async () => {
  await assert.rejects(
    new Promise<Receipt>((resolve, reject) => {
      const job = jobTo(["b@x.example"], { resolve, reject });
      const carried = { recipients: [unsent], failure: lost };
      job.goOn(carried, served, job.leftAfter(carried, served), seal);
      job.refuse(lost);
    }),
    (error) => error === lost && lost.receipt?.seal === undefined,
  );
});

test("asking to whom it still has to go changes nothing", () => {
  const job = jobTo(["a@x.example", "b@x.example"]);
  const carried = { recipients: [accepted, unsent], failure: lost };
  assert.deepEqual(job.leftAfter(carried, served), job.leftAfter(carried, served));
  assert.equal(job.message.envelope.forwardPaths.length, 2);
});

test("the parts that are left go on, and a proved-unsent part goes again once", () => {
  const job = jobTo(["a@x.example", "b@x.example", "c@x.example"]);
  const first = { recipients: [accepted] };
  assert.deepEqual(job.leftAfter(first, served), ["b@x.example", "c@x.example"]);
  job.goOn(first, served, job.leftAfter(first, served), seal);
  const second = { recipients: [unsent], failure: lost };
  assert.deepEqual(job.leftAfter(second, served), ["b@x.example", "c@x.example"]);
  job.goOn(second, served, job.leftAfter(second, served), seal);
  assert.deepEqual(job.leftAfter(second, served), [], "a second time");
});

test("if something was decided meanwhile, a part may be lost once more: a server may recycle its connections", () => {
  const job = jobTo(["a@x.example", "b@x.example", "c@x.example"]);
  for (const address of ["a@x.example", "b@x.example", "c@x.example"]) {
    const gone = { recipients: [{ ...unsent, address }], failure: lost };
    assert.ok(job.leftAfter(gone, served).includes(address), address);
    job.goOn(gone, served, job.leftAfter(gone, served), seal);
    const taken = { recipients: [{ ...accepted, address }] };
    job.goOn(taken, served, job.leftAfter(taken, served), seal);
  }
  assert.equal(job.message.envelope.forwardPaths.length, 0);
});

test("a timeout ends it: neither that part nor those after it go on", () => {
  const job = jobTo(["b@x.example", "c@x.example"]);
  const late = new NetworkError("MAIL_NETWORK_TIMEOUT", "envelope", "it was late");
  assert.deepEqual(job.leftAfter({ recipients: [unsent], failure: late }, served), []);
});

test("421 on a connection that had carried others is no refusal of this message", () => {
  const job = jobTo(["b@x.example"]);
  const closing: RecipientOutcome = { ...unsent, outcome: "deferred", reply: { code: 421, text: "bye" } };
  assert.deepEqual(job.leftAfter({ recipients: [closing] }, served), ["b@x.example"]);
  assert.deepEqual(job.leftAfter({ recipients: [closing] }, fresh), []);
});

test("if connections end before they have served any message, what is unsent goes again, but not for ever", () => {
  const job = jobTo(["b@x.example"]);
  const gone = { recipients: [unsent], failure: lost };
  let times = 0;
  for (let left = job.leftAfter(gone, fresh); left.length > 0; left = job.leftAfter(gone, fresh)) {
    job.goOn(gone, fresh, left, seal);
    times += 1;
  }
  assert.equal(times, 12);
  assert.deepEqual(job.leftAfter(gone, served), ["b@x.example"], "one that serves is another matter");
});

test("with one attempt nothing that is unsent goes again, whatever the connection had carried", () => {
  const alone = new Job(
    prepared(["b@x.example"]),
    { attempts: 1 },
    () => {},
    () => {},
  );
  const gone = { recipients: [unsent], failure: lost };
  assert.deepEqual([alone.leftAfter(gone, served), alone.leftAfter(gone, fresh)], [[], []]);
  assert.deepEqual(jobTo(["b@x.example"]).leftAfter(gone, served), ["b@x.example"]);
});

function tooMany(address: string, reply: Partial<ReplyFacts> = {}): RecipientOutcome {
  return { address, outcome: "deferred", reply: { code: 452, text: "too many", stage: "recipient", ...reply } };
}

test("recipients that were too many for one transaction go in the next, as long as each round accepts somebody", () => {
  const addresses = ["a@x.example", "b@x.example", "c@x.example"];
  const job = jobTo(addresses);
  const [a, b, c] = addresses.map((address): RecipientOutcome => ({ address, outcome: "accepted" }));
  assert.ok(a !== undefined && b !== undefined && c !== undefined);
  const first = { recipients: [a, tooMany("b@x.example"), tooMany("c@x.example", { enhanced: "4.5.3" })] };
  const left = job.leftAfter(first, served);
  assert.deepEqual(left, ["b@x.example", "c@x.example"]);
  job.goOn(first, served, left, seal);
  const second = { recipients: [b, tooMany("c@x.example")] };
  assert.deepEqual(job.leftAfter(second, served), ["c@x.example"]);
  job.goOn(second, served, ["c@x.example"], seal);
  assert.deepEqual(job.leftAfter({ recipients: [tooMany("c@x.example")] }, served), [], "nobody was accepted");
  assert.deepEqual(job.leftAfter({ recipients: [c] }, served), []);
});

test("a connection that is lost after such a round does not use up the second attempt", () => {
  const job = jobTo(["a@x.example", "b@x.example"]);
  const first = { recipients: [accepted, tooMany("b@x.example")] };
  job.goOn(first, served, job.leftAfter(first, served), seal);
  assert.deepEqual(job.leftAfter({ recipients: [unsent], failure: lost }, served), ["b@x.example"]);
});

for (const [what, reply] of Object.entries({
  "there is no room": { enhanced: "4.3.1" },
  "the mailbox is full": { enhanced: "4.2.2" },
  "the server has another reason": { code: 451 },
  "the message is refused": { stage: "message" },
} as const)) {
  test(`a recipient that is deferred because ${what} stays deferred`, () => {
    const job = jobTo(["a@x.example", "b@x.example"]);
    assert.deepEqual(job.leftAfter({ recipients: [accepted, tooMany("b@x.example", reply)] }, served), []);
  });
}

test("recipients that are left for another part go on with one attempt, too", () => {
  const job = new Job(
    prepared(["a@x.example", "b@x.example"]),
    { attempts: 1 },
    () => {},
    () => {},
  );
  assert.deepEqual(job.leftAfter({ recipients: [accepted] }, served), ["b@x.example"]);
});

test("a message that can be read only once goes in no second transaction", () => {
  const { content, ...message } = prepared(["a@x.example", "b@x.example"], {});
  const job = new Job(
    { ...message, content: { ...content, replayable: false } },
    {},
    () => {},
    () => {},
  );
  assert.deepEqual(job.leftAfter({ recipients: [accepted, tooMany("b@x.example")] }, served), []);
});
