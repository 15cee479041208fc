import assert from "node:assert/strict";
import { test } from "node:test";
import { type Exchange, over, runLogin, wait } from "./exchange.ts";
import { beginLogin } from "./login.ts";

const account = { username: "wren", password: "open sesame" };
const offered = ["PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2"];
const begin = (mechanism: string): Exchange => {
  const exchange = beginLogin(mechanism, account, { tls: undefined, offered });
  assert.ok(exchange !== undefined);
  return exchange;
};
const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** Runs an exchange, and returns what the server says and how it ends. */
async function run(exchange: Exchange, initial: string | undefined, ...responses: readonly string[]): Promise<unknown> {
  const said: string[] = [];
  const left = responses.map((response) => Buffer.from(response));
  const ending = await runLogin(exchange, initial, {
    say: async (text) => said.push(text) > 0,
    line: async () => left.shift(),
  });
  return [said.join(""), ending];
}

test("an initial response answers the empty challenge, so that one is not sent", async () => {
  const plain = base64("\0wren\0open sesame");
  assert.deepEqual(await run(begin("PLAIN"), plain), ["", { username: "wren" }]);
  assert.deepEqual(await run(begin("PLAIN"), undefined, plain), ["334 \r\n", { username: "wren" }]);
});

test("an empty initial response is written =", async () => {
  assert.deepEqual(
    await run(
      wait((response) => over(`${response.length} octets`)),
      "=",
    ),
    ["", { username: "0 octets" }],
  );
});

test("LOGIN asks for the name and then for the password", async () => {
  const asked = `334 ${base64("Username:")}\r\n334 ${base64("Password:")}\r\n`;
  const responses = [base64("wren"), base64("open sesame")];
  assert.deepEqual(await run(begin("LOGIN"), undefined, ...responses), [asked, { username: "wren" }]);
  assert.deepEqual(await run(begin("LOGIN"), undefined, ...responses.toReversed()), [asked, { username: undefined }]);
});

for (const [what, message] of [
  ["another password", "\0wren\0guessed"],
  ["another name", "\0owl\0open sesame"],
  ["somebody to act for", "owl\0wren\0open sesame"],
  ["one part too many", "\0wren\0open sesame\0"],
  ["nothing", ""],
] as const)
  test(`PLAIN with ${what} is refused`, async () => {
    assert.deepEqual(await run(begin("PLAIN"), undefined, base64(message)), ["334 \r\n", { username: undefined }]);
  });

test("a refused token gets its error as a challenge first", async () => {
  const [said, ending] = [`334 ${base64('{"status":"invalid_token"}')}\r\n`, { username: undefined }];
  assert.deepEqual(await run(begin("XOAUTH2"), base64("user=wren\u0001auth=Bearer no\u0001\u0001"), ""), [
    said,
    ending,
  ]);
});

test("a login that is cancelled, is not base64 or is abandoned logs nobody in", async () => {
  for (const [response, ending] of [
    [["*"], { reply: "501 5.7.0 Cancelled" }],
    [["&&"], { reply: "501 5.5.2 That is not base64" }],
    [[], "gone"],
  ] as const)
    assert.deepEqual(await run(begin("PLAIN"), undefined, ...response), ["334 \r\n", ending]);
});

test("a mechanism that is not offered, or that is unknown, has no exchange", () => {
  assert.equal(beginLogin("EXTERNAL", account, { tls: undefined, offered }), undefined);
  assert.equal(beginLogin("GSSAPI", account, { tls: undefined, offered: ["GSSAPI"] }), undefined);
});
