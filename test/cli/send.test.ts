/** `postseal send`: its input, its output, and what it reports when it is interrupted. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { canaries, type Script, sealedCapabilities } from "@postseal/lab";
import { Desk, message, postseal, serve, to } from "./command.ts";

const READY = `From: <${canaries.sender}>\nTo: <${canaries.recipient}>\nSubject: Ready\nMessage-ID: <1@example.test>\n\n.${canaries.body}\n`;
const envelope = ["--from", canaries.sender, "--to", canaries.recipient];

test("a ready-made message with CRLF or LF is sent unchanged from a file or standard input", async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const crlf = READY.replaceAll("\n", "\r\n");
  const files = [desk.file("lf.eml", READY), desk.file("crlf.eml", crlf)];
  const server = to(impostor, desk);
  for (const file of files) {
    assert.equal((await postseal(["send", ...server, ...envelope, "--message", file])).code, 0);
  }
  const { code, stdout } = await postseal(["send", ...server, ...envelope, "--message", "-"], { stdin: READY });
  assert.equal(code, 0);
  assert.match(stdout, /^message +<1@example\.test>$/m);
  assert.deepEqual(
    impostor.transcript.messages.map(({ body }) => body),
    [crlf, crlf, crlf],
  );
});

test("a ready-made message that mixes its line ends is not sent", async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const argv = ["send", ...to(impostor, desk), ...envelope, "--message", "-"];
  assert.equal((await postseal(argv, { stdin: READY.replace("\n", "\r\n") })).code, 65);
  assert.equal(impostor.transcript.connections.length, 0);
});

test("a composed message takes its text from standard input, files and header fields", async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const argv = [
    "send",
    ...to(impostor, desk),
    ...envelope,
    "--bcc",
    "ruff@example.test",
    "--text",
    "-",
    "--attach",
    desk.file("birds.csv", "name\nheron\n"),
    "--header",
    "X-Station: 12: east",
  ];
  assert.equal((await postseal(argv, { stdin: `${canaries.body}\n` })).code, 0);
  const [stored] = impostor.transcript.messages;
  assert.deepEqual(stored?.forwardPaths, [canaries.recipient, "ruff@example.test"]);
  assert.match(stored.body, /^X-Station: 12: east\r$/m);
  assert.match(stored.body, /^Content-Disposition: attachment; filename="?birds\.csv"?\r$/m);
  assert.ok(stored.body.includes(canaries.body));
  assert.doesNotMatch(stored.body, /ruff/);
});

test("--json prints one object, whether the message was sent or not", async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const sent = await postseal(["send", ...to(impostor, desk), ...message, "--json"]);
  const parsed: unknown = JSON.parse(sent.stdout);
  assert.partialDeepStrictEqual(parsed, {
    ok: true,
    exitCode: 0,
    receipt: { recipients: [{ address: canaries.recipient, outcome: "accepted" }], seal: { protocol: "TLSv1.3" } },
  });
  await using stripped = await serve({ clear: { capabilities: ["SIZE"] } });
  const unsent = await postseal(["send", ...to(stripped, desk), ...message, "--json"]);
  assert.equal(unsent.stderr, "");
  assert.partialDeepStrictEqual(JSON.parse(unsent.stdout), {
    ok: false,
    exitCode: 76,
    receipt: { recipients: [{ outcome: "unsent" }] },
    error: { code: "MAIL_TLS_NOT_OFFERED", disposition: "retry" },
  });
  const mistaken = await postseal(["send", "--json", "--form", "a@example.test"]);
  assert.partialDeepStrictEqual(JSON.parse(mistaken.stdout), { ok: false, exitCode: 64, error: { code: "CLI_USAGE" } });
});

test("escapes in a server's refusal do not reach the terminal", async () => {
  using desk = new Desk();
  const text = "550 5.7.1 \u001b[2J\u001b]0;owned\u0007 turn TLS off\r\n";
  await using impostor = await serve({ tls: { on: { RCPT: [{ do: "say", text }] } } });
  const { code, stdout, stderr } = await postseal(["send", ...to(impostor, desk), ...message]);
  assert.equal(code, 69);
  assert.doesNotMatch(`${stdout}${stderr}`, /[\u001b\u0007]/);
  assert.match(stderr, /turn TLS off/);
});

test("verify prints the pin, which can then replace the authority", async () => {
  using desk = new Desk();
  await using impostor = await serve();
  const argv = to(impostor, desk);
  const { stdout } = await postseal(["verify", ...argv]);
  const pin = /^pin +(\S{44})$/m.exec(stdout)?.[1] ?? "";
  const pinned = argv.toSpliced(argv.indexOf("--ca-only"), 2, "--trust-pin", pin);
  const trusted = await postseal(["send", ...pinned, ...message]);
  assert.equal(trusted.code, 0, trusted.stderr);
  assert.match(trusted.stdout, /verified by its pinned key/);
  const other = argv.toSpliced(argv.indexOf("--ca-only"), 2, "--trust-pin", `${"A".repeat(43)}=`);
  assert.equal((await postseal(["send", ...other, ...message])).code, 76);
});

test("--requiretls sends only to a server that offers REQUIRETLS, and adds it to MAIL", async () => {
  using desk = new Desk();
  const files = ["--message", desk.file("ready.eml", READY)];
  for (const argv of [message, [...envelope, ...files]]) {
    await using without = await serve();
    const refused = await postseal(["send", ...to(without, desk), ...argv, "--requiretls"]);
    assert.equal(refused.code, 69);
    assert.match(refused.stderr, /REQUIRETLS/);
    assert.equal(without.transcript.messages.length, 0);
    await using promising = await serve({ tls: { capabilities: [...sealedCapabilities, "REQUIRETLS"] } });
    const sent = await postseal(["send", ...to(promising, desk), ...argv, "--requiretls"]);
    assert.equal(sent.code, 0, sent.stderr);
    const said = promising.transcript.connections.flatMap(({ entries }) => entries.map(({ text }) => text)).join("");
    assert.match(said, /MAIL FROM:<[^>]+>[^\r]* REQUIRETLS\r\n/);
  }
});

/** Interrupts the command once the server has played its script. */
async function interrupted(script: Script, signal: NodeJS.Signals, more: readonly string[] = []) {
  using desk = new Desk();
  await using impostor = await serve(script);
  return await postseal(["send", ...to(impostor, desk), ...message, ...more], {
    meanwhile: async (interrupt) => {
      await impostor.attacked();
      interrupt(signal);
    },
  });
}

test("Ctrl-C before the message was handed over exits 130, and says that it was not sent", async () => {
  const { code, stderr } = await interrupted({ tls: { on: { AUTH: [{ do: "stall" }] } } }, "SIGINT");
  assert.equal(code, 130);
  assert.match(stderr, /^postseal: interrupted by SIGINT: not sent$/m);
});

test("Ctrl-C while the final reply is due exits 74, and says that the outcome is unknown", async () => {
  const script: Script = { tls: { on: { final: [{ do: "stall" }] } } };
  const { code, stderr } = await interrupted(script, "SIGINT");
  assert.equal(code, 74);
  assert.match(stderr, /interrupted by SIGINT after the whole message was handed over/);
  const json = await interrupted(script, "SIGTERM", ["--json"]);
  assert.partialDeepStrictEqual(JSON.parse(json.stdout), {
    exitCode: 74,
    error: { code: "CLI_INTERRUPTED" },
    receipt: { recipients: [{ outcome: "unknown" }] },
  });
});

test("SIGTERM and SIGHUP exit 143, and say whether the message may have been taken", async () => {
  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    const before = await interrupted({ tls: { on: { AUTH: [{ do: "stall" }] } } }, signal);
    assert.equal(before.code, 143);
    assert.match(before.stderr, new RegExp(`^postseal: interrupted by ${signal}: not sent$`, "m"));
    const after = await interrupted({ tls: { on: { final: [{ do: "stall" }] } } }, signal);
    assert.equal(after.code, 74);
    assert.match(after.stderr, new RegExp(`interrupted by ${signal} after the whole message was handed over`));
  }
});

test("Ctrl-C after the message was accepted changes nothing: the receipt is printed, exit 0", async () => {
  const { code, stdout } = await interrupted({ tls: { on: { QUIT: [{ do: "stall" }] } } }, "SIGINT");
  assert.equal(code, 0);
  assert.match(stdout, /^accepted /m);
});

test("--timeout ends a send that would wait for ever: exit 75, not sent", async () => {
  using desk = new Desk();
  await using silent = await serve({ tls: { on: { AUTH: [{ do: "stall" }] } } });
  const unsent = await postseal(["send", ...to(silent, desk), ...message, "--timeout", "2"]);
  assert.equal(unsent.code, 75);
  assert.match(unsent.stderr, /^postseal: not done after the 2 s of --timeout: not sent$/m);
});

test("--timeout ends a verify, and is a number of seconds", async () => {
  using desk = new Desk();
  await using silent = await serve({ clear: { on: { greeting: [{ do: "stall" }] } } });
  assert.equal((await postseal(["verify", ...to(silent, desk), "--timeout", "1"])).code, 75);
  assert.equal((await postseal(["verify", ...to(silent, desk), "--timeout", "soon"])).code, 64);
});

test("the command connects at most twice to a server that says too much during set-up", async () => {
  using desk = new Desk();
  for (const extra of ["421 4.7.0 Too many connections", "250 more", "what is this"]) {
    await using impostor = await serve({
      tls: { on: { EHLO: [{ do: "say", text: `250-mx.example\r\n250 AUTH PLAIN\r\n${extra}\r\n` }] } },
    });
    const argv = ["--json", ...to(impostor, desk)];
    const send = await postseal(["send", ...argv, ...message]);
    assert.ok([75, 76].includes(send.code ?? 0), `${send.code} ${send.stderr}`);
    assert.ok(impostor.transcript.connections.length <= 2, `${impostor.transcript.connections.length} connections`);
    const before = impostor.transcript.connections.length;
    assert.ok([75, 76].includes((await postseal(["verify", ...argv])).code ?? 0));
    assert.equal(impostor.transcript.connections.length, before + 1);
  }
});
