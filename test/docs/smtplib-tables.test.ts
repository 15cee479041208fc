/** The tables of docs/guide/migrate-from-smtplib.md: both programs deliver, and both report each failure as the page says. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, suite, test } from "node:test";
import { canaries, clearCapabilities, type Impostor, type Script, startImpostor, type Step } from "@postseal/lab";
import { createMailer, MailError } from "@postseal/mailer";
import { authority, Desk, serve } from "../cli/command.ts";
import { pythonMinor, runScript } from "../questions/python.ts";
import { ProgramFolder } from "./program-folder.ts";
import { python, rowsUnder, typescript } from "./smtplib-calls.ts";

const desk = new Desk();
const authorities = desk.file("authorities.pem", authority.certificate);
let server: Impostor;
before(async () => {
  server = await serve();
});
after(async () => {
  desk[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});
const skip = pythonMinor() === undefined ? "needs Python 3" : false;

const GIVEN = `import os, smtplib, ssl
from email.message import EmailMessage
password, sender, recipients = os.environ["password"], os.environ["sender"], [os.environ["recipient"]]
message = EmailMessage()
message["From"], message["To"], message["Subject"] = sender, recipients[0], os.environ["subject"]
message.set_content(os.environ["text"])
octets = message.as_bytes()
`;

suite("call by call", () => {
  test("the first column delivers two messages", { skip }, async () => {
    using folder = new ProgramFolder();
    const program = python
      .replace('SMTP("mail.example.com", 587)', `SMTP("127.0.0.1", ${server.port})`)
      .replace('"alice"', `"${canaries.username}"`);
    assert.notEqual(program, python);
    await assertDelivers(folder, "python3", ["-c", GIVEN + program]);
  });

  test("the second column delivers the same two", async () => {
    using folder = new ProgramFolder();
    const program = typescript.replace("mail.example.com", `127.0.0.1:${server.port}`);
    const words = [...process.execArgv.filter((flag) => flag.startsWith("--conditions")), "--no-warnings"];
    await assertDelivers(folder, process.execPath, [...words, folder.write("calls.ts", program)]);
  });
});

async function assertDelivers(folder: ProgramFolder, program: string, words: readonly string[]): Promise<void> {
  const earlier = server.transcript.messages.length;
  const { username, password, sender, recipient } = canaries;
  const { code, stderr } = await folder.run(program, words, {
    PATH: process.env["PATH"] ?? "",
    SSL_CERT_FILE: authorities,
    NODE_EXTRA_CA_CERTS: authorities,
    username,
    password,
    sender,
    recipient,
    subject: "Dusk",
    text: canaries.body,
  });
  assert.equal(code, 0, stderr);
  await server.settled();
  const got = server.transcript.messages.slice(earlier);
  assert.deepEqual(
    got.map(({ channel, username: user, forwardPaths }) => [channel, user, forwardPaths]),
    [0, 1].map(() => ["tls", username, [recipient]]),
  );
  for (const { body } of got) assert.ok(body.includes("Subject: Dusk") && body.includes(canaries.body));
}

const sealedSays = (verb: "AUTH" | "MAIL" | "RCPT" | "final", text: string): Script => ({
  tls: { on: { [verb]: [{ do: "say", text }] } },
});
const END: readonly Step[] = [{ do: "close" }];
const plays: Readonly<Record<string, Script | undefined>> = {
  "does not offer STARTTLS": { clear: { capabilities: clearCapabilities.filter((name) => name !== "STARTTLS") } },
  "has a certificate of its own": { certificate: "selfSigned" },
  "refuses the login": sealedSays("AUTH", "535 5.7.8 No\r\n"),
  "refuses the sender for good": sealedSays("MAIL", "550 5.7.1 No\r\n"),
  "refuses the recipient for good": sealedSays("RCPT", "550 5.1.1 No\r\n"),
  "refuses the recipient for now": sealedSays("RCPT", "450 4.2.1 Later\r\n"),
  "refuses the message": sealedSays("final", "554 5.6.0 No\r\n"),
  "ends instead of answering": { tls: { on: { final: END } } },
  "does not listen": undefined,
};

suite("exit codes instead of exceptions", () => {
  const rows = rowsUnder("the server");
  test("the table has each failure", () => {
    assert.deepEqual(
      rows.map(([failure]) => failure),
      Object.keys(plays),
    );
  });
  for (const [failure = "", exception = "", exit = "", code = ""] of rows) {
    test(`smtplib: ${failure}: ${exception}`, { skip }, async () => {
      await using meets = await play(failure);
      assert.equal(await runScript(["first-script.py", "by name"], { port: meets.port, authorities }), exception);
    });
    test(`Postseal: ${failure}: ${code}, exit ${exit}`, async () => {
      await using meets = await play(failure);
      const error = await errorAt(meets.port);
      assert.equal(error?.code, code);
      // A test of the reference page compares its exit codes with the command's own.
      const entry = readFileSync("docs/reference/errors.md", "utf8").split(`### \`${code}\``)[1] ?? "";
      assert.equal(new RegExp(`\`${error?.disposition}\`, exit (\\d+)`).exec(entry)?.[1], exit);
    });
  }
});

async function play(failure: string): Promise<Pick<Impostor, "port"> & AsyncDisposable> {
  const script = plays[failure];
  const impostor = await startImpostor({ transport: "starttls", script: script ?? {} }, { authority });
  if (script === undefined) await impostor[Symbol.asyncDispose]();
  return script === undefined ? { port: impostor.port, [Symbol.asyncDispose]: () => Promise.resolve() } : impostor;
}

async function errorAt(port: number): Promise<MailError | undefined> {
  const { username, password, sender, recipient, body } = canaries;
  await using mailer = createMailer(
    { host: "127.0.0.1", port },
    { credentials: { username, password }, tls: { ca: { only: authority.certificate } } },
  );
  try {
    await mailer.send({ from: sender, to: recipient, text: body });
    return undefined;
  } catch (error) {
    if (error instanceof MailError) return error;
    throw error;
  }
}
