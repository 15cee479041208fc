/** The reference pages agree with the code: they have every error code and every option, and name no missing file. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { mailErrorCodes } from "@postseal/mailer";

const root = new URL("../../", import.meta.url);
const read = (file: string): string => readFileSync(new URL(file, root), "utf8");

test("the page of errors has an entry for every code, and no other", () => {
  const headings = [...read("docs/reference/errors.md").matchAll(/^### `(\w+)`$/gm)].map(([, code]) => code);
  assert.deepEqual(headings, [...mailErrorCodes]);
});

test("each error has the exit codes in its entry", async () => {
  const exitCodeOf = await load("packages/cli/src/result/exit-code.ts", "exitCodeOf");
  assert.ok(typeof exitCodeOf === "function");
  const [, ...entries] = read("docs/reference/errors.md").split(/^### /m);
  for (const entry of entries) {
    const code = /^`(\w+)`/.exec(entry)?.[1] ?? "";
    const told = [...entry.matchAll(/\*\*`(retry|give-up|ask)`, exit (\d+)\*\*/g)];
    assert.ok(told.length > 0, code);
    for (const [, disposition, exit] of told) {
      const error = Object.assign(new Error(code), { code, disposition });
      assert.equal(
        Reflect.apply(exitCodeOf, undefined, [{ kind: "failed", error }]),
        Number(exit),
        `${code} ${disposition}`,
      );
    }
  }
});

/** The file of each interface of options, and the interface. */
const interfaces: Readonly<Record<string, readonly string[]>> = {
  "mailer.ts": ["MailerOptions"],
  "message/envelope.ts": ["DsnOptions"],
  "message/input.ts": [
    "ComposedMessage",
    "ReadyMessage",
    "HeaderInput",
    "Alternative",
    "AttachmentOptions",
    "FileAttachment",
    "MemoryAttachment",
    "StreamAttachment",
    "Calendar",
    "ListFields",
  ],
  "net/connect.ts": ["ConnectTarget"],
  "policy/server.ts": ["ServerOptions"],
  "policy/timeouts.ts": ["Timeouts"],
  "policy/tls-policy.ts": ["TlsOptions"],
  "sasl/credentials.ts": ["PasswordCredentials", "TokenCredentials", "ExternalCredentials"],
  "sasl/select.ts": ["AuthenticationOptions"],
  "session/context.ts": ["SessionOptions"],
  "session/call-options.ts": ["SendOptions"],
};
/** For an option whose type is an interface of its own: the file of the interface, and its name. */
const parts: Readonly<Record<string, readonly [file: string, name: string]>> = {
  PoolOptions: ["packages/mailer/src/pool/limits.ts", "PoolOptions"],
};
/** What an alias stands for. */
const sources: Readonly<Record<string, string>> = { AuthenticationOptions: "MechanismOptions" };

for (const [file, names] of Object.entries(interfaces)) {
  for (const name of names) {
    test(`the page of options has every key of ${name}, and no other`, () => {
      const keys = keysOf(`packages/mailer/src/${file}`, sources[name] ?? name);
      assert.deepEqual(
        documented(name).map(({ key }) => key),
        keys,
      );
    });
  }
}

test("the page has no other table of options", () => {
  const headings = [...read("docs/reference/options.md").matchAll(/^### .*`(\w+)`$/gm)].map(([, name]) => name);
  assert.deepEqual(new Set(headings), new Set(Object.values(interfaces).flat()));
});

test("the deadlines have the defaults on the page", async () => {
  const resolveTimeouts = await load("packages/mailer/src/policy/timeouts.ts", "resolveTimeouts");
  assert.ok(typeof resolveTimeouts === "function");
  const told = documented("Timeouts").map(({ key, next }) => [key, Number(next.replaceAll("`", ""))]);
  assert.deepEqual(Object.fromEntries(told), Reflect.apply(resolveTimeouts, undefined, []));
});

test("every file that a reference page names exists", () => {
  for (const page of ["errors", "options", "rfcs"].map((name) => `docs/reference/${name}.md`)) {
    const text = read(page);
    const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(
      ([, link = ""]) => new URL(link, new URL(page, root)),
    );
    const files = filesIn(text).map((file) => new URL(file, root));
    assert.ok(links.length + files.length > 0, page);
    for (const url of [...links, ...files]) assert.ok(existsSync(url), `${page}: ${url.href}`);
  }
});

test("each row of the page of RFCs names a file and a test, or says why it is not done", () => {
  const rows = [...read("docs/reference/rfcs.md").matchAll(/^\| *(?=\d)(.*)\|$/gm)].map(([, row = ""]) => row);
  assert.ok(rows.length > 50);
  for (const row of rows) {
    const [section = "", what = "", where = "", held = ""] = row.split(" | ");
    if (/^ *Not done, because /.test(what)) continue;
    assert.notDeepEqual(filesIn(where), [], section);
    const tests = filesIn(held);
    assert.ok(tests.length > 0 && tests.every((file) => file.endsWith(".test.ts")), section);
  }
});

/** Files in backticks, as paths from the root. A path that does not begin with a folder of the root is in the mailer. */
function filesIn(text: string): readonly string[] {
  return [...text.matchAll(/`([\w.-]+\/[\w./-]+\.(?:ts|md))`/g)].map(([, file = ""]) =>
    /^(?:test|docs|examples|packages)\//.test(file) ? file : `packages/mailer/src/${file}`,
  );
}

/** The first two cells of each row below the heading that ends with the interface's name. */
function documented(name: string): readonly { readonly key: string; readonly next: string }[] {
  const section = read("docs/reference/options.md").split(new RegExp(`^### .*\`${name}\`$`, "m"))[1] ?? "";
  const [own = ""] = section.split(/^##/m);
  return [...own.matchAll(/^\| `([\w.]+)` *\| *([^|]*?) *\|/gm)].map(([, key = "", next = ""]) => ({ key, next }));
}

/** The members of an interface. A member that is an object is replaced by its own members. */
function keysOf(file: string, name: string): readonly string[] {
  const body = new RegExp(`^export interface ${name}\\b[^{]*\\{\\n([\\s\\S]*?)^\\}`, "m").exec(read(file))?.[1];
  assert.ok(body !== undefined, `${file} has no interface ${name}`);
  const members = body.matchAll(/^ {2}readonly (\w+)\??:((?:.|\n(?! {2}(?:readonly|\/\*\*)))*)/gm);
  return [...members].flatMap(([, member = "", type = ""]) => {
    const named = parts[/^\s*(\w+)/.exec(type)?.[1] ?? ""];
    if (named !== undefined) return keysOf(...named).map((part) => `${member}.${part}`);
    // In a union such as `message: … | { path }` the object is one of several values, not a group of options.
    const isObject = /^\s*(?:\|\s*)?\{/.test(type);
    const inner = isObject ? [...type.matchAll(/readonly (\w+)\??:/g)].map(([, key = ""]) => `${member}.${key}`) : [];
    return inner.length === 0 ? [member] : inner;
  });
}

/** An export of a module in another package's TypeScript project, which this one cannot import by its types. */
async function load(file: string, name: string): Promise<unknown> {
  const module: unknown = await import(new URL(file, root).href);
  return typeof module === "object" && module !== null ? Reflect.get(module, name) : undefined;
}
