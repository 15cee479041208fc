/** The fixtures are proved with clients that others wrote, and octet by octet for what those clients do not check. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import path from "node:path";
import { after, suite, test } from "node:test";
import { connect as connectTls } from "node:tls";
import {
  canaries,
  closesAfter,
  createAuthority,
  cutAfter,
  honest,
  honestImplicit,
  HOST,
  type Impostor,
  said,
  startImpostor,
  vectorNamed,
  makePrivateFolder,
} from "@postseal/lab";
import { sendNaively } from "./naive-client.ts";

const authority = await createAuthority();
const folder = makePrivateFolder("fixtures");
const authorityFile = path.join(folder, "authority.pem");
await writeFile(authorityFile, authority.certificate);
after(() => rm(folder, { recursive: true }));

const message = `Subject: reeds\r\n\r\n${canaries.body}\r\n`;

suite("real clients", () => {
  test("smtplib delivers sealed to the honest server", async (t) => {
    await using impostor = await startImpostor(honest, { authority });
    const ran = await run("python3", ["-c", smtplib, String(impostor.port), authorityFile]);
    if (ran === undefined) return t.skip("python3 is not installed");
    assert.equal(ran.code, 0, ran.output);
    assert.equal((await impostor.verdict("sent")).verdict, "delivered-sealed");
    assert.deepEqual(impostor.transcript.messages, [
      {
        channel: "tls",
        username: canaries.username,
        reversePath: canaries.sender,
        forwardPaths: [canaries.recipient],
        body: message,
      },
    ]);
    assert.ok(impostor.transcript.connections[0]?.records[0]?.startsWith("\x16"));
  });

  test("curl --ssl, which its makers call opportunistic, leaks if STARTTLS is stripped, and the leak is seen", async (t) => {
    await using impostor = await startImpostor(vectorNamed("A1-removed-auth"), { authority });
    const ran = await run("curl", curl(impostor, "smtp", "--ssl"), message);
    if (ran === undefined) return t.skip("curl is not installed");
    const { verdict, findings } = await impostor.verdict("sent");
    assert.equal(verdict, "leaked-credentials", ran.output);
    assert.ok(findings.some((finding) => finding.verdict === "leaked-message"));
  });

  test("curl --ssl-reqd holds if STARTTLS is stripped, and delivers if it is not", async (t) => {
    await using stripped = await startImpostor(vectorNamed("A1-removed-auth"), { authority });
    const refused = await run("curl", curl(stripped, "smtp", "--ssl-reqd"), message);
    if (refused === undefined) return t.skip("curl is not installed");
    assert.notEqual(refused.code, 0);
    assert.equal((await stripped.verdict("not-sent")).verdict, "held");
    await using open = await startImpostor(honest, { authority });
    const sent = await run("curl", curl(open, "smtp", "--ssl-reqd"), message);
    assert.equal(sent?.code, 0, sent?.output);
    assert.equal((await open.verdict("sent")).verdict, "delivered-sealed");
  });

  test("curl delivers sealed by implicit TLS", async (t) => {
    await using impostor = await startImpostor(honestImplicit, { authority });
    const ran = await run("curl", curl(impostor, "smtps", "--ssl-reqd"), message);
    if (ran === undefined) return t.skip("curl is not installed");
    assert.equal(ran.code, 0, ran.output);
    assert.equal((await impostor.verdict("sent")).verdict, "delivered-sealed");
  });

  test("openssl verifies the host, and the chain with an intermediate", async (t) => {
    await using impostor = await startImpostor(vectorNamed("H-intermediate"), { authority });
    const verify = ["-CAfile", authorityFile, "-verify_return_error", "-verify_hostname", HOST, "-servername", HOST];
    const to = ["s_client", "-connect", `127.0.0.1:${impostor.port}`, "-starttls", "smtp", "-crlf"];
    const ran = await run("openssl", [...to, ...verify], "QUIT\n");
    if (ran === undefined) return t.skip("openssl is not installed");
    assert.match(ran.output, /Verify return code: 0 \(ok\)/);
  });
});

suite("the impostor", () => {
  test("sends what follows the 220 in the same write", async () => {
    await using impostor = await startImpostor(vectorNamed("B1-same-segment"), { authority });
    const socket = connect(impostor.port, "127.0.0.1");
    await once(socket, "data");
    socket.write("STARTTLS\r\n");
    assert.deepEqual(await once(socket, "data"), [
      Buffer.from("220 go\r\n250-smtp.example.test\r\n250 AUTH CRAM-MD5 LOGIN\r\n"),
    ]);
    socket.destroy();
  });

  test("answers a whole pipelined session inside TLS, and removes the stuffed dots", async () => {
    await using impostor = await startImpostor(honestImplicit, { authority });
    const socket = connectTls({ port: impostor.port, host: "127.0.0.1", servername: HOST, ca: authority.certificate });
    socket.write("EHLO x\r\nMAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nBDAT 4\r\none\nBDAT 4 LAST\r\ntwo\n");
    socket.write("RSET\r\nMAIL FROM:<c@x>\r\nRCPT TO:<d@x>\r\nDATA\r\n..three\r\n.\r\nNOOP\r\nQUIT\r\n");
    socket.resume();
    await once(socket, "close");
    await impostor.settled();
    assert.deepEqual(
      impostor.transcript.messages.map(({ reversePath, body }) => [reversePath, body]),
      [
        ["a@x", "one\ntwo\n"],
        ["c@x", ".three\r\n"],
      ],
    );
  });

  test("ends the connection with an RST", async () => {
    await using impostor = await startImpostor(vectorNamed("A6-command-reset"), { authority });
    const socket = connect(impostor.port, "127.0.0.1");
    socket.write("STARTTLS\r\n");
    socket.resume();
    await assert.rejects(once(socket, "end"), { code: "ECONNRESET" });
  });

  for (const octets of [1, 28, 300, 400]) {
    test(`ends the conversation at octet ${octets} of the server, without counting the octets of TLS`, async () => {
      await using impostor = await startImpostor(cutAfter(octets, "server", "close"), { authority });
      const target = { port: impostor.port, transport: "starttls", authority: authority.certificate } as const;
      assert.equal(await sendNaively(target), "not-sent");
      await impostor.settled();
      const [connection] = impostor.transcript.connections;
      assert.ok(connection !== undefined);
      assert.equal(said(connection, "server", "clear").length + said(connection, "server", "tls").length, octets);
    });
  }

  test("counts a message as accepted only once the whole final reply is sent", async () => {
    const target = { transport: "starttls", authority: authority.certificate } as const;
    await using whole = await startImpostor(honest, { authority });
    await sendNaively({ ...target, port: whole.port });
    await whole.settled();
    const [connection] = whole.transcript.connections;
    assert.ok(connection !== undefined);
    const said250 = connection.entries.findLast(({ text }) => text.includes("queued"));
    const before = connection.entries.filter(({ by, order }) => by === "server" && order <= (said250?.order ?? 0));
    const octets = before.reduce((sum, { text }) => sum + text.length, 0);
    for (const [at, accepted] of [
      [octets - 1, 0],
      [octets, 1],
    ] as const) {
      await using cut = await startImpostor(cutAfter(at, "server", "close"), { authority });
      await sendNaively({ ...target, port: cut.port });
      await cut.settled();
      assert.equal(cut.transcript.messages.length, accepted);
    }
  });

  test("closes after the message that the script names, and after no other", async () => {
    await using impostor = await startImpostor(closesAfter(2), { authority });
    const one = "MAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nDATA\r\n.\r\n";
    const socket = connect(impostor.port, "127.0.0.1");
    socket.on("data", (chunk: Buffer) => {
      if (!chunk.toString().includes("220 2.0.0")) return;
      socket.removeAllListeners("data");
      const secure = connectTls({ socket, servername: HOST, ca: authority.certificate });
      secure.on("error", () => undefined);
      secure.resume();
      secure.write(one + one + one);
    });
    socket.write("STARTTLS\r\n");
    await once(socket, "close");
    await impostor.settled();
    assert.equal(impostor.transcript.messages.length, 2);
  });
});

interface Ran {
  /** The exit code. */
  readonly code: number;
  readonly output: string;
}

/** `undefined` if there is no such program. */
function run(program: string, words: readonly string[], input: string = ""): Promise<Ran | undefined> {
  return new Promise((resolve) => {
    const child = execFile(program, words, { timeout: 20_000 }, (error, stdout, stderr) => {
      if (error?.code === "ENOENT") resolve(undefined);
      else resolve({ code: error === null ? 0 : Number(error.code ?? 1), output: stdout + stderr });
    });
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
  });
}

function curl({ port }: Impostor, scheme: string, ssl: string): string[] {
  const where = ["--url", `${scheme}://${HOST}:${port}`, "--resolve", `${HOST}:${port}:127.0.0.1`, "--noproxy", "*"];
  const who = ["--user", `${canaries.username}:${canaries.password}`, "--mail-from", canaries.sender];
  return ["-q", "-sS", ...where, ...who, "--mail-rcpt", canaries.recipient, "--cacert", authorityFile, ssl, "-T", "-"];
}

const smtplib = `
import smtplib, ssl, sys
client = smtplib.SMTP(timeout=20)
client.connect("127.0.0.1", int(sys.argv[1]))
client._host = "${HOST}"
client.starttls(context=ssl.create_default_context(cafile=sys.argv[2]))
client.login("${canaries.username}", "${canaries.password}")
client.sendmail("${canaries.sender}", ["${canaries.recipient}"], ${JSON.stringify(message)})
client.quit()
`;
