/** Tokens that are of no use: refused, renewed or explained, with an exit code that says what to do. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, suite, test } from "node:test";
import { readTokens } from "./kept-tokens.ts";
import { desktopClient, otherScope, startOidc } from "./servers/oidc.ts";
import { type Authority, createAuthority } from "./servers/pki.ts";
import { accounts } from "./servers/server.ts";
import { openSigningStage, type SigningStage } from "./signing-stage.ts";

const [alice = { user: "" }, bob = { user: "" }] = accounts;

suite("a token of no use", { concurrency: 1 }, () => {
  let authority: Authority;
  let stage: SigningStage;
  before(async () => {
    authority = await createAuthority();
    stage = await openSigningStage({ authority });
  });
  after(async () => {
    await stage[Symbol.asyncDispose]();
    await authority[Symbol.asyncDispose]();
  });

  const renewals = (): number => stage.oidc.requests.filter((one) => one === "POST /token").length;

  test("another user's: the server refuses it, and nothing is written", async () => {
    const adding = stage.begin(stage.adding("work"));
    await stage.agree(adding, bob.user);
    const { code, stderr } = await adding.ended;
    assert.equal(code, 77, stderr);
    assert.match(stderr, /refused the access token/);
    assert.deepEqual(stage.remains("work"), []);
  });

  test("one that does not allow mail: nothing is written", async () => {
    const { code, stderr } = await stage.add("work", ["--client-id", desktopClient, "--scope", otherScope]);
    assert.equal(code, 77, stderr);
    assert.deepEqual(stage.remains("work"), []);
  });

  test("of a sign-in that the person has declined: the reason is the issuer's, and nothing is written", async () => {
    const adding = stage.begin(stage.adding("work"));
    const { url } = await stage.agree(adding, { user: alice.user, isElsewhere: true });
    const { origin, pathname, searchParams } = new URL(url);
    const declined = new URL(`${origin}${pathname}`);
    for (const name of ["state", "iss"]) declined.searchParams.set(name, searchParams.get(name) ?? "");
    declined.searchParams.set("error", "access_denied");
    await stage.person(declined.href);
    const { code, stderr } = await adding.ended;
    assert.equal(code, 77, stderr);
    assert.match(stderr, /did not agree\. \(access_denied\)/);
    assert.deepEqual(stage.remains("work"), []);
  });

  test("a second sign-in that the server refuses leaves the first as it was", async () => {
    assert.equal((await stage.add("work")).code, 0);
    const earlier = readTokens(stage, "work");
    const again = stage.begin(["account", "sign-in", "work"]);
    await stage.agree(again, bob.user);
    assert.equal((await again.ended).code, 77);
    assert.deepEqual(readTokens(stage, "work"), earlier);
    assert.equal((await stage.run(["verify"])).code, 0);
  });

  test("while the issuer is down a live token is used, and an expired one is a reason to try again later", async () => {
    stage.oidc.setOutage(503);
    assert.equal((await stage.run(["verify"])).code, 0);
    stage.age("work");
    const { code, stderr } = await stage.run(["verify"]);
    assert.equal(code, 75, stderr);
    assert.match(stderr, /Try again later/);
    assert.equal((await stage.run(["config", "check", "--sign-in", "--renew"])).code, 75);
    stage.oidc.setOutage(undefined);
    assert.equal((await stage.run(["verify"])).code, 0);
  });

  test("another issuer's is not shown to this one, and the mail server does not take it", async () => {
    await using other = await startOidc({ authority });
    const written = readFileSync(stage.configuration, "utf8");
    stage.write(written.replace(stage.oidc.issuer, other.issuer));
    const { code, stderr } = await stage.run(["verify"]);
    assert.equal(code, 77, stderr);
    assert.match(stderr, /is a sign-in at .*, not at .* Sign in: postseal account sign-in work/);
    const checked = await stage.run(["config", "check", "--sign-in"]);
    assert.equal(checked.code, 77);
    assert.match(checked.stdout, /^work: not signed in: the last sign-in was at another issuer/m);
    assert.deepEqual(other.requests, []);
    const signing = stage.begin(["account", "sign-in", "work"]);
    // The client that was registered at one issuer is not known to the other.
    const { status } = await stage.agree(signing);
    assert.equal(status, 400);
    signing.interrupt("SIGTERM");
    assert.equal((await signing.ended).code, 143);
    stage.write(written);
    assert.equal((await stage.run(["verify"])).code, 0);
  });

  test("of an account whose server has changed", async () => {
    const written = readFileSync(stage.configuration, "utf8");
    stage.write(written.replace("@127.0.0.1:", "@mail.example.net:"));
    const { code, stdout } = await stage.run(["config", "check", "--sign-in"]);
    assert.equal(code, 77);
    assert.match(stdout, /^work: not signed in: the last sign-in was for 127\.0\.0\.1\./m);
    stage.write(written);
  });

  test("of a sign-in that was withdrawn: exit 77 with the command to run, and the issuer is asked once", async () => {
    await stage.oidc.revokeGrants();
    const [earlier, first] = [renewals(), await stage.run(["verify"])];
    assert.equal(first.code, 77, first.stderr);
    assert.match(first.stderr, /\(invalid_grant\).* Sign in: postseal account sign-in work\n/);
    assert.equal(renewals(), earlier + 1);
    const checked = await stage.run(["config", "check", "--sign-in", "--renew"]);
    assert.equal(checked.code, 77);
    assert.match(checked.stdout, /^work: .* Sign in: postseal account sign-in work$/m);
    assert.equal((await stage.run(["verify"])).code, 77);
    assert.equal(renewals(), earlier + 1);
    const listed = await stage.run(["account", "list"]);
    assert.match(listed.stdout, /not signed in: the sign-in ended by .* Sign in: postseal account sign-in work/);
    const again = stage.begin(["account", "sign-in"]);
    await stage.agree(again);
    assert.equal((await again.ended).code, 0);
  });
});
