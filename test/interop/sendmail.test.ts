/**
 * Programs that call sendmail: git send-email, s-nail, mutt, PHP's mail() and cron. What each writes into `postseal sendmail`
 * arrives in Postfix's Maildir octet for octet, apart from fields that are added on the way.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { password, user } from "./client.ts";
import { deliveredWith } from "./reader.ts";
import { createFolder, type Folder } from "./servers/folder.ts";
import { type Authority, createAuthority } from "./servers/pki.ts";
import { poll } from "./servers/poll.ts";
import { type PostfixServer, startPostfix } from "./servers/postfix.ts";

const run = promisify(execFile);
const main = path.join(path.dirname(fileURLToPath(import.meta.resolve("postseal/package.json"))), "src/main.ts");

let authority: Authority;
let server: PostfixServer;
before(async () => {
  authority = await createAuthority();
  server = await startPostfix({ authority });
});
after(async () => {
  await server[Symbol.asyncDispose]();
  await authority[Symbol.asyncDispose]();
});

/** A body with lines that some programs change on the way. */
const BODY = [
  "Grüße",
  ".",
  "..two dots",
  "From the moor",
  ">From here",
  "a space at the end ",
  "",
  ".",
  "long ".repeat(150),
  "--",
  "=3D is no equals sign",
  "",
  "",
  "end",
  "",
].join("\n");

/** A folder for each client, with a `sendmail` that keeps what it was given. */
class Desk implements AsyncDisposable {
  readonly folder: Folder;
  readonly sendmail: string;

  private constructor(folder: Folder) {
    this.folder = folder;
    this.sendmail = folder.at("sendmail");
  }

  static async open(): Promise<Desk> {
    const desk = new Desk(await createFolder("sendmail"));
    const at = (name: string): string => desk.folder.at(name);
    const words = [process.execPath, "--conditions=@postseal/source", main].map((word) => `'${word}'`).join(" ");
    await mkdir(at("postseal"));
    await writeFile(at("postseal/config.toml"), configuration(), { mode: 0o600 });
    await writeFile(at("postseal/password"), `${password}\n`, { mode: 0o600 });
    await writeFile(
      desk.sendmail,
      `#!/bin/sh
printf '%s\\n' "$@" >'${at("words")}'
export XDG_CONFIG_HOME='${desk.folder.path}'
tee '${at("given")}' | ${words} sendmail "$@" >'${at("said")}' 2>&1
code=$?
echo $code >'${at("code")}'
exit $code
`,
    );
    await chmod(desk.sendmail, 0o755);
    return desk;
  }

  /** Runs a shell script in this folder, which is also its home. */
  async sh(script: string, namespace: readonly string[] = [], signal?: AbortSignal): Promise<void> {
    const environment = {
      PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      HOME: this.folder.path,
      LANG: "C.UTF-8",
      USER: "root",
    };
    const [program, ...words] = [...namespace, "/bin/sh", "-ec", script];
    await run(program, words, { cwd: this.folder.path, env: environment, signal });
  }

  has(name: string): boolean {
    return existsSync(this.folder.at(name)) && this.read(name) !== "";
  }

  read(name: string): string {
    return readFileSync(this.folder.at(name), "latin1");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.folder[Symbol.asyncDispose]();
  }
}

function configuration(): string {
  return `domain = "example.test"

[aliases]
root = "bob@example.test"

[accounts.work]
server = "submission://${user.replace("@", "%40")}@127.0.0.1:${server.submissionPort}"
from = ["${user}"]
ca-only = "${authority.caFile}"
password-file = "password"
`;
}

/** The delivered message is the one that was given. `completed`: address fields that had a name without a domain. */
async function isDelivered(desk: Desk, mark: string, completed: readonly string[] = []): Promise<void> {
  assert.equal(`${desk.read("code")}${desk.read("said")}`, "0\n");
  const given = split(desk.read("given"));
  const delivered = split((await deliveredWith(server, mark)).toString("latin1"));
  assert.equal(delivered.body, given.body.endsWith("\n") ? given.body : `${given.body}\n`);
  const names = new Set(given.fields.map(nameOf));
  const left = (fields: readonly string[]): readonly string[] =>
    fields.filter((field) => names.has(nameOf(field)) && !["bcc", ...completed].includes(nameOf(field)));
  assert.deepEqual(left(delivered.fields), left(given.fields));
  for (const name of ["from", "date", "message-id"])
    assert.equal(delivered.fields.filter((field) => nameOf(field) === name).length, 1, name);
  assert.ok(!delivered.fields.some((field) => nameOf(field) === "bcc"));
}

/** Splits a message into raw fields, folded lines included, and its body. */
function split(message: string): { readonly fields: readonly string[]; readonly body: string } {
  const text = message.replaceAll("\r\n", "\n");
  const end = text.indexOf("\n\n");
  return { fields: text.slice(0, end).split(/\n(?![ \t])/), body: text.slice(end + 2) };
}

function nameOf(field: string): string {
  return field.slice(0, field.indexOf(":")).toLowerCase();
}

test("git send-email: a patch with lines of dots and text that is not ASCII", async () => {
  await using desk = await Desk.open();
  await writeFile(desk.folder.at("a"), BODY);
  await desk.sh(`git init -q . && git config user.name 'Ana Größe' && git config user.email ${user}
git add a && git commit -qm 'Mark git: the moor'
git format-patch -q --root -1
git send-email --sendmail-cmd='${desk.sendmail}' --to=bob@example.test --bcc=carol@example.test --confirm=never --quiet 0001-*.patch`);
  await isDelivered(desk, "Mark git: the moor");
  assert.match(desk.read("given"), /^\+\.$/m);
});

test("s-nail: a text and an attachment", async () => {
  await using desk = await Desk.open();
  await writeFile(desk.folder.at("body"), BODY);
  await writeFile(desk.folder.at("dots.bin"), Buffer.from("\n.\n\0\u00ff".repeat(500), "latin1"));
  await desk.sh(
    `s-nail -n -S v15-compat=yes -S mta='${desk.sendmail}' -S from=${user} -s 'Mark s-nail' -a dots.bin bob@example.test <body`,
  );
  await isDelivered(desk, "Mark s-nail");
});

test("mutt: the text on its standard input, with a Bcc", async () => {
  await using desk = await Desk.open();
  await writeFile(desk.folder.at("body"), BODY);
  await writeFile(
    desk.folder.at("muttrc"),
    `set sendmail="${desk.sendmail} -oem -oi"\nset from=${user}\nset use_envelope_from=yes\nset copy=no\n`,
  );
  await desk.sh("mutt -n -F muttrc -s 'Mark mutt' -b carol@example.test bob@example.test <body");
  await isDelivered(desk, "Mark mutt");
  assert.match(desk.read("words"), /^-oem\n-oi\n-f\nalice@example\.test\n/m);
});

/** For programs whose path to sendmail is fixed. Nothing outside the namespace sees the mount. */
const inNamespace = ["unshare", "--mount", "--propagation", "private"];

test("PHP's mail(): by its own setting, and by /usr/sbin/sendmail", async () => {
  const program = `$ok = mail("bob@example.test", "Mark PHP WHICH", file_get_contents("body"), ["From" => "Ana <${user}>", "Bcc" => "carol@example.test", "MIME-Version" => "1.0", "Content-Type" => "text/plain; charset=utf-8", "Content-Transfer-Encoding" => "8bit"]); exit($ok ? 0 : 1);`;
  for (const [which, options, namespace] of [
    ["one", "-d sendmail_path='SENDMAIL -t -i'", []],
    ["two", "", inNamespace],
  ] as const) {
    await using desk = await Desk.open();
    await writeFile(desk.folder.at("body"), BODY);
    const mount = namespace.length === 0 ? "" : `mount --bind '${desk.sendmail}' /usr/sbin/sendmail\n`;
    const script = `${mount}php -n ${options.replace("SENDMAIL", desk.sendmail)} -r '${program.replace("WHICH", which)}'`;
    await desk.sh(script, namespace);
    await isDelivered(desk, `Mark PHP ${which}`);
  }
});

test("cron: what a job printed, to root, who is an alias", async () => {
  await using desk = await Desk.open();
  await writeFile(desk.folder.at("body"), BODY);
  await writeFile(
    desk.folder.at("crontab"),
    `SHELL=/bin/sh\nLANG=C.UTF-8\n@reboot echo 'Mark cron'; cat '${desk.folder.at("body")}'\n`,
    { mode: 0o600 },
  );
  // Its own spool, tables and /run, so that none of the machine's jobs runs.
  const script = `
mount --bind '${desk.sendmail}' /usr/sbin/sendmail
for folder in /run /var/spool/cron /etc/cron.d; do mount -t tmpfs tmpfs $folder; done
mount --bind /dev/null /etc/crontab
mkdir -m 1730 /var/spool/cron/crontabs
install -m 600 crontab /var/spool/cron/crontabs/root
exec cron -f`;
  const end = new AbortController();
  const cron = desk.sh(script, inNamespace, end.signal);
  try {
    await Promise.race([
      cron,
      poll(
        async () => desk.has("code") || undefined,
        () => "cron sent nothing",
      ),
    ]);
  } finally {
    end.abort();
    await cron.catch(() => {});
  }
  await isDelivered(desk, "Mark cron", ["from", "to"]);
  const { fields } = split((await deliveredWith(server, "Mark cron")).toString("latin1"));
  assert.deepEqual(
    fields.filter((field) => /^to:/i.test(field)),
    ["To: bob@example.test"],
  );
  assert.match(fields.find((field) => /^from:/i.test(field)) ?? "", /alice@example\.test/);
});
