/** What the error says of a certificate that does not prove the server: plain names, dates, and what was given as an authority. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { suite, test } from "node:test";
import { createAuthority, HOST, startImpostor, vectorNamed } from "@postseal/lab";
import { createMailer, NetworkError, TlsError, type TlsOptions } from "@postseal/mailer";
import { certify, party, serve } from "./chains.ts";

const authority = await createAuthority();

async function refusal(port: number, transport: "starttls" | "implicit", tls: TlsOptions): Promise<string> {
  await using mailer = createMailer(
    { host: HOST, port, transport },
    { tls, connect: async () => connect({ host: "127.0.0.1", port }) },
  );
  const error: unknown = await mailer.verify().then(
    () => assert.fail("it was believed"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof TlsError && error.code === "MAIL_TLS_UNVERIFIED", String(error));
  return error.message;
}

async function saidOf(name: string): Promise<string> {
  const vector = vectorNamed(name);
  await using impostor = await startImpostor(vector, { authority });
  return await refusal(impostor.port, vector.transport, { ca: { only: authority.certificate } });
}

for (const name of ["C1-expired", "C-implicit-expired"]) {
  test(`${name}: since when`, async () => {
    assert.match(await saidOf(name), /expired on \d{4}-\d\d-\d\d \d\d:\d\d UTC; now it is \d{4}-/);
  });
}

test("not yet valid: from when on", async () => {
  assert.match(await saidOf("C1-not-yet-valid"), /valid only from \d{4}-\d\d-\d\d \d\d:\d\d UTC, .*clock/);
});

test("a common name alone is shown, and said not to count", async () => {
  const said = await saidOf("C3-common-name");
  assert.match(said, /no name: it has only the common name ".+", which does not count/);
  assert.match(said, /its administrator has to renew the certificate\.$/);
});

test("another host is named without the words of X.509", async () => {
  const said = await saidOf("C2-other-host");
  assert.match(said, /its certificate is for [a-z0-9.-]+/);
  assert.doesNotMatch(said, /DNS:/);
  assert.match(said, /use the name that the certificate has/);
});

suite("given as an authority", async () => {
  const [root, intermediate, leaf] = await Promise.all(["Root", "Intermediate", "leaf"].map(party));
  assert.ok(root && intermediate && leaf);
  const own = await certify(leaf, { issuer: root });

  test("the server's own certificate is said to be that, and who issued it", async () => {
    await using server = await serve(leaf, own);
    const said = await refusal(server.port, "implicit", { ca: { add: own } });
    assert.match(said, /You gave the certificate of the server ".*" \(tls\.ca\), which is no authority: .* by "Root"/);
    assert.match(said, /root of that authority, or the server's key \(tls\.trust\.pins\)/);
  });

  test("an intermediate is said to be that, and its root is named", async () => {
    const given = await certify(intermediate, { issuer: root, authority: true });
    await using server = await serve(leaf, (await certify(leaf, { issuer: intermediate })) + given);
    const said = await refusal(server.port, "implicit", { ca: { add: given } });
    assert.match(said, /You gave the authority "Intermediate" .* no root: it was issued by "Root"/);
  });
});

test("a server that says nothing may speak TLS from the start, and the error says what to write then", async () => {
  await using impostor = await startImpostor(vectorNamed("H-implicit"), { authority });
  await using mailer = createMailer(`submission://127.0.0.1:${impostor.port}`, { timeouts: { greeting: 100 } });
  await assert.rejects(mailer.verify(), (error) => {
    assert.ok(error instanceof NetworkError);
    assert.equal(error.code, "MAIL_NETWORK_TIMEOUT");
    assert.match(error.message, /the greeting within 0\.1 s\. .*submissions:\/\/ instead of submission:\/\//);
    return true;
  });
});
