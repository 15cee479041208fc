/** Every server starts, proves who it is, delivers what independent clients send, and leaves no traces. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, globSync, readFileSync, readlinkSync } from "node:fs";
import { text } from "node:stream/consumers";
import { after, before, suite, test } from "node:test";
import { startAiosmtpd } from "./aiosmtpd.ts";
import { startDaemon } from "./daemon.ts";
import { startDovecot } from "./dovecot.ts";
import { startExim } from "./exim.ts";
import { prefix } from "./folder.ts";
import { startHaraka } from "./haraka.ts";
import { accessToken } from "./introspection.ts";
import { startMiddle } from "./middle.ts";
import { createAuthority, type Authority } from "./pki.ts";
import { poll } from "./poll.ts";
import { isOpen } from "./port.ts";
import { startPostfix } from "./postfix.ts";
import { startScramPlus } from "./scram-plus.ts";
import { accounts, refusals, serverName, type MailServer, type ServerOptions } from "./server.ts";

const servers: Readonly<Record<string, (options: ServerOptions) => Promise<MailServer>>> = {
  "Postfix with Dovecot's SASL": (options) => startPostfix(options),
  "Postfix with Cyrus SASL": (options) => startPostfix({ ...options, sasl: "cyrus" }),
  Dovecot: startDovecot,
  Exim: startExim,
  Haraka: startHaraka,
  aiosmtpd: startAiosmtpd,
};
const sizeLimit = 50 * 1024 * 1024;
const { user, password } = accounts[0] ?? { user: "", password: "" };

let authority: Authority;
before(async () => {
  authority = await createAuthority();
});
after(async () => {
  await authority[Symbol.asyncDispose]();
  assert.deepEqual(traces(), []);
});

for (const [name, start] of Object.entries(servers)) {
  suite(name, () => {
    let server: MailServer;
    before(async () => {
      server = await start({ authority, sizeLimit });
    });

    test("offers AUTH and its SIZE to openssl, over STARTTLS with a verified certificate", async () => {
      const said = await openssl(server.submissionPort, authority.caFile);
      assert.match(said, /^Verification: OK$/m);
      assert.match(said, /^Verified peername: smtp\.example\.test$/m);
      assert.match(said, /^250[- ]AUTH .*\bPLAIN\b/m);
      assert.match(said, /^250[- ]SIZE 52428800$/m);
    });

    test("delivers what curl sends, over STARTTLS and over implicit TLS", async () => {
      await send(`smtp://${serverName}:${server.submissionPort}`, [], "sent over STARTTLS");
      await send(`smtps://${serverName}:${server.submissionsPort}`, [], "sent over implicit TLS");
      const messages = (await server.delivered(2)).map((bytes) => Buffer.from(bytes).toString());
      assert.equal(messages.length, 2);
      for (const body of ["sent over STARTTLS", "sent over implicit TLS"])
        assert.equal(messages.filter((message) => message.includes(`\n${body}`)).length, 1, messages.join("\n"));
    });

    test("refuses a wrong password", async () => {
      const said = await curl(`smtp://${serverName}:${server.submissionPort}`, ["--user", `${user}:wrong`]);
      assert.match(said, /^< 535 /m);
    });

    for (const { localPart, reply } of refusals)
      test(`answers ${reply.slice(0, 9)} to ${localPart}@example.test`, async () => {
        const url = `smtp://${serverName}:${server.submissionPort}`;
        const said = await curl(url, ["--user", `${user}:${password}`, ...envelope(`${localPart}@example.test`)]);
        assert.match(said, new RegExp(`^< ${reply.slice(0, 9)} `, "m"));
      });

    test("leaves no process, port or file when it is disposed of", async () => {
      const ports = [server.submissionPort, server.submissionsPort];
      assert.ok(
        traces().some((trace) => trace.startsWith("process")),
        "the search finds no processes",
      );
      assert.ok(
        traces().some((trace) => trace.includes(server.folder)),
        "the search finds no folders",
      );
      assert.deepEqual(await Promise.all(ports.map(isOpen)), [true, true]);
      await server[Symbol.asyncDispose]();
      // A child that was ended with the others may hold the port a moment longer.
      await poll(
        async () => ((await Promise.all(ports.map(isOpen))).includes(true) ? undefined : true),
        () => `a port of ${String(ports)} is still open`,
      );
      await poll(
        async () => (traces().every((trace) => trace.startsWith(`folder ${prefix}authority`)) ? true : undefined),
        () => traces().join("\n"),
      );
    });
  });
}

for (const [name, start] of Object.entries({ Dovecot: startDovecot, Postfix: startPostfix }))
  test(`${name} takes bearer tokens and SCRAM`, async () => {
    await using server = await start({ authority });
    const url = `smtp://${serverName}:${server.submissionPort}`;
    for (const mechanism of ["XOAUTH2", "OAUTHBEARER"]) {
      const login = ["--user", `${user}:`, "--login-options", `AUTH=${mechanism}`, "--oauth2-bearer"];
      assert.match(await curl(url, [...login, accessToken]), /^< 235 /m);
      assert.doesNotMatch(await curl(url, [...login, "stale-token"]), /^< 235 /m);
    }
    assert.match(await gsasl(server.submissionPort, "SCRAM-SHA-256", password), /^235 /m);
    assert.match(await gsasl(server.submissionPort, "SCRAM-SHA-1", password), /^235 /m);
  });

test("Postfix's Cyrus SASL takes SCRAM", async () => {
  await using server = await startPostfix({ authority, sasl: "cyrus" });
  assert.match(await gsasl(server.submissionPort, "SCRAM-SHA-256", password), /^235 /m);
});

for (const [name, start] of Object.entries({ Postfix: startPostfix, Exim: startExim }))
  test(`${name}'s MX port takes mail for example.test without AUTH, and no other mail`, async () => {
    await using server = await start({ authority });
    const url = `smtp://${serverName}:${server.mxPort}`;
    assert.match(await curl(url, envelope("bob@example.test"), "relayed"), /^< 354 /m);
    const [message = Uint8Array.of()] = await server.delivered();
    assert.match(Buffer.from(message).toString(), /\nrelayed/);
    assert.doesNotMatch(await openssl(server.mxPort, authority.caFile), /^250[- ]AUTH/m);
    const submission = `smtp://${serverName}:${server.submissionPort}`;
    assert.match(await curl(submission, envelope("bob@example.test")), /^< 5\d\d /m);
  });

test("Postfix can require a client certificate", async () => {
  await using server = await startPostfix({ authority, clientCertificate: "required" });
  const { certificateFile, keyFile } = authority.client;
  const login = ["--user", `${user}:${password}`];
  const url = `smtps://${serverName}:${server.submissionsPort}`;
  assert.match(await curl(url, [...login, "--cert", certificateFile, "--key", keyFile]), /^< 235 /m);
  assert.doesNotMatch(await curl(url, login), /^< 235 /m);
});

suite("The SCRAM-PLUS server", () => {
  test("accepts GNU SASL's channel binding and the right password only", async () => {
    await using server = await startScramPlus({ authority });
    for (const mechanism of ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-1"]) {
      assert.match(await gsasl(server.submissionPort, mechanism, password), /^235 /m, mechanism);
      assert.match(await gsasl(server.submissionPort, mechanism, "wrong"), /^535 /m, mechanism);
    }
    assert.match(await curl(`smtp://${serverName}:${server.submissionPort}`, envelope("bob@example.test")), /^< 530 /m);
    assert.deepEqual(await server.delivered(0), []);
    assert.match(await openssl(server.submissionPort, authority.caFile), /^Verified peername: smtp\.example\.test$/m);
  });

  test("refuses channel binding through an attacker in the middle, whom the password alone does not detect", async () => {
    await using server = await startScramPlus({ authority });
    await using middle = await startMiddle(server.submissionPort, authority);
    assert.match(await gsasl(middle.port, "SCRAM-SHA-256", password), /^235 /m);
    assert.match(await gsasl(middle.port, "SCRAM-SHA-256-PLUS", password), /^535 /m);
  });
});

test("a server can show the RSA certificate", async () => {
  await using server = await startAiosmtpd({ authority, leaf: authority.rsa });
  assert.match(await openssl(server.submissionPort, authority.caFile), /^Signature type: RSA/m);
});

test("a stranger's authority proves nothing", async () => {
  await using stranger = await createAuthority();
  await using server = await startAiosmtpd({ authority });
  const said = await openssl(server.submissionPort, stranger.caFile);
  assert.match(said, /certificate verify failed/);
  assert.doesNotMatch(said, /Verification: OK/);
});

test("the error of a server that does not start says why", async () => {
  const command = ["/bin/sh", "-c", "echo the reason >&2; exit 3"];
  await assert.rejects(startDaemon(command, { listening: ["/nowhere"] }), /ended at once:\n[^]*the reason/);
});

test("a server dies with the process that started it", async () => {
  const script = `
    import { startDaemon } from ${JSON.stringify(new URL("daemon.ts", import.meta.url).href)};
    const daemon = await startDaemon(["/bin/sleep", "600"], { listening: [] });
    process.stdout.write(String(daemon.pid), () => process.kill(process.pid, "SIGKILL"));`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const pid = await text(child.stdout);
  assert.match(pid, /^\d+$/);
  await poll(
    async () => (existsSync(`/proc/${pid}/exe`) ? undefined : true),
    () => `process ${pid} is still alive`,
  );
});

/** What this test process still has: folders, and processes that work in them or have them in their command line. */
function traces(): readonly string[] {
  const processes = globSync("/proc/[0-9]*").filter((folder) => {
    if (folder === `/proc/${process.pid}`) return false;
    try {
      const about = `${readFileSync(`${folder}/cmdline`, "utf8")}\n${readlinkSync(`${folder}/cwd`)}`;
      return about.includes(prefix);
    } catch {
      return false; // The process has ended meanwhile.
    }
  });
  return [
    ...processes.map((folder) => `process ${folder}`),
    ...globSync(`${prefix}*`).map((folder) => `folder ${folder}`),
  ];
}

/** Returns the EHLO reply inside TLS, and what openssl says about the handshake. */
function openssl(port: number, caFile: string): Promise<string> {
  const verify = ["-CAfile", caFile, "-verify_return_error", "-verify_hostname", serverName];
  const command = ["openssl", "s_client", "-starttls", "smtp", "-connect", `127.0.0.1:${port}`, ...verify];
  return run(
    [...command, "-servername", serverName, "-brief", "-crlf", "-ign_eof"],
    "EHLO client.example.test\nQUIT\n",
  );
}

/** Sends a message, or only logs in if no envelope is given. Returns the dialogue, in which replies begin with `< `. */
function curl(url: string, options: readonly string[], body = ""): Promise<string> {
  const resolve = `${new URL(url).host}:127.0.0.1`;
  const command = ["curl", "-sSv", "--ssl-reqd", "--cacert", authority.caFile, "--resolve", resolve, url, ...options];
  return run(command, `Subject: smoke\r\n\r\n${body}\r\n`);
}

async function send(url: string, options: readonly string[], body: string): Promise<void> {
  const said = await curl(url, ["--user", `${user}:${password}`, ...envelope("bob@example.test"), ...options], body);
  assert.match(said, /^< 250 .*\n[^]*^< 354 .*\n[^]*^< 250 /m);
}

const envelope = (recipient: string): readonly string[] => ["--mail-from", user, "--mail-rcpt", recipient, "-T", "-"];

/** Logs in with GNU SASL's client, which binds to the channel if the mechanism does. */
function gsasl(port: number, mechanism: string, secret: string): Promise<string> {
  const login = ["--mechanism", mechanism, "--authentication-id", user, "--password", secret];
  const binding = mechanism.endsWith("-PLUS") ? [] : ["--no-cb"];
  const peer = [
    "--smtp",
    "--connect",
    `127.0.0.1:${port}`,
    "--x509-ca-file",
    authority.caFile,
    "--hostname",
    serverName,
  ];
  return run(["gsasl", "--quiet", ...peer, ...login, ...binding], "");
}

/** Returns everything that a client has printed, on both of its outputs. */
async function run([program = "", ...parameters]: readonly string[], input: string): Promise<string> {
  const child = spawn(program, parameters, { stdio: "pipe", timeout: 15_000, killSignal: "SIGKILL" });
  child.stdin.on("error", () => {}); // The client may end before it has read everything.
  child.stdin.end(input);
  const [output, complaints] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  return `${output}\n${complaints}`.replaceAll("\r\n", "\n");
}
