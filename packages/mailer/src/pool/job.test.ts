import assert from "node:assert/strict";
import { test } from "node:test";
import { NetworkError } from "../errors/network-error.ts";
import type { Receipt, RecipientOutcome } from "../outcome/receipt.ts";
import type { Seal } from "../outcome/seal.ts";
import { prepared } from "../protocol/conversation.test.ts";
import { Job } from "./job.ts";

const accepted: RecipientOutcome = { address: "a@x.example", outcome: "accepted" };
const unsent: RecipientOutcome = { address: "b@x.example", outcome: "unsent" };
const lost = new NetworkError("MAIL_NETWORK_LOST", "envelope", "it hung up");
const seal: Seal = {
  protocol: "TLSv1.3",
  cipherSuite: "TLS_AES_256_GCM_SHA384",
  keyExchange: "X25519",
  postQuantum: false,
  verifiedBy: "pkix",
  serverName: "mx.example",
  certificate: { fingerprint: "", spki: "", issuer: "", notAfter: "" },
};

test("who was accepted before the rest went again, and could not, is told so with the seal of that connection", async () => {
  const receipt = await new Promise<Receipt>((resolve, reject) => {
    const job = new Job(prepared(["a@x.example", "b@x.example"], {}), {}, resolve, reject);
    job.begin();
    assert.equal(job.goesAgain({ recipients: [accepted, unsent], failure: lost }, false, seal), true);
    assert.deepEqual(job.message.envelope.forwardPaths, ["b@x.example"]);
    job.refuse(lost);
  });
  assert.deepEqual(receipt.recipients, [accepted, unsent]);
  assert.equal(receipt.seal, seal);
});

test("where nobody was accepted there is no seal: nothing was under one", async () => {
  await assert.rejects(
    new Promise<Receipt>((resolve, reject) => {
      const job = new Job(prepared(["a@x.example"], {}), {}, resolve, reject);
      job.begin();
      assert.equal(
        job.goesAgain({ recipients: [{ ...accepted, outcome: "unsent" }], failure: lost }, false, seal),
        true,
      );
      job.refuse(lost);
    }),
    (error) => error === lost && lost.receipt?.seal === undefined,
  );
});
