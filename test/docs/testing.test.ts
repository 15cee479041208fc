/** The programs of docs/guide/testing.md and of the package's README run unchanged. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { transform } from "esbuild";
import PostalMime from "postal-mime";
import { createMailer } from "@postseal/mailer";
import { startTestServer } from "@postseal/testing";
import { EHLO, exchange, sealed } from "../testing/raw-client.ts";
import { blocksIn, ProgramFolder } from "./program-folder.ts";

const GUIDE = "docs/guide/testing.md";
const python = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

for (const [page, passes] of [
  [GUIDE, [1, 3, 1, 1]],
  ["packages/testing/README.md", [1]],
] as const) {
  test(`the tests in ${page} pass`, async () => {
    using folder = new ProgramFolder();
    const blocks = blocksIn(page, "ts");
    assert.equal(blocks.length, passes.length);
    for (const [index, block] of blocks.entries()) {
      const file = folder.write(`block-${index}.test.ts`, block);
      const { code, stdout } = await folder.node(["--test", "--test-reporter=spec", file]);
      assert.equal(code, 0, stdout);
      assert.match(stdout, new RegExp(`^ℹ pass ${passes[index] ?? 0}$`, "m"));
    }
  });
}

test("no program needs syntax that the oldest Node of `engines` does not have", async () => {
  const [, oldest = ""] = /"node": "\^([\d.]+) /.exec(readFileSync("packages/testing/package.json", "utf8")) ?? [];
  const lowered = async (code: string, target: string): Promise<string> =>
    (await transform(code, { loader: "ts", format: "esm", target })).code;
  const isOld = async (code: string): Promise<boolean> =>
    (await lowered(code, `node${oldest}`)) === (await lowered(code, "esnext"));
  for (const page of [GUIDE, "packages/testing/README.md"])
    for (const block of [...blocksIn(page, "ts"), ...blocksIn(page, "js")]) assert.ok(await isOld(block), block);
  assert.equal(await isOld("await using server = start();"), false);
});

test("the guide's Python program sends to the server in its environment", async () => {
  using folder = new ProgramFolder();
  await using server = await startTestServer();
  const [program = ""] = blocksIn(GUIDE, "py");
  const { code, stderr } = await folder.run(python, [folder.write("send.py", program)], {
    MAIL_HOST: server.host,
    MAIL_PORT: String(server.port),
    MAIL_USERNAME: server.username,
    MAIL_PASSWORD: server.password,
    MAIL_CA_FILE: server.caFile,
  });
  assert.equal(code, 0, stderr);
  assert.deepEqual((await server.nextMessage()).headers.get("subject"), ["Your receipt"]);
});

test("the guide names what the server offers inside TLS", async () => {
  await using server = await startTestServer({ transport: "implicit" });
  const heard = await exchange(sealed(server), EHLO);
  const [, sentence = ""] = /^It offers (.*) with PLAIN and LOGIN\./m.exec(readFileSync(GUIDE, "utf8")) ?? [];
  const told = sentence.split(/, and |, /);
  const offered = [...heard.matchAll(/^250[- ](.*)\r$/gm)].slice(1).map(([, line = ""]) => line);
  assert.deepEqual(
    told,
    offered.map((line) => line.split(" ")[0]),
  );
  assert.ok(offered.includes(`SIZE ${10 * 1024 * 1024}`) && offered.includes("AUTH PLAIN LOGIN"));
});

test("a parser reads what the server took", async () => {
  await using server = await startTestServer();
  await using mailer = createMailer(server.url, { tls: server.tls });
  const attachments = [{ filename: "prices.csv", content: Buffer.from("apple;2") }];
  await mailer.send({ from: "a@example.com", to: "b@example.org", subject: "Grüße", text: "Zwei Äpfel", attachments });
  const { subject, text, attachments: read } = await PostalMime.parse((await server.nextMessage()).raw);
  assert.equal(subject, "Grüße");
  assert.equal(text?.trim(), "Zwei Äpfel");
  assert.deepEqual(
    read.map(({ filename }) => filename),
    ["prices.csv"],
  );
});

test("the guide names every failure", () => {
  const type = /export type Failure = (.*);/.exec(readFileSync("packages/testing/src/failure.ts", "utf8"))?.[1] ?? "";
  const names = [...type.matchAll(/"(\w+)"/g)].map(([name]) => name);
  const rows = [...readFileSync(GUIDE, "utf8").matchAll(/^\| `("\w+")`/gm)].map(([, name]) => name);
  assert.ok(names.length > 0);
  assert.deepEqual(rows, names);
});
