/** The interceptor between real clients and an honest server: each attack is made, a correct client holds, and no event contains a secret. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { suite, test } from "node:test";
import {
  type Attack,
  attackNamed,
  attacks,
  canaries,
  honest,
  honestImplicit,
  type Interceptor,
  type InterceptorEvent,
  listen,
  type ProxyOutcome,
  startInterceptor,
} from "@postseal/lab";
import { sendNaively } from "../attack/naive-client.ts";
import { createAuthority as createPki } from "../interop/servers/pki.ts";
import { type PostfixServer, startPostfix } from "../interop/servers/postfix.ts";
import { Talker } from "./talker.ts";
import {
  assertSecret,
  curl,
  evidenceIn,
  files,
  heardInClear,
  letter,
  outcomesOf,
  rogue,
  type Scene,
  send,
  stage,
} from "./interceptor-scene.ts";

/** The outcome for a correct client. The honest impostor does not discard an added command, so its handshake fails. */
const correct: Readonly<Record<string, ProxyOutcome>> = {
  none: "sealed",
  ...Object.fromEntries(attacks.slice(1).map(({ id }) => [id, "held"])),
  "inject-command": "inconclusive",
};

suite("a correct client", () => {
  for (const attack of attacks) {
    test(`curl --ssl-reqd under ${attack.id}`, async (t) => {
      await using scene = await stage(attack.id);
      const ran = await curl(scene.proxy.port, "--ssl-reqd");
      if (ran === undefined) return t.skip("curl is not installed");
      await assertCorrect(scene, attack, ran.code === 0 ? "sent" : "not sent");
    });

    test(`the mailer under ${attack.id}`, async () => {
      await using scene = await stage(attack.id);
      await assertCorrect(scene, attack, await send(scene.proxy.port, "starttls"));
    });
  }

  for (const id of ["none", "intercept", "strip-plus"])
    test(`the mailer under ${id}, on the port of implicit TLS`, async () => {
      await using scene = await stage(id, honestImplicit);
      await assertCorrect(scene, attackNamed(id), await send(scene.proxy.port, "implicit"));
    });
});

async function assertCorrect({ proxy, server, events }: Scene, { id }: Attack, outcome: string): Promise<void> {
  await proxy.settled();
  const isSent = id === "none";
  assert.deepEqual(outcomesOf(events), [correct[id]]);
  assert.equal(evidenceIn(events), "");
  assert.equal(
    events.some(({ kind }) => kind === "attack"),
    !isSent,
    "every attack is made, and none if the attack is `none`",
  );
  assert.equal(outcome, isSent ? "sent" : "not sent");
  await server.settled();
  assert.deepEqual(
    server.transcript.messages.map(({ channel, username }) => [channel, username]),
    isSent ? [["tls", canaries.username]] : [],
  );
}

suite("an opportunistic client", () => {
  for (const id of ["strip-and-tempt", "refuse", "invalid-reply"])
    test(`curl --ssl gives its password away under ${id}, but not to the wire between proxy and server`, async (t) => {
      await using scene = await stage(id);
      const ran = await curl(scene.proxy.port, "--ssl");
      if (ran === undefined) return t.skip("curl is not installed");
      await scene.proxy.settled();
      assert.deepEqual(outcomesOf(scene.events), ["leaked-credentials"], ran.output);
      assert.match(evidenceIn(scene.events), /AUTH PLAIN went in the clear: an attacker would have the password/);
      assert.doesNotMatch(heardInClear(scene.server), /AUTH|[A-Za-z0-9+/]{20}/);
    });

  test("relay-clear carries curl --ssl into the server's TLS: it logs in, and its mail arrives", async (t) => {
    await using scene = await stage("relay-clear");
    const ran = await curl(scene.proxy.port, "--ssl", ["--login-options", "AUTH=PLAIN"]);
    if (ran === undefined) return t.skip("curl is not installed");
    assert.equal(ran.code, 0, ran.output);
    await scene.proxy.settled();
    assert.deepEqual(outcomesOf(scene.events), ["leaked-credentials"]);
    assert.match(
      evidenceIn(scene.events),
      /the password\n.*sender.*\n.*recipient.*\nleaked-message: the message went in the clear$/,
    );
    const [message] = scene.server.transcript.messages;
    assert.deepEqual([message?.channel, message?.username, message?.body], ["tls", canaries.username, letter]);
    assert.equal(heardInClear(scene.server), "EHLO [127.0.0.1]\r\nSTARTTLS\r\n");
  });

  for (const id of ["strip", "downgrade"])
    test(`curl --ssl sends its message in the clear under ${id}`, async (t) => {
      await using scene = await stage(id);
      const ran = await curl(scene.proxy.port, "--ssl");
      if (ran === undefined) return t.skip("curl is not installed");
      await scene.proxy.settled();
      assert.deepEqual(outcomesOf(scene.events), ["leaked-message"], ran.output);
    });

  test("one that trusts the proxy's authority is read inside TLS", async (t) => {
    await using scene = await stage("intercept");
    const ran = await curl(scene.proxy.port, "--ssl-reqd", ["--login-options", "AUTH=LOGIN", "--cacert", files.both]);
    if (ran === undefined) return t.skip("curl is not installed");
    assert.equal(ran.code, 0, ran.output);
    await scene.proxy.settled();
    assert.deepEqual(outcomesOf(scene.events), ["leaked-credentials"]);
    const found = evidenceIn(scene.events);
    assert.match(found, /AUTH LOGIN went in TLS that ended at the proxy: an attacker would have the user name$/m);
    assert.match(found, /AUTH LOGIN went in TLS that ended at the proxy: an attacker would have the password$/m);
  });
});

suite("no event holds a secret", () => {
  const gullible = { opportunistic: true, trusting: true, ignoresGo: false, buffers: true };
  for (const { id } of attacks)
    test(`of a client that gives everything away under ${id}`, async () => {
      await using scene = await stage(id);
      const target = { port: scene.proxy.port, transport: "starttls", authority: rogue.certificate } as const;
      await sendNaively(target, gullible);
      await scene.proxy.settled();
      assertSecret(scene);
    });

  for (const mechanism of ["PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2"])
    test(`of a login by ${mechanism}, whether the server or the proxy answers it`, async () => {
      const part = { ...honest, script: { clear: { capabilities: [`AUTH ${mechanism}`] } } };
      for (const id of ["none", "strip"]) {
        await using scene = await stage(id, part);
        const secret = (text: string): string => Buffer.from(text).toString("base64");
        const client = await Talker.to(scene.proxy.port);
        await client.say(`EHLO x\r\nAUTH ${mechanism}\r\n`, 2);
        const responses = {
          PLAIN: [secret(`\0${canaries.username}\0${canaries.password}`)],
          LOGIN: [secret(canaries.username), secret(canaries.password)],
          "CRAM-MD5": [secret(`${canaries.username} ${digest(client.heard)}`)],
          XOAUTH2: [secret(`user=${canaries.username}\u0001auth=Bearer ${canaries.password}\u0001\u0001`)],
        }[mechanism];
        for (const response of responses ?? []) await client.say(`${response}\r\n`, 1);
        await client.say("QUIT\r\n", 1);
        assert.match(client.heard, id === "none" ? /^235/m : /^454/m);
        client.leave();
        await scene.proxy.settled();
        assert.match(evidenceIn(scene.events), /^leaked-credentials: AUTH /);
        assertSecret(scene);
      }
    });

  for (const [what, line] of [
    ["its password for a mechanism", `AUTH ${canaries.password}`],
    ["more than a response", `AUTH PLAIN ${Buffer.from(canaries.password).toString("base64")} and more`],
    ["its password for a command", canaries.password],
    ["its password after a verb that takes nothing", `QUIT ${canaries.password}`],
    ["its password after a verb of another protocol", `PASS ${canaries.password}`],
  ] as const)
    test(`of one that says ${what}`, async () => {
      await using scene = await stage("none");
      const client = await Talker.to(scene.proxy.port);
      await client.say(`${line}\r\nNOOP\r\n`, 1);
      client.leave();
      await scene.proxy.settled();
      assert.match(JSON.stringify(scene.events), /octets, readable/);
      assertSecret(scene);
    });

  test("of a server that repeats what it hears", async () => {
    await using echo = await listen((socket) => {
      socket.write("220 ready\r\n");
      socket.on("data", (chunk: Buffer) => socket.write(`535 5.7.8 not ${chunk.toString("latin1").trim()}\r\n`));
    });
    const events: InterceptorEvent[] = [];
    await using proxy = await startInterceptor({
      attack: attackNamed("none"),
      upstream: { host: "127.0.0.1", port: echo.port, transport: "starttls" },
      authority: rogue,
      onEvent: (event) => events.push(event),
    });
    const client = await Talker.to(proxy.port);
    const token = Buffer.from(`\0${canaries.username}\0${canaries.password}`).toString("base64");
    await client.say(`AUTH PLAIN ${token}\r\n`, 1);
    await client.say(`${canaries.password}\r\n`, 1);
    assert.ok(client.heard.includes(token) && client.heard.includes(canaries.password), "the client gets it all");
    client.leave();
    await proxy.settled();
    assert.match(JSON.stringify(events), /535 5\.7\.8 \[/);
    assertSecret({ events });
  });
});

suite("before Postfix", { skip: canRunPostfix() ? false : "Postfix is not installed, or this is not root" }, () => {
  const seen: InterceptorEvent[] = [];
  // Without postfix-pcre, a separate package, this harness's Postfix answers 451 to every recipient.
  const takesMail = canRunPostfix() && spawnSync("postconf", ["-m"], { encoding: "utf8" }).stdout.includes("pcre");
  const enter = async (
    id: string,
  ): Promise<AsyncDisposable & { postfix: PostfixServer; proxy: Interceptor; ca: string }> => {
    await using stack = new AsyncDisposableStack();
    const pki = stack.use(await createPki());
    // Logins do not matter here: Postfix takes mail without one.
    const postfix = stack.use(await startPostfix({ authority: pki, sasl: "none" }));
    const ca = await readFile(pki.caFile, "utf8");
    const upstream = { host: "127.0.0.1", port: postfix.mxPort, transport: "starttls", ca } as const;
    const onEvent = (event: InterceptorEvent): unknown => seen.push(event);
    seen.length = 0;
    const proxy = stack.use(await startInterceptor({ attack: attackNamed(id), upstream, authority: rogue, onEvent }));
    const owned = stack.move();
    return { postfix, proxy, ca, [Symbol.asyncDispose]: () => owned.disposeAsync() };
  };

  for (const { id } of attacks)
    test(`the mailer under ${id}`, async () => {
      await using scene = await enter(id);
      const { postfix, proxy, ca } = scene;
      // Postfix discards an added command, and goes on to TLS.
      const isSealed = id === "none" || id === "inject-command";
      const deliveries = isSealed && takesMail ? 1 : 0;
      assert.equal(await send(proxy.port, "starttls", ca), deliveries === 1 ? "sent" : "not sent");
      await proxy.settled();
      assert.deepEqual(outcomesOf(seen), [isSealed ? "sealed" : "held"]);
      assert.equal((await postfix.delivered(deliveries)).length, deliveries);
    });

  for (const [id, outcome, deliveries] of [
    ["strip-and-tempt", "leaked-credentials", 0],
    ["relay-clear", takesMail ? "leaked-message" : "leaked-envelope", takesMail ? 1 : 0],
  ] as const)
    test(`curl --ssl under ${id}`, async (t) => {
      await using scene = await enter(id);
      const ran = await curl(scene.proxy.port, "--ssl", ["--mail-rcpt", "bob@example.test"]);
      if (ran === undefined) return t.skip("curl is not installed");
      await scene.proxy.settled();
      assert.deepEqual(outcomesOf(seen), [outcome], ran.output);
      assert.equal((await scene.postfix.delivered(deliveries)).length, deliveries);
      assertSecret({ events: seen });
    });
});

function canRunPostfix(): boolean {
  return existsSync("/usr/lib/postfix/sbin/master") && process.getuid?.() === 0;
}

function digest(heard: string): string {
  const challenge = /^334 (\S+)/m.exec(heard)?.[1] ?? "";
  return createHmac("md5", canaries.password).update(Buffer.from(challenge, "base64")).digest("hex");
}
