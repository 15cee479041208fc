/** What the interceptor passes on, changes and adds, octet by octet, and what it does if the server fails. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { suite, test } from "node:test";
import { connect as connectTls } from "node:tls";
import {
  attackNamed,
  canaries,
  honest,
  honestImplicit,
  HOST,
  type InterceptorEvent,
  listen,
  type Part,
  said,
  startInterceptor,
  vectorNamed,
} from "@postseal/lab";
import { Talker } from "./talker.ts";
import { endOf, heardInClear, outcomesOf, rogue, send, stage } from "./interceptor-scene.ts";

suite("what passes", () => {
  /** A clear server without STARTTLS, which records everything that passes. */
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
        "a reply does not belong to its command",
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

  test("STARTTLS is removed from an EHLO reply that comes octet by octet, at its end and in its middle", async () => {
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
      "held: removed STARTTLS from the EHLO reply; answered STARTTLS in the server's place; the client closed after EHLO, STARTTLS, QUIT",
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

  test("injected octets follow the 220 in the same write, and a client that goes on in the clear is still heard", async () => {
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

  test("a command is added in the same write as the client's STARTTLS, and the server's answers are passed on", async () => {
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
    assert.match(JSON.stringify(events), /added NOOP after the client's STARTTLS/);
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
    test(`hears nothing under ${id} before it has proved who it is`, async () => {
      await using scene = await stage(id, vectorNamed("C1-self-signed"));
      assert.equal(await send(scene.proxy.port, "starttls"), "not sent");
      await scene.proxy.settled();
      assert.match(endOf(scene.events), /^inconclusive: there is no TLS with 127\.0\.0\.1 \(self-signed certificate\)/);
      await scene.server.settled();
      const [connection] = scene.server.transcript.connections;
      assert.ok(connection !== undefined);
      assert.equal(said(connection, "client", "tls"), "");
    });

  test("cannot be relayed to if it has no TLS", async () => {
    await using scene = await stage("relay-clear", vectorNamed("A3-454"));
    assert.equal(await send(scene.proxy.port, "starttls"), "not sent");
    await scene.proxy.settled();
    assert.match(JSON.stringify(scene.events), /answers STARTTLS with 454 4\.7\.0/);
  });

  test("ends the connection for the client too if it leaves within a login", async () => {
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

  test("fails the connection, not the proxy, if it is not there", async () => {
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
