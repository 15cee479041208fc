/** The judge is tested on a client that leaks in each possible way: otherwise a verdict of `held` would mean nothing. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { suite, test } from "node:test";
import { setImmediate as immediate } from "node:timers/promises";
import {
  type Authority,
  canaries,
  createAuthority,
  honest,
  honestImplicit,
  type Judgement,
  said,
  startImpostor,
  type Vector,
  vectorNamed,
  hostOf,
} from "@postseal/lab";
import { type Flaws, sendNaively } from "./naive-client.ts";

const authority: Authority = await createAuthority();

async function judged(vector: Vector, flaws: Flaws): Promise<Judgement> {
  await using impostor = await startImpostor(vector, { authority });
  const claim = await sendNaively(
    {
      port: impostor.port,
      transport: vector.transport,
      authority: authority.certificate,
      host: hostOf(vector.reference, "127.0.0.1"),
    },
    flaws,
  );
  return await impostor.verdict(claim);
}

function whatWasSeen({ findings }: Judgement): string {
  return findings.map(({ evidence }) => evidence).join("; ");
}

suite("delivered-sealed", () => {
  for (const vector of [honest, honestImplicit]) {
    test(`a careful client delivers to ${vector.title}`, async () => {
      assert.equal((await judged(vector, {})).verdict, "delivered-sealed");
    });
  }
});

suite("held", () => {
  const names = [
    "A1-removed-auth",
    "A2-220go",
    "A3-454",
    "A5-mangled",
    "A8-banner",
    "B1-one-octet",
    "C1-expired",
    "D-tls10",
  ];
  for (const name of names) {
    test(`a careful client holds against ${name}`, async () => {
      assert.deepEqual(await judged(vectorNamed(name), {}), { verdict: "held", findings: [] });
    });
  }
});

suite("leaked-credentials", () => {
  test("a password in the clear is seen through its base64", async () => {
    const judgement = await judged(vectorNamed("A1-removed-auth"), { opportunistic: true });
    assert.equal(judgement.verdict, "leaked-credentials");
    assert.match(whatWasSeen(judgement), /password in the clear/);
  });

  test("a password in the clear is seen after STARTTLS was refused", async () => {
    assert.equal((await judged(vectorNamed("A2-220go"), { opportunistic: true })).verdict, "leaked-credentials");
  });

  test("a CRAM-MD5 digest of the password in the clear is seen", async () => {
    const judgement = await judged(clearOnly(["AUTH CRAM-MD5"]), { opportunistic: true });
    assert.match(whatWasSeen(judgement), /CRAM-MD5 digest of the password in the clear/);
    assert.doesNotMatch(whatWasSeen(judgement), /: password in the clear/);
  });

  test("a username alone, as LOGIN sends it, is seen", async () => {
    await using impostor = await startImpostor(clearOnly(["AUTH LOGIN"]), { authority });
    const socket = connect(impostor.port, "127.0.0.1");
    socket.end(`EHLO x\r\nAUTH LOGIN\r\n${Buffer.from(canaries.username).toString("base64")}\r\n`);
    socket.resume();
    await once(socket, "close");
    assert.equal((await impostor.verdict()).verdict, "leaked-credentials");
  });

  test("a client that says STARTTLS and goes on in the clear is seen", async () => {
    const vector = { ...honest, script: { clear: { capabilities: ["STARTTLS", "AUTH PLAIN"] } } };
    await using impostor = await startImpostor(vector, { authority });
    const claim = await sendNaively(
      { port: impostor.port, transport: "starttls", authority: authority.certificate },
      { ignoresGo: true },
    );
    assert.equal((await impostor.verdict(claim)).verdict, "leaked-credentials");
    assert.deepEqual(impostor.transcript.connections[0]?.records, []);
  });

  for (const name of [
    "C1-self-signed",
    "C1-client-auth",
    "C2-other-host",
    "C3-two-labels",
    "C4-address-as-name",
    "C8-sha1",
  ]) {
    test(`a password sent to the impostor of ${name} is seen`, async () => {
      const judgement = await judged(vectorNamed(name), { trusting: true, lax: true });
      assert.equal(judgement.verdict, "leaked-credentials");
      assert.match(whatWasSeen(judgement), /password in unproven TLS/);
    });
  }

  test("each connection is judged by its own script", async () => {
    const vector: Vector = { ...honest, script: { next: { certificate: "selfSigned" } } };
    await using impostor = await startImpostor(vector, { authority });
    const target = { port: impostor.port, transport: vector.transport, authority: authority.certificate };
    await sendNaively(target, { trusting: true });
    await sendNaively(target, { trusting: true });
    const judgement = await impostor.verdict();
    assert.match(whatWasSeen(judgement), /connection 2: password in unproven TLS/);
    assert.doesNotMatch(whatWasSeen(judgement), /connection 1/);
  });
});

suite("leaked-message and leaked-envelope", () => {
  const flaws: Flaws = { opportunistic: true, withoutLogin: true };

  test("a message in the clear is seen without a login", async () => {
    assert.equal((await judged(vectorNamed("A1-removed"), flaws)).verdict, "leaked-message");
  });

  test("an envelope in the clear is seen without a message", async () => {
    const vector = clearOnly([], { DATA: [{ do: "say", text: "451 4.3.0 Later\r\n" }] });
    const judgement = await judged(vector, flaws);
    assert.equal(judgement.verdict, "leaked-envelope");
    assert.match(whatWasSeen(judgement), /sender in the clear.*recipient in the clear/);
  });
});

suite("weak-tls", () => {
  for (const name of [
    "D-tls10",
    "D-tls11-implicit",
    "D-null",
    "D-anonymous",
    "D-static-rsa",
    "D-cbc",
    "D-dhe",
    "D-classical",
  ]) {
    test(`a login under ${name} is seen`, async () => {
      assert.equal((await judged(vectorNamed(name), { lax: true, trusting: true })).verdict, "weak-tls");
    });
  }
});

suite("injected", () => {
  test("a client that takes an early EHLO reply for the one inside TLS is seen", async () => {
    const vector = vectorNamed("B1-same-segment");
    await using impostor = await startImpostor(vector, { authority });
    const abort = new AbortController();
    const target = { port: impostor.port, transport: vector.transport, authority: authority.certificate };
    const claim = sendNaively({ ...target, signal: abort.signal }, { buffers: true });
    // The server is silent, so the client would wait for ever for a reply to its login.
    while (!impostor.transcript.connections.some((connection) => said(connection, "client", "tls").includes("AUTH")))
      await immediate();
    abort.abort();
    assert.equal((await impostor.verdict(await claim)).verdict, "injected");
  });

  test("a client that completes an early reply with the true one is seen", async () => {
    assert.equal((await judged(vectorNamed("B1-merging"), { buffers: true })).verdict, "injected");
  });

  test("a client that keeps the capabilities from before TLS is seen", async () => {
    assert.equal((await judged(vectorNamed("B3-no-mechanism"), { remembers: true })).verdict, "injected");
  });
});

suite("false-success", () => {
  test("a client that takes a whole injected session for an answer is seen", async () => {
    const judgement = await judged(vectorNamed("B1-whole-session"), { buffers: true });
    assert.equal(judgement.verdict, "false-success");
    assert.match(whatWasSeen(judgement), /AUTH inside TLS, before anything was said there/);
  });

  for (const name of ["B6-code", "G-354-for-nobody", "G-loses-close"]) {
    test(`a client that claims success at ${name} is seen`, async () => {
      assert.equal((await judged(vectorNamed(name), { boasts: true })).verdict, "false-success");
    });
  }
});

/** A server that offers no TLS at all. */
function clearOnly(capabilities: readonly string[], on: NonNullable<Vector["script"]["clear"]>["on"] = {}): Vector {
  return { ...vectorNamed("A1-removed"), script: { clear: { capabilities, on } } };
}
