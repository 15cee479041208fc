/** Sign-in by OAuth, end to end: a real issuer, the command, and a mail server that asks the issuer about each token. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { after, before, suite, test } from "node:test";
import { readTokens } from "./kept-tokens.ts";
import { deliveredWith } from "./reader.ts";
import { clientKeys, daemonClient, mailScope } from "./servers/oidc.ts";
import { type Authority, createAuthority } from "./servers/pki.ts";
import { accounts } from "./servers/server.ts";
import { openSigningStage, type SigningStage } from "./signing-stage.ts";

const [alice = { user: "" }, bob = { user: "" }] = accounts;
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

const sending = (from: string, text: string): readonly string[] =>
  `send --from ${from} --to carol@example.test --text`.split(" ").concat(text);

suite("signed in", { concurrency: 1 }, () => {
  let authority: Authority;
  let stage: SigningStage;
  before(async () => {
    authority = await createAuthority();
    stage = await openSigningStage({ authority, clientJwk: publicKey.export({ format: "jwk" }) });
  });
  after(async () => {
    await stage[Symbol.asyncDispose]();
    await authority[Symbol.asyncDispose]();
  });

  test("by a browser, without an application of one's own: the account is written once it has logged in", async () => {
    const { code, stdout, stderr } = await stage.add("work");
    assert.equal(code, 0, stderr);
    assert.match(stderr, new RegExp(`^Signed in\\. Granted: ${mailScope}`, "m"));
    assert.match(stdout, /^login +OAUTHBEARER$/m);
    assert.match(stdout, /^tokens +.*\/state\/postseal\/tokens\/work\.json$/m);
    assert.ok(stage.oidc.requests.includes("POST /reg"), "nothing was registered");
    const toml = readFileSync(stage.configuration, "utf8");
    assert.match(toml, /^oauth = \{ issuer = "https:\/\/localhost:\d+", client-id = "[^"]+", /m);
    assert.equal(statSync(stage.tokensOf("work")).mode & 0o777, 0o600);
    const { accessToken, refreshToken } = readTokens(stage, "work");
    for (const token of [accessToken, refreshToken]) assert.ok(!`${toml}${stdout}${stderr}`.includes(token));
  });

  for (const mechanism of ["XOAUTH2", "OAUTHBEARER"]) {
    for (const [scheme, port] of [
      ["submission", "submissionPort"],
      ["submissions", "submissionsPort"],
    ] as const) {
      test(`a message goes by ${mechanism} over ${scheme}, unattended`, async () => {
        const written = readFileSync(stage.configuration, "utf8");
        const server = `server = "${scheme}://${encodeURIComponent(alice.user)}@127.0.0.1:${stage.mail[port]}"`;
        stage.write(
          `${written.replace(/^server = .*$/m, server).replace(/^mechanism = .*\n/m, "")}mechanism = "${mechanism}"\n`,
        );
        const text = `by ${mechanism} over ${scheme}`;
        const { code, stderr } = await stage.run(sending(alice.user, text));
        assert.equal(code, 0, stderr);
        await deliveredWith(stage.mail, text);
        stage.write(written);
      });
    }
  }

  test("sendmail works with it, as for cron", async () => {
    const running = stage.begin(["sendmail", "-i", "-f", alice.user, "carol@example.test"]);
    running.pass("Subject: from cron\n\nby sendmail\n");
    const { code, stderr } = await running.ended;
    assert.equal(code, 0, stderr);
    await deliveredWith(stage.mail, "by sendmail");
  });

  test("the outbox sends by it", async () => {
    const queued = await stage.run(["outbox", "enqueue", ...sending(alice.user, "from the outbox").slice(1)]);
    assert.equal(queued.code, 0, queued.stderr);
    const worked = await stage.run(["outbox", "work", "--once"]);
    assert.equal(worked.code, 0, worked.stderr);
    await deliveredWith(stage.mail, "from the outbox");
  });

  test("eight commands at once with a token that has expired: one renewal, and all are sent", async () => {
    await stage.oidc.expireAccessTokens();
    stage.age("work");
    const earlier = stage.oidc.requests.filter((one) => one === "POST /token").length;
    const texts = Array.from({ length: 8 }, (_, index) => `one of eight, ${index}`);
    const ended = await Promise.all(texts.map((text) => stage.run(sending(alice.user, text))));
    for (const { code, stderr } of ended) assert.equal(code, 0, stderr);
    assert.equal(stage.oidc.requests.filter((one) => one === "POST /token").length - earlier, 1);
    for (const text of texts) await deliveredWith(stage.mail, text);
  });

  test("a token that the server no longer takes is renewed in the same login", async () => {
    await stage.oidc.expireAccessTokens();
    const { accessToken } = readTokens(stage, "work");
    // What it prints is searched for secrets, as after each command.
    const { code, stderr } = await stage.run(["verify", "--trace"]);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /sealed S: 535 /);
    assert.notEqual(readTokens(stage, "work").accessToken, accessToken);
  });

  test("config check --sign-in --renew asks the issuer, and account list says since when", async () => {
    const { accessToken } = readTokens(stage, "work");
    const looked = await stage.run(["config", "check", "--sign-in", "--json"]);
    assert.equal(looked.code, 0, looked.stdout);
    assert.equal(readTokens(stage, "work").accessToken, accessToken);
    const renewed = await stage.run(["config", "check", "--sign-in", "--renew"]);
    assert.equal(renewed.code, 0, renewed.stdout);
    assert.match(renewed.stdout, /^work: signed in since \d{4}-\d\d-\d\d, renewed /m);
    assert.notEqual(readTokens(stage, "work").accessToken, accessToken);
    const listed = await stage.run(["account", "list", "--json"]);
    const facts: unknown = JSON.parse(listed.stdout);
    assert.partialDeepStrictEqual(facts, { ok: true, accounts: [{ name: "work", signIn: { state: "in" } }] });
  });

  test("sign-in again replaces the tokens; sign-out withdraws them at the issuer", async () => {
    const earlier = readTokens(stage, "work");
    const again = stage.begin(["account", "sign-in", "work"]);
    await stage.agree(again);
    assert.equal((await again.ended).code, 0);
    const { accessToken } = readTokens(stage, "work");
    assert.notEqual(accessToken, earlier.accessToken);
    const token = stage.file("token", accessToken);
    const server = `submission://${encodeURIComponent(alice.user)}@127.0.0.1:${stage.mail.submissionPort}`;
    const byHand = ["verify", "--server", server, "--ca-only", authority.caFile, "--token-file", token];
    assert.equal((await stage.run(byHand)).code, 0);
    const out = await stage.run(["account", "sign-out", "work"]);
    assert.equal(out.code, 0, out.stderr);
    assert.match(out.stdout, /the issuer has withdrawn the sign-in/);
    assert.ok(!existsSync(stage.tokensOf("work")));
    assert.equal((await stage.run(byHand)).code, 77);
    const sent = await stage.run(sending(alice.user, "never"));
    assert.equal(sent.code, 77);
    assert.match(sent.stderr, /nobody has signed in\. Sign in: postseal account sign-in work/);
    assert.equal((await stage.run(["config", "check", "--sign-in"])).code, 77);
  });

  test("by a code on another device", async () => {
    // The client registers itself for this as well.
    const adding = stage.begin([...stage.adding("device", { address: "device@example.test" }), "--device"]);
    const [, page = "", code = ""] = await adding.said(
      /open (https:\S+) and enter this code within \d+ min:\n +(\S+)\n/,
    );
    await stage.person(page, { code });
    const { code: exit, stderr } = await adding.ended;
    assert.equal(exit, 0, stderr);
    assert.ok(existsSync(stage.tokensOf("device")));
  });

  test("an application that acts for itself, by its secret: nobody signs in, and no token is kept", async () => {
    const secret = stage.file("client", `${daemonClient.secret}\n`);
    const options = ["--client-credentials", "--client-id", daemonClient.id, "--client-secret-file", secret];
    const added = await stage.run([...stage.adding("service", { user: bob.user }), ...options]);
    assert.equal(added.code, 0, added.stderr);
    const sent = await stage.run(sending(bob.user, "by the application"));
    assert.equal(sent.code, 0, sent.stderr);
    await deliveredWith(stage.mail, "by the application");
    assert.ok(!existsSync(stage.tokensOf("service")));
    assert.equal((await stage.run(["account", "sign-in", "service"])).code, 64);
  });

  test("an application that proves itself by its key", async () => {
    const key = stage.file("client.key", privateKey.export({ type: "pkcs8", format: "pem" }).toString());
    const options = ["--client-credentials", "--client-id", clientKeys.clientId, "--client-key", key];
    const adding = stage.adding("keyed", { user: bob.user, address: "robot@example.test" });
    const added = await stage.run([...adding, ...options]);
    assert.equal(added.code, 0, added.stderr);
    const sent = await stage.run(sending("robot@example.test", "by the key"));
    assert.equal(sent.code, 0, sent.stderr);
  });
});
