/** Another user of the machine plants compiled code in the shared temporary folder, and root then runs every subcommand. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, rmSync } from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { text } from "node:stream/consumers";
import { canaries, makePrivateFolder } from "@postseal/lab";
import { account, authority, command, Desk, launcher, message, serve, to } from "./command.ts";
import { exposedIn, forgeCache, PLANTED, plant, sharedFolder } from "./planted-cache.ts";

const skip = process.getuid?.() === 0 ? false : "only root can be two users";
const folder = makePrivateFolder("planted");
after(() => rmSync(folder, { recursive: true }));
const conditions = command.filter((word) => word.startsWith("--conditions"));

/** Exit codes other than 0: the client of `lab run` sends nothing, no message has the id, and no account signs in by OAuth. */
const CODES: Readonly<Record<string, number>> = {
  "lab run": 1,
  ...Object.fromEntries(
    ["show", "explain", "retry", "cancel", "resolve", "export"].map((word) => [`outbox ${word}`, 1]),
  ),
  "account sign-in": 64,
  "account sign-out": 64,
};
/** No message has this id. */
const NOBODYS = "01970000-0000-7000-8000-000000000000";

interface Ran {
  readonly code: number | null;
  readonly output: string;
  readonly exposed: readonly string[];
}

/** Runs the launcher, as users do. `isOpen`: it runs until it is interrupted. */
async function run(
  argv: readonly string[],
  environment: Readonly<Record<string, string>>,
  input: string,
  isOpen: boolean,
): Promise<Ran> {
  const env = { PATH: process.env["PATH"] ?? "", ...environment };
  const child = spawn(process.execPath, [...conditions, launcher, ...argv], { env });
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  child.stdin.end(input);
  const exit = once(child, "exit");
  if (isOpen) await Promise.race([once(child.stdout, "readable"), exit]);
  const exposed = exposedIn(environment["TMPDIR"] ?? "");
  if (isOpen) child.kill("SIGINT");
  await exit;
  return {
    code: child.exitCode,
    output: (await output).join(""),
    exposed: [...exposed, ...exposedIn(environment["TMPDIR"] ?? "")],
  };
}

test(
  "no subcommand runs code that another user compiled, or puts anything where others can write",
  { skip },
  async () => {
    using desk = new Desk();
    await using impostor = await serve();
    const configured = desk.configuration(account("a", impostor, desk));
    const login = to(impostor, desk);
    using added = new Desk();
    const imported = desk.file("msmtprc", "account a\nhost mail.example.test\ntls on\n");
    const client = [process.execPath, "-e", ""];
    const url = `submission://${canaries.username}@127.0.0.1:${impostor.port}`;
    const kept = ["--outbox", path.join(desk.folder, "mail.db")];
    const honest = ["--vector", "^H-starttls$", "--loopback", "--timeout", "3"];
    const calls: Readonly<Record<string, readonly string[]>> = {
      send: [...login, ...message],
      verify: login,
      sendmail: ["-f", canaries.sender, canaries.recipient],
      "outbox enqueue": [...kept, ...message],
      "outbox work": [...kept, "--once"],
      ...Object.fromEntries(["list", "stats", "events"].map((word) => [`outbox ${word}`, kept])),
      ...Object.fromEntries(
        ["show", "explain", "retry", "cancel", "export"].map((word) => [`outbox ${word}`, [...kept, NOBODYS]]),
      ),
      "outbox resolve": [...kept, NOBODYS, "--again"],
      ...Object.fromEntries(["pause", "resume", "purge"].map((word) => [`outbox ${word}`, kept])),
      "outbox schema": [],
      "account add": ["--address", "wren@example.test", "--server", url, ...login.slice(2)],
      "account list": [],
      "account sign-in": [],
      "account sign-out": [],
      "config check": [],
      import: [imported],
      "lab run": [...honest, "--", ...client],
      "lab matrix": [...honest, "--client", "nodemailer"],
      "lab serve": ["--vector", "A1-removed-auth"],
      "lab proxy": [
        "--upstream",
        `127.0.0.1:${impostor.port}`,
        "--attack",
        "strip",
        "--ca",
        desk.file("p.pem", authority.certificate),
      ],
      "lab list": [],
      "lab explain": ["A1-removed-auth"],
      completion: ["bash"],
    };
    const table: unknown = await import(new URL("../../packages/cli/src/register.ts", import.meta.url).href);
    const register: unknown = Reflect.get(Object(table), "register");
    assert.ok(Array.isArray(register));
    const names = register.flatMap(
      ({ word, members }: { readonly word: string; readonly members?: readonly { word: string }[] }) =>
        members === undefined ? [word] : members.map((member) => `${word} ${member.word}`),
    );
    assert.deepEqual(Object.keys(calls).toSorted(), names.toSorted());

    const shared = sharedFolder(folder);
    const bundle = path.join(path.dirname(path.dirname(launcher)), "bundle");
    assert.ok(globSync(`${bundle}/*.js`).length > 20, "the command is not built");
    const cache = forgeCache(path.join(bundle, "main.js"), folder);
    plant(cache, shared);
    // The control: for a user who names this folder, the planted code runs.
    const trusting = await run(["--version"], { NODE_COMPILE_CACHE: cache, TMPDIR: shared }, "", false);
    assert.equal(trusting.output, `${PLANTED}\n`);

    for (const [name, words] of [["--version", []], ["--help", []], ...Object.entries(calls)] as const) {
      const own = name === "account add" ? { XDG_CONFIG_HOME: added.folder } : configured;
      const isOpen = name === "lab serve" || name === "lab proxy";
      const { code, output, exposed } = await run(
        [...name.split(" "), ...words],
        { ...own, TMPDIR: shared },
        "Subject: a\n\nb\n",
        isOpen,
      );
      assert.doesNotMatch(output, new RegExp(PLANTED), name);
      assert.deepEqual(exposed, [], name);
      assert.equal(code, CODES[name] ?? 0, name);
    }
  },
);
