/** Sign-in as a person sees it: on a terminal, with a browser here or elsewhere, and Ctrl-C at every question. */
import assert from "node:assert/strict";
import { chmodSync, existsSync, readFileSync } from "node:fs";
import { after, before, suite, test } from "node:test";
import { chromium } from "playwright-core";
import { desktopClient } from "./servers/oidc.ts";
import { type Authority, createAuthority } from "./servers/pki.ts";
import { poll } from "./servers/poll.ts";
import { isOpen } from "./servers/port.ts";
import { accounts } from "./servers/server.ts";
import { openSigningStage, type Running, type SigningStage } from "./signing-stage.ts";

const CTRL_C = "\u0003";
const executablePath = "/usr/bin/chromium";
const ARGUMENTS =
  "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync --disable-dev-shm-usage";
const [alice = { user: "" }] = accounts;

suite("on a terminal", { concurrency: 1 }, () => {
  let authority: Authority;
  let stage: SigningStage;
  before(async () => {
    authority = await createAuthority();
    stage = await openSigningStage({ authority });
  });
  after(async () => {
    await stage[Symbol.asyncDispose]();
    await authority[Symbol.asyncDispose]();
  });

  /** The port at which the command waits for the browser. */
  async function portOf(running: Running): Promise<number> {
    const [, port = ""] = await running.said(/^ *http:\/\/127\.0\.0\.1:(\d+)\//m);
    return Number(port);
  }

  const WAITING = "Waiting for your browser, or for the address (nothing is shown): ";

  test("a browser elsewhere: its last address is pasted; a wrong one is asked for again", async () => {
    const argv = stage.adding("pasted", { address: "pasted@example.test" });
    const adding = stage.beginOnTerminal([...argv, "--client-id", desktopClient]);
    const [, page = ""] = await adding.said(/open this there instead:\r?\n *(https:\S+)/);
    await adding.said(WAITING);
    const { url } = await stage.person(page, { isElsewhere: true });
    const foreign = new URL(url);
    foreign.searchParams.set("state", "of-another-sign-in");
    // Only at the next question: what is typed before it would be shown, by the terminal itself.
    for (const [typed, said] of [
      ["nothing like it", /it is no address[^]*Waiting for your browser/],
      [foreign.href, /it belongs to another sign-in[^]*Waiting for your browser/],
    ] as const) {
      adding.type(typed);
      await adding.said(said);
    }
    const port = await portOf(adding);
    adding.type(url);
    const { code, stdout } = await adding.ended;
    assert.equal(code, 0, stdout);
    assert.ok(existsSync(stage.tokensOf("pasted")));
    assert.equal(await isOpen(port), false);
  });

  test("the browser is given an address of this machine that works once, and nothing else", async () => {
    const opened = `${stage.folder}/opened`;
    chmodSync(
      stage.file("xdg-open", `#!/bin/sh\nprintf '%s\\n' "$@" > '${opened}.part' && mv '${opened}.part' '${opened}'\n`),
      0o700,
    );
    const argv = stage.adding("browser", { address: "browser@example.test" });
    const environment = { DISPLAY: ":77", PATH: `${stage.folder}:${process.env["PATH"] ?? ""}` };
    const adding = stage.beginOnTerminal([...argv, "--client-id", desktopClient], environment);
    const words = await poll(
      async () => (existsSync(opened) ? readFileSync(opened, "utf8").trim() : undefined),
      () => "no browser was opened",
    );
    assert.match(words, /^http:\/\/127\.0\.0\.1:\d+\/[\w-]{22}$/);
    await adding.said(WAITING);
    await stage.person(words);
    const { code, stdout } = await adding.ended;
    assert.equal(code, 0, stdout);
  });

  test("in Chromium", { skip: !existsSync(executablePath) }, async () => {
    await using browser = await chromium.launch({ executablePath, args: ARGUMENTS.split(" ") });
    const page = await (await browser.newContext({ ignoreHTTPSErrors: true })).newPage();
    const argv = stage.adding("chromium", { address: "chromium@example.test" });
    const adding = stage.beginOnTerminal([...argv, "--client-id", desktopClient]);
    const [, address = ""] = await adding.said(/^ *(http:\/\/127\.0\.0\.1:\d+\/\S+)\r?$/m);
    await page.goto(address);
    await page.fill("[name=login]", alice.user);
    await page.fill("[name=password]", "any");
    await page.click("[type=submit]");
    await page.click("[type=submit]");
    await page.getByText("Thank you. You can close this page").waitFor();
    const { code, stdout } = await adding.ended;
    assert.equal(code, 0, stdout);
  });

  const google = ["account", "add", "--address", "alice@gmail.com", "--name", "g", "--oauth", "google"];
  const asked = [
    ["Client id: ", "an-id.apps.example"],
    ["Client secret (nothing is shown): ", "oauth-canary-client-secret"],
    ["Waiting for your browser, or for the address (nothing is shown): ", ""],
  ] as const;
  for (const [index, [last]] of asked.entries()) {
    test(`Ctrl-C at "${last}" leaves nothing written, and no listener`, async () => {
      const adding = stage.beginOnTerminal(google);
      for (const [question, answer] of asked.slice(0, index)) {
        await adding.said(question);
        adding.type(answer);
      }
      await adding.said(last);
      const port = index === 2 ? await portOf(adding) : undefined;
      if (port !== undefined) assert.equal(await isOpen(port), true);
      adding.type(CTRL_C);
      const { code, stdout } = await adding.ended;
      assert.equal(code, 130, stdout);
      assert.ok(!stdout.includes("oauth-canary"), stdout);
      assert.deepEqual(stage.remains("g"), []);
      if (port !== undefined) assert.equal(await isOpen(port), false);
    });
  }

  test("Ctrl-C while a code waits to be entered leaves nothing written", async () => {
    const argv = stage.adding("code", { address: "code@example.test" });
    const adding = stage.beginOnTerminal([...argv, "--client-id", desktopClient, "--device"]);
    await adding.said("Nobody else should ever");
    adding.type(CTRL_C);
    const { code, stdout } = await adding.ended;
    assert.equal(code, 130, stdout);
    assert.deepEqual(stage.remains("code"), []);
  });

  test("Ctrl-C while a person signs in again leaves the first sign-in", async () => {
    const earlier = readFileSync(stage.tokensOf("pasted"), "utf8");
    const again = stage.beginOnTerminal(["account", "sign-in", "pasted"]);
    await again.said(WAITING);
    again.type(CTRL_C);
    assert.equal((await again.ended).code, 130);
    assert.equal(readFileSync(stage.tokensOf("pasted"), "utf8"), earlier);
  });
});
