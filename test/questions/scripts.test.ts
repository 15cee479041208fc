/** The asker's two scripts and Postseal do what the guide says of them. */
import assert from "node:assert/strict";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, suite, test } from "node:test";
import { createMailer, MailError, mailErrorCodes } from "@postseal/mailer";
import {
  canaries,
  clearCapabilities,
  createAuthority,
  type Impostor,
  said,
  type Script as Play,
  startImpostor,
  makePrivateFolder,
} from "@postseal/lab";
import { cell, codeLines, guide, tableUnder } from "./guide.ts";
import { pythonMinor, runScript, type Script } from "./python.ts";

/** What takes the server's place, by the first column of the guide's table. */
const plays: Readonly<Record<string, Play>> = {
  "the host itself": {},
  "a trusted certificate of another host": { certificate: "otherHost" },
  "a self-signed certificate": { certificate: "selfSigned" },
  "999 NOSTARTTLS": { clear: { on: { STARTTLS: [{ do: "say", text: "999 NOSTARTTLS\r\n" }] } } },
  "454 TLS not available": { clear: { on: { STARTTLS: [{ do: "say", text: "454 4.7.0 TLS not available\r\n" }] } } },
  "STARTTLS stripped": { clear: { capabilities: [...clearCapabilities.filter(isOther), "AUTH PLAIN LOGIN"] } },
  "EHLO refused": { clear: { on: { EHLO: [{ do: "say", text: "502 5.5.1 Not implemented\r\n" }] } } },
  "static RSA only": { certificate: "goodRsa", profile: "static-rsa" },
  "TLS 1.0 only": { certificate: "goodRsa", profile: "tls10" },
};
const columns: Readonly<Record<string, Script>> = {
  "first, as asked": ["first-script.py", "positional"],
  "first, by name": ["first-script.py", "by name"],
  "starttls()": ["first-script.py", "without"],
  second: ["second-script.py"],
};

const authority = await createAuthority();
const folder = makePrivateFolder("questions");
const authorities = path.join(folder, "authorities.pem");
writeFileSync(authorities, authority.certificate);
after(() => rmSync(folder, { recursive: true }));

const minor = pythonMinor();
const python = { skip: minor === undefined || minor < 8 ? "needs Python 3.8 or newer" : false };
const rows = tableUnder("What each lets through");

test("the guide's table has each attack", () => {
  assert.deepEqual(
    rows.map((row) => cell(row, "what stands there")),
    Object.keys(plays),
  );
});

for (const row of rows) {
  const attack = cell(row, "what stands there");
  suite(attack, () => {
    for (const [column, script] of Object.entries(columns)) {
      test(`${column}: ${cell(row, column)}`, python, async () => {
        await using impostor = await start(attack);
        const outcome = await runScript(script, { port: impostor.port, authorities });
        assert.ok(expected(cell(row, column), script).includes(outcome), outcome);
        await assertSeen(impostor, attack, outcome);
      });
    }

    test(`Postseal: ${cell(row, "Postseal")}`, async () => {
      await using impostor = await start(attack);
      const outcome = await sendByPostseal(impostor.port);
      assert.equal(outcome, cell(row, "Postseal"));
      await assertSeen(impostor, attack, outcome);
    });
  });
}

suite("EHLO", () => {
  test("smtplib sends it in the clear and again inside TLS, of its own accord", python, async () => {
    assert.deepEqual(await commandsOf(sendByName, "the host itself"), {
      clear: ["EHLO", "STARTTLS"],
      tls: ["EHLO", "AUTH"],
    });
  });
  test("Postseal sends it in the clear and again inside TLS, of its own accord", async () => {
    assert.deepEqual(await commandsOf(sendByPostseal, "the host itself"), {
      clear: ["EHLO", "STARTTLS"],
      tls: ["EHLO", "AUTH"],
    });
  });
  test("smtplib falls back to HELO if it is refused", python, async () => {
    assert.deepEqual(await commandsOf(sendByName, "EHLO refused"), { clear: ["EHLO", "HELO"], tls: [] });
  });
  test("Postseal says nothing more if it is refused", async () => {
    assert.deepEqual(await commandsOf(sendByPostseal, "EHLO refused"), { clear: ["EHLO"], tls: [] });
  });
});

test(
  "the cipher string does not govern TLS 1.3: the second script uses a suite that is not in it",
  python,
  async () => {
    await using impostor = await start("the host itself");
    await runScript(["second-script.py"], { port: impostor.port, authorities });
    const { protocol, cipherSuite } = impostor.transcript.connections[0]?.tls ?? {};
    assert.equal(protocol, "TLSv1.3");
    const governed = tableUnder("The cipher string, suite by suite").map((row) => cell(row, "IANA name"));
    assert.ok(cipherSuite !== undefined && !governed.includes(cipherSuite), cipherSuite);
  },
);

test("a client that asks has_extn() first can be stripped", python, async () => {
  await using impostor = await start("STARTTLS stripped");
  const outcome = await runScript(["first-script.py", "if offered"], { port: impostor.port, authorities });
  assert.equal(outcome, "sent");
  await assertSeen(impostor, "STARTTLS stripped", outcome);
});

suite("the guide", () => {
  test("quotes only lines that the scripts run", () => {
    const source = ["first", "second"]
      .map((name) => readFileSync(`test/questions/${name}-script.py`, "utf8"))
      .join("\n");
    const lines = new Set(source.split("\n").map((line) => line.trim()));
    const quoted = codeLines("python").map((line) => line.trim());
    assert.ok(quoted.length >= 15, `only ${quoted.length} lines are quoted`);
    assert.deepEqual(
      quoted.filter((line) => !lines.has(line)),
      [],
    );
  });

  test("discusses the string that the second script sets", () => {
    const script = readFileSync("test/questions/second-script.py", "utf8");
    const set = /_DEFAULT_CIPHERS = \(([^)]*)\)/.exec(script)?.[1] ?? "";
    assert.equal(set.replaceAll(/[\s"]/g, ""), codeLines("text")[0]);
  });

  test("names only error codes that exist", () => {
    const named = [...guide.matchAll(/\bMAIL_[A-Z_]+/g)].map(([code]) => code);
    const known: readonly string[] = mailErrorCodes;
    assert.ok(named.length > 0);
    assert.deepEqual(
      named.filter((code) => !known.includes(code)),
      [],
    );
  });
});

interface Commands {
  readonly clear: readonly string[];
  /** The first two commands. */
  readonly tls: readonly string[];
}

async function commandsOf(send: (port: number) => Promise<string>, attack: string): Promise<Commands> {
  await using impostor = await start(attack);
  await send(impostor.port);
  await impostor.settled();
  return { clear: commandsIn(impostor, "clear"), tls: commandsIn(impostor, "tls").slice(0, 2) };
}

function start(attack: string): Promise<Impostor> {
  return startImpostor({ transport: "starttls", script: plays[attack] ?? {} }, { authority });
}

/** A cell holds one outcome, or several joined by "or" if it depends on how Python was built. */
function expected(text: string, [, how]: Script): readonly string[] {
  // From Python 3.12 on, starttls() has no keyfile and certfile, and takes its context by name only: the call fails at once.
  if (how === "positional" && minor !== undefined && minor >= 12) return ["TypeError"];
  return text.split(" or ");
}

/** A client's own claim proves nothing; what the other end has seen does. */
async function assertSeen(impostor: Impostor, attack: string, outcome: string): Promise<void> {
  const { verdict, findings } = await impostor.verdict(outcome === "sent" ? "sent" : "not-sent");
  const wrongly = attack === "static RSA only" ? "weak-tls" : "leaked-credentials";
  const delivered = attack === "the host itself" ? "delivered-sealed" : wrongly;
  assert.equal(verdict, outcome === "sent" ? delivered : "held", JSON.stringify(findings));
}

/** The verbs of one channel, in order. */
function commandsIn(impostor: Impostor, channel: "clear" | "tls"): readonly string[] {
  const lines = impostor.transcript.connections.flatMap((connection) =>
    said(connection, "client", channel).split("\r\n"),
  );
  return lines.map((line) => /^[A-Za-z]{4,8}(?= |$)/.exec(line)?.[0].toUpperCase() ?? "").filter((verb) => verb !== "");
}

function sendByName(port: number): Promise<string> {
  return runScript(["first-script.py", "by name"], { port, authorities });
}

async function sendByPostseal(port: number): Promise<string> {
  const { username, password, sender, recipient, body } = canaries;
  await using mailer = createMailer(
    { host: "127.0.0.1", port },
    { credentials: { username, password }, tls: { ca: { only: authority.certificate } } },
  );
  try {
    await mailer.send({ from: sender, to: recipient, subject: "a question", text: body });
    return "sent";
  } catch (error) {
    if (error instanceof MailError) return error.code;
    throw error;
  }
}

function isOther(capability: string): boolean {
  return capability !== "STARTTLS";
}
