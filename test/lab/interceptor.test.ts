/** The interceptor between true clients and an honest server: each attack is made, a correct client holds, and no event holds a secret. */
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import path from "node:path";
import { after, suite, test } from "node:test";
import { connect as connectTls } from "node:tls";
import {
  type Attack,
  attackNamed,
  attacks,
  canaries,
  createAuthority,
  honest,
  honestImplicit,
  HOST,
  type Impostor,
  type Interceptor,
  type InterceptorEvent,
  type InterceptorOptions,
  listen,
  type Part,
  type ProxyOutcome,
  said,
  startImpostor,
  startInterceptor,
  vectorNamed,
  makePrivateFolder,
} from "@postseal/lab";
import { createMailer } from "@postseal/mailer";
import { sendNaively } from "../attack/naive-client.ts";
import { createAuthority as createPki } from "../interop/servers/pki.ts";
import { type PostfixServer, startPostfix } from "../interop/servers/postfix.ts";
import { Talker } from "./talker.ts";

/** The true server's. */
const authority = await createAuthority();
/** The proxy's. A client trusts it only where the test says so. */
const rogue = await createAuthority({ name: "Rogue authority" });
const folder = makePrivateFolder("interceptor");
const files = { true: path.join(folder, "true.pem"), both: path.join(folder, "both.pem") };
await writeFile(files.true, authority.certificate);
await writeFile(files.both, `${authority.certificate}\n${rogue.certificate}`);
after(() => rm(folder, { recursive: true }));

const letter = `Subject: reeds\r\n\r\n${canaries.body}\r\n`;

interface Scene extends AsyncDisposable {
  readonly server: Impostor;
  readonly proxy: Interceptor;
  readonly events: readonly InterceptorEvent[];
}

async function stage(id: string, part: Part = honest, options: Partial<InterceptorOptions> = {}): Promise<Scene> {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(await startImpostor(part, { authority }));
  const events: InterceptorEvent[] = [];
  const { transport } = part;
  const proxy = stack.use(
    await startInterceptor({
      attack: attackNamed(id),
      upstream: { host: "127.0.0.1", port: server.port, transport, ca: authority.certificate },
      authority: rogue,
      onEvent: (event) => events.push(event),
      ...options,
    }),
  );
  const owned = stack.move();
  return { server, proxy, events, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

function outcomesOf(events: readonly InterceptorEvent[]): readonly ProxyOutcome[] {
  return events.flatMap((event) => (event.kind === "closed" ? [event.outcome] : []));
}

function endOf(events: readonly InterceptorEvent[]): string {
  const end = events.at(-1);
  return end?.kind === "closed" ? `${end.outcome}: ${end.evidence}` : "";
}

function evidenceIn(events: readonly InterceptorEvent[]): string {
  return events
    .flatMap((event) => (event.kind === "finding" ? [`${event.outcome}: ${event.evidence}`] : []))
    .join("\n");
}

/** What a correct client comes to. The honest impostor does not throw an added command away: it fails the handshake over it. */
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

async function assertCorrect({ proxy, server, events }: Scene, { id }: Attack, told: string): Promise<void> {
  await proxy.settled();
  const isSent = id === "none";
  assert.deepEqual(outcomesOf(events), [correct[id]]);
  assert.equal(evidenceIn(events), "");
  assert.equal(
    events.some(({ kind }) => kind === "attack"),
    !isSent,
    "every attack is made, and none where there is none",
  );
  assert.equal(told, isSent ? "sent" : "not sent");
  await server.settled();
  assert.deepEqual(
    server.transcript.messages.map(({ channel, username }) => [channel, username]),
    isSent ? [["tls", canaries.username]] : [],
  );
}

suite("an opportunistic client", () => {
  for (const id of ["strip-and-tempt", "refuse", "invalid-reply"])
    test(`curl --ssl gives its password away under ${id}, and not to the wire behind the proxy`, async (t) => {
      await using scene = await stage(id);
      const ran = await curl(scene.proxy.port, "--ssl");
      if (ran === undefined) return t.skip("curl is not installed");
      await scene.proxy.settled();
      assert.deepEqual(outcomesOf(scene.events), ["leaked-credentials"], ran.output);
      assert.match(evidenceIn(scene.events), /AUTH PLAIN went in clear: an attacker would have the password/);
      assert.doesNotMatch(heardInClear(scene.server), /AUTH|[A-Za-z0-9+/]{20}/);
    });

  test("curl --ssl is carried into the server's TLS by relay-clear: it logs in, and its mail arrives", async (t) => {
    await using scene = await stage("relay-clear");
    const ran = await curl(scene.proxy.port, "--ssl", ["--login-options", "AUTH=PLAIN"]);
    if (ran === undefined) return t.skip("curl is not installed");
    assert.equal(ran.code, 0, ran.output);
    await scene.proxy.settled();
    assert.deepEqual(outcomesOf(scene.events), ["leaked-credentials"]);
    assert.match(
      evidenceIn(scene.events),
      /the password\n.*sender.*\n.*recipient.*\nleaked-message: the message went in clear$/,
    );
    const [message] = scene.server.transcript.messages;
    assert.deepEqual([message?.channel, message?.username, message?.body], ["tls", canaries.username, letter]);
    assert.equal(heardInClear(scene.server), "EHLO [127.0.0.1]\r\nSTARTTLS\r\n");
  });

  for (const id of ["strip", "downgrade"])
    test(`curl --ssl sends its message in clear under ${id}`, async (t) => {
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
  const whoever = { opportunistic: true, trusting: true, ignoresGo: false, buffers: true };
  for (const { id } of attacks)
    test(`of a client that gives everything away under ${id}`, async () => {
      await using scene = await stage(id);
      const target = { port: scene.proxy.port, transport: "starttls", authority: rogue.certificate } as const;
      await sendNaively(target, whoever);
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
    ["its password behind a verb that takes nothing", `QUIT ${canaries.password}`],
    ["its password behind a verb of another protocol", `PASS ${canaries.password}`],
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

  test("of a server that says back what it was told", async () => {
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

/** Raw, beneath base64 wherever it begins in it, and as the digests that were made of it. */
function assertSecret({ events }: Pick<Scene, "events">): void {
  const { password, body } = canaries;
  const told = JSON.stringify(events);
  const shifted = [password, body].flatMap((word) =>
    [0, 1, 2].map((pad) =>
      Buffer.from(`${" ".repeat(pad)}${word}`)
        .toString("base64")
        .slice(4, -4),
    ),
  );
  for (const form of [password, body, ...shifted])
    assert.ok(!told.toLowerCase().includes(form.toLowerCase()), `${form} is in ${told}`);
  assert.doesNotMatch(told, /[0-9a-f]{32}/);
  assert.ok(
    events.some(({ kind }) => kind === "closed"),
    "there was a connection",
  );
}

suite("what passes", () => {
  /** A clear server without STARTTLS: everything that passes is on its record. */
  const clear: Part = { ...honest, script: { clear: { capabilities: ["PIPELINING", "CHUNKING"] } } };
  const body = `From: x\n.x\nAUTH PLAIN eA==\r\n..stuffed\r\n.\rnot the end\r\n \r\n\x00\xff`;
  const session = [
    "EHLO x\r\n",
    "MAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nDATA\r\n",
    `${body}\r\n.\r\n`,
    "MAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\n",
    `BDAT ${body.length}\r\n${body}BDAT 0 LAST\r\n`,
    "noop\nQUIT\r\n",
  ].join("");

  for (const [how, size] of [
    ["in one write", session.length],
    ["octet by octet", 1],
    ["in pieces of 7 octets", 7],
  ] as const)
    test(`a session ${how} is passed on as it is, bodies too`, async () => {
      await using scene = await stage("none", clear);
      const client = await Talker.to(scene.proxy.port);
      for (let from = 0; from < session.length; from += size) await client.write(session.slice(from, from + size));
      await client.closed;
      await scene.proxy.settled();
      await scene.server.settled();
      assert.equal(heardInClear(scene.server), session);
      assert.equal(scene.server.transcript.messages.length, 2);
      const shown = scene.events.flatMap((event) =>
        event.kind === "said" && event.by === "client" ? [event.text] : [],
      );
      assert.ok(
        scene.events.every(
          (event) => event.kind !== "said" || event.by === "client" || !event.text.includes("octets,"),
        ),
        "every reply belongs to its command",
      );
      const [counted, dotted] = [body.length, body.length + 2].map((octets) => `[${octets} octets, readable]`);
      assert.equal(
        shown.join(""),
        session
          .replace(`${body}\r\n.`, dotted ?? "")
          .replace(`${body}BDAT`, `${counted}\r\nBDAT`)
          .replace("noop\n", "noop\r\n"),
      );
    });

  test("STARTTLS is taken off an EHLO reply that comes octet by octet, from its end and from its middle", async () => {
    for (const lines of ["250-x\r\n250-SIZE 1\r\n250 STARTTLS\r\n", "250-x\r\n250-starttls\r\n250 SIZE 1\r\n"]) {
      const on = { EHLO: [{ do: "say", text: lines, every: 0 }] } as const;
      await using scene = await stage("strip", { ...honest, script: { clear: { on } } });
      const client = await Talker.to(scene.proxy.port);
      await client.say("EHLO x\r\n", 1);
      assert.match(client.heard, /\r\n250-x\r\n250 SIZE 1\r\n$/);
      client.leave();
    }
  });

  test("the proxy's own replies keep their place among the server's", async () => {
    await using scene = await stage("refuse");
    const client = await Talker.to(scene.proxy.port);
    await client.say("EHLO x\r\nNOOP\r\nSTARTTLS\r\nNOOP\r\nQUIT\r\n", 5);
    assert.deepEqual(client.heard.match(/^\d{3}(?= )/gm), ["220", "250", "250", "454", "250", "221"]);
  });

  test("a client that asks for STARTTLS although it was stripped is refused", async () => {
    await using scene = await stage("strip");
    const client = await Talker.to(scene.proxy.port);
    await client.say("EHLO x\r\nSTARTTLS\r\n", 2);
    assert.match(client.heard, /\r\n502 [^\r\n]*\r\n$/);
    await client.say("QUIT\r\n", 1);
    await client.closed;
    await scene.proxy.settled();
    await scene.server.settled();
    assert.equal(heardInClear(scene.server), "EHLO x\r\nQUIT\r\n");
    assert.equal(
      endOf(scene.events),
      "held: took STARTTLS off the EHLO reply; answered STARTTLS in the server's place; the client closed after EHLO, STARTTLS, QUIT",
    );
  });

  test("a 220 to a STARTTLS inside TLS leads nowhere", async () => {
    const on = { STARTTLS: [{ do: "say", text: "220 go\r\n" }] } as const;
    await using scene = await stage("intercept", { ...honestImplicit, script: { tls: { on } } });
    const { port } = scene.proxy;
    const client = new Talker(connectTls({ port, host: "127.0.0.1", servername: HOST, ca: rogue.certificate }));
    await client.say("STARTTLS\r\nNOOP\r\nQUIT\r\n", 4);
    assert.deepEqual(client.heard.match(/^\d{3}/gm), ["220", "220", "250", "221"]);
  });

  test("what is injected lies behind the 220 in the same write, and a client that goes on in clear is still heard", async () => {
    await using scene = await stage("inject");
    const client = await Talker.to(scene.proxy.port);
    await client.say("EHLO x\r\n", 1);
    client.forget();
    await client.say("STARTTLS\r\n", 2);
    assert.equal(client.pieces, 1);
    assert.match(client.heard, /^220 [^\r\n]*\r\n250-\S+\r\n250 AUTH PLAIN\r\n$/);
    const token = Buffer.from(`\0${canaries.username}\0${canaries.password}`).toString("base64");
    await client.write(`AUTH PLAIN ${token}\r\n`);
    client.leave();
    await scene.proxy.settled();
    assert.deepEqual(outcomesOf(scene.events), ["leaked-credentials"]);
    assert.doesNotMatch(heardInClear(scene.server), /AUTH/);
  });

  test("a command is added in the same write as the client's STARTTLS, and what the server answers goes on", async () => {
    let heard = "";
    await using server = await listen((socket) => {
      socket.write("220 ready\r\n");
      socket.on("data", (chunk: Buffer) => {
        heard += chunk.toString("latin1");
        if (heard.includes("NOOP")) socket.end("220 go\r\n250 2.0.0 done\r\n");
      });
    });
    const events: InterceptorEvent[] = [];
    await using proxy = await startInterceptor({
      attack: attackNamed("inject-command"),
      upstream: { host: "127.0.0.1", port: server.port, transport: "starttls" },
      authority: rogue,
      onEvent: (event) => events.push(event),
    });
    const client = await Talker.to(proxy.port);
    await client.write("STARTTLS\r\n");
    await client.closed;
    await proxy.settled();
    assert.equal(heard, "STARTTLS\r\nNOOP\r\n");
    assert.equal(client.heard, "220 ready\r\n220 go\r\n250 2.0.0 done\r\n");
    assert.match(JSON.stringify(events), /added NOOP behind the client's STARTTLS/);
    const answer = {
      kind: "said",
      by: "server",
      to: "client",
      channel: "clear",
      text: "250 2.0.0 [4 octets, readable]\r\n",
    };
    assert.deepEqual(
      events.filter((event) => event.kind === "said" && event.text.startsWith("250")),
      [{ ...answer, connection: 0 }],
    );
  });
});

suite("the true server", () => {
  for (const id of ["intercept", "relay-clear"])
    test(`is told nothing under ${id} before it has proved who it is`, async () => {
      await using scene = await stage(id, vectorNamed("C1-self-signed"));
      assert.equal(await send(scene.proxy.port, "starttls"), "not sent");
      await scene.proxy.settled();
      assert.match(endOf(scene.events), /^inconclusive: there is no TLS with 127\.0\.0\.1 \(self-signed certificate\)/);
      await scene.server.settled();
      const [connection] = scene.server.transcript.connections;
      assert.ok(connection !== undefined);
      assert.equal(said(connection, "client", "tls"), "");
    });

  test("that has no TLS cannot be relayed to", async () => {
    await using scene = await stage("relay-clear", vectorNamed("A3-454"));
    assert.equal(await send(scene.proxy.port, "starttls"), "not sent");
    await scene.proxy.settled();
    assert.match(JSON.stringify(scene.events), /answers STARTTLS by 454 4\.7\.0/);
  });

  test("may go within a login: then it is over for the client too", async () => {
    await using server = await listen((socket) => {
      socket.write("220 ready\r\n");
      socket.once("data", () => socket.end());
    });
    const upstream = { host: "127.0.0.1", port: server.port, transport: "starttls" } as const;
    await using scene = await stage("none", honest, { upstream });
    const client = await Talker.to(scene.proxy.port);
    await client.write("AUTH LOGIN\r\n");
    await client.closed;
    await scene.proxy.settled();
    assert.deepEqual(outcomesOf(scene.events), ["inconclusive"]);
  });

  test("that is not there is a failure of the connection, not of the proxy", async () => {
    const gone = await listen(() => undefined);
    await gone[Symbol.asyncDispose]();
    const upstream = { host: "127.0.0.1", port: gone.port, transport: "starttls" } as const;
    await using scene = await stage("none", honest, { upstream });
    assert.equal(await send(scene.proxy.port, "starttls"), "not sent");
    await scene.proxy.settled();
    assert.match(endOf(scene.events), /^inconclusive: 127\.0\.0\.1 port \d+ cannot be reached/);
  });
});

test("an attack on STARTTLS is refused for a server with implicit TLS", async () => {
  await assert.rejects(stage("strip", honestImplicit), /the attack strip is made on STARTTLS/);
});

test("a signal closes the proxy with its connections", async () => {
  const stop = new AbortController();
  await using scene = await stage("none", honest, { signal: stop.signal });
  const client = await Talker.to(scene.proxy.port);
  stop.abort();
  await client.closed;
  await scene.proxy.settled();
  assert.deepEqual(outcomesOf(scene.events), ["inconclusive"]);
  await assert.rejects(once(connect(scene.proxy.port, "127.0.0.1"), "connect"), { code: "ECONNREFUSED" });
});

suite("before Postfix", { skip: canRunPostfix() ? false : "Postfix is not installed, or this is not root" }, () => {
  const told: InterceptorEvent[] = [];
  // Without its tables of regular expressions, a package of its own, it has a 451 for every recipient of this harness.
  const takesMail = canRunPostfix() && spawnSync("postconf", ["-m"], { encoding: "utf8" }).stdout.includes("pcre");
  const enter = async (
    id: string,
  ): Promise<AsyncDisposable & { postfix: PostfixServer; proxy: Interceptor; ca: string }> => {
    await using stack = new AsyncDisposableStack();
    const pki = stack.use(await createPki());
    // Who may log in is of no account here: it takes mail without a login.
    const postfix = stack.use(await startPostfix({ authority: pki, sasl: "none" }));
    const ca = await readFile(pki.caFile, "utf8");
    const upstream = { host: "127.0.0.1", port: postfix.mxPort, transport: "starttls", ca } as const;
    const onEvent = (event: InterceptorEvent): unknown => told.push(event);
    told.length = 0;
    const proxy = stack.use(await startInterceptor({ attack: attackNamed(id), upstream, authority: rogue, onEvent }));
    const owned = stack.move();
    return { postfix, proxy, ca, [Symbol.asyncDispose]: () => owned.disposeAsync() };
  };

  for (const { id } of attacks)
    test(`the mailer under ${id}`, async () => {
      await using scene = await enter(id);
      const { postfix, proxy, ca } = scene;
      // Postfix throws an added command away, and goes on to TLS.
      const isSealed = id === "none" || id === "inject-command";
      const deliveries = isSealed && takesMail ? 1 : 0;
      assert.equal(await send(proxy.port, "starttls", ca), deliveries === 1 ? "sent" : "not sent");
      await proxy.settled();
      assert.deepEqual(outcomesOf(told), [isSealed ? "sealed" : "held"]);
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
      assert.deepEqual(outcomesOf(told), [outcome], ran.output);
      assert.equal((await scene.postfix.delivered(deliveries)).length, deliveries);
      assertSecret({ events: told });
    });
});

function canRunPostfix(): boolean {
  return existsSync("/usr/lib/postfix/sbin/master") && process.getuid?.() === 0;
}

function heardInClear(server: Impostor): string {
  return server.transcript.connections.map((connection) => said(connection, "client", "clear")).join("");
}

function digest(heard: string): string {
  const challenge = /^334 (\S+)/m.exec(heard)?.[1] ?? "";
  return createHmac("md5", canaries.password).update(Buffer.from(challenge, "base64")).digest("hex");
}

/** `postfix`: the authority of a server that wants no login. */
async function send(port: number, transport: "starttls" | "implicit", postfix?: string): Promise<"sent" | "not sent"> {
  const { username, password } = canaries;
  await using mailer = createMailer(
    { host: HOST, port, transport },
    {
      ...(postfix === undefined ? { credentials: { username, password } } : {}),
      tls: { ca: { only: postfix ?? authority.certificate } },
      connect: async (target) => connect({ host: "127.0.0.1", port: target.port }),
    },
  );
  const to = postfix === undefined ? canaries.recipient : "bob@example.test";
  return await mailer.send({ from: canaries.sender, to, text: canaries.body }).then(
    () => "sent",
    () => "not sent",
  );
}

interface Ran {
  /** The exit code. */
  readonly code: number;
  readonly output: string;
}

/** `undefined` where there is none. */
function curl(port: number, ssl: string, more: readonly string[] = []): Promise<Ran | undefined> {
  const where = ["--url", `smtp://${HOST}:${port}`, "--resolve", `${HOST}:${port}:127.0.0.1`, "--noproxy", "*"];
  const who = ["--user", `${canaries.username}:${canaries.password}`, "--mail-from", canaries.sender];
  const what = ["--mail-rcpt", canaries.recipient, "--cacert", files.true, ssl, "-T", "-", ...more];
  return new Promise((resolve) => {
    const child = execFile("curl", ["-q", "-sS", ...where, ...who, ...what], { timeout: 20_000 }, (error, out, err) => {
      if (error?.code === "ENOENT") resolve(undefined);
      else resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: out + err });
    });
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(letter);
  });
}
