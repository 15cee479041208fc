/** The commands of docs/guide/migrate-from-smtplib.md, run unchanged but for the server, the password and the account. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { after, test } from "node:test";
import { canaries, type Impostor, makePrivateFolder } from "@postseal/lab";
import PostalMime from "postal-mime";
import { command } from "../cli/command.ts";
import { authority, delivered, serve } from "./stand.ts";

const guide = readFileSync(new URL("../../docs/guide/migrate-from-smtplib.md", import.meta.url), "utf8");
const folder = makePrivateFolder("smtplib");
after(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: string): string => {
  writeFileSync(path.join(folder, name), content, { mode: 0o600 });
  return path.join(folder, name);
};
const authorityFile = file("authority.pem", authority.certificate);
file("password", `${canaries.password}\n`);
/** `postseal` on the reader's path. */
chmodSync(
  file("postseal", `#!/bin/sh\nexec "${process.execPath}" ${command.map((word) => `'${word}'`).join(" ")} "$@"\n`),
  0o700,
);

test("the guide's shell command sends the guide's message", async () => {
  await using server = await serve();
  assert.equal(await run("/bin/sh", "-c", block("sh", server)), 0);
  const { forwardPaths, body } = await received(server);
  assert.deepEqual(forwardPaths, ["bob@example.org"]);
  assert.match(body, /^Subject: The plans\r$/m);
  assert.match(body, /\r\nAs promised\.\r\n$/);
});

test("a message that Python composed arrives unchanged", async () => {
  await using server = await serve();
  assert.equal(await run("python3", "-c", block("py", server, "as_bytes")), 0);
  const { body } = await received(server);
  const { subject, text: plain } = await PostalMime.parse(Buffer.from(body, "latin1"));
  assert.deepEqual([subject, plain?.trim()], ["Grüße", "As promised."]);
});

test("Python's own defaults do what the top of the guide says", async () => {
  await using server = await serve();
  // smtplib was not given the authority: by default it verifies nothing.
  const program = `password = ${JSON.stringify(canaries.password)}\n${block("py", server, "starttls")}`;
  assert.equal(await run("python3", "-c", program), 0);
  assert.equal(server.transcript.messages[0]?.username, canaries.username);
});

/** The first block in this language that contains the word, changed to use this server. */
function block(language: string, { port }: Impostor, word = ""): string {
  const blocks = [...guide.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, "gm"))].map(
    ([, code = ""]) => code,
  );
  const found = blocks.find((code) => code.includes(word));
  assert.ok(found !== undefined, `the guide has no such block`);
  return found
    .replaceAll("~/.config/postseal/password", "password")
    .replaceAll("alice@mail.example.com", `${canaries.username}@127.0.0.1:${port}`)
    .replace('SMTP("mail.example.com", 587)', `SMTP("127.0.0.1", ${port})`)
    .replace('login("alice"', `login("${canaries.username}"`);
}

async function run(program: string, ...words: readonly string[]): Promise<unknown> {
  const env = { PATH: `${folder}:${process.env["PATH"]}`, NODE_EXTRA_CA_CERTS: authorityFile };
  const child = spawn(program, words, { cwd: folder, env });
  const stderr = text(child.stderr);
  child.stdout.resume();
  const exit: unknown[] = await once(child, "exit");
  assert.equal(exit[0], 0, await stderr);
  return exit[0];
}

function received(server: Impostor): ReturnType<typeof delivered> {
  return delivered(server, { [Symbol.asyncDispose]: () => Promise.resolve() });
}
