/** The attack and the exit codes in docs/guide/quick-start.md are the real ones. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { test } from "node:test";
import { text } from "node:stream/consumers";
import { createMailer, MailError } from "@postseal/mailer";
import { postseal } from "../cli/command.ts";
import { poll } from "../interop/servers/poll.ts";

const root = new URL("../../", import.meta.url);
const guide = readFileSync(new URL("docs/guide/quick-start.md", root), "utf8");

test("the guide's stripped server hears EHLO and nothing else, and the error is the one shown", async () => {
  const program = /^```js\n([\s\S]*?)^```$/m.exec(guide)?.[1] ?? "";
  assert.match(program, /listen\(2525/);
  const port = await freePort();
  const server = spawn(process.execPath, ["--input-type=module", "-e", program.replace("2525", String(port))]);
  const heard = text(server.stdout);
  const message = await errorOf(port);
  server.kill();
  assert.ok(guide.includes(`\npostseal: ${message.replace(String(port), "2525")}\n`), message);
  assert.equal(await heard, "heard: EHLO [127.0.0.1]\r\n");
});

test("the guide's exit codes are those of the command's help", async () => {
  const { stdout: printed } = await postseal(["--help"]);
  const codes = [...printed.matchAll(/^ {2}(\d+) +(.*)$/gm)].map(([, code, meaning]) => [code, meaning]);
  const shown = [...guide.matchAll(/^\| (\d+) +\| (.*?) *\|$/gm)].map(([, code, meaning]) => [code, meaning]);
  assert.ok(codes.length > 10);
  assert.deepEqual(shown, codes);
});

/** A port on which nothing listens: the guide's server has a fixed port, which the test replaces by this one. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new TypeError("a TCP server has a port");
  return address.port;
}

/** The mailer's error message, once the server listens. */
function errorOf(port: number): Promise<string> {
  const mailer = createMailer(`submission://127.0.0.1:${port}`, {
    credentials: () => assert.fail("the password was asked for"),
  });
  const attempt = async (): Promise<string | undefined> => {
    try {
      await mailer.send({ from: "alice@example.com", to: "bob@example.org", text: "Hi Bob" });
      return "sent";
    } catch (error) {
      if (!(error instanceof MailError)) throw error;
      return error.code === "MAIL_NETWORK_CONNECT" ? undefined : error.message;
    }
  };
  return poll(attempt, () => "the guide's server did not start");
}
