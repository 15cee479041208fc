import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  lchownSync,
  linkSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { after, suite, test } from "node:test";
import { makePrivateFolder } from "@postseal/lab";
import { readConfiguration } from "./account/configuration-file.ts";
import { findProgram } from "./account/program.ts";
import { exposureOf, exposureOfTrusted, openPlace, openTrustedFile } from "./trusted-file.ts";
import { faultOf, placeOf, UntrustedPathError } from "./trusted-path.ts";

const skip = process.platform === "win32";
const onlyRoot = process.getuid?.() === 0 ? false : "only root can be two users";
const NOBODY = 65_534;
const FLIPS = 10_000;
const FEWEST_READS = 100;
const folder = makePrivateFolder("trusted-file");
after(() => rmSync(folder, { recursive: true }));

function file(name: string, mode = 0o600, text = "text"): string {
  const written = path.join(folder, name);
  mkdirSync(path.dirname(written), { recursive: true });
  writeFileSync(written, text);
  chmodSync(written, mode);
  return written;
}

/** The content of the file, or the reason why it is not read. */
async function read(name: string): Promise<string> {
  try {
    await using opened = await openTrustedFile(name);
    return (await opened.octets()).toString();
  } catch (error) {
    if (error instanceof UntrustedPathError) return error.message;
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}

suite("what others can change is not read", { skip }, () => {
  test("a file that its group or everybody can write", async () => {
    for (const mode of [0o620, 0o602, 0o666]) {
      const open = file(`mode-${mode}`, mode);
      assert.equal(await read(open), `others can write it. chmod go-w ${open}`);
    }
    for (const mode of [0o600, 0o644, 0o444, 0o755]) assert.equal(await read(file(`mode-${mode}`, mode)), "text");
  });

  test("a file in a folder that others can write, at any depth, unless it is sticky", async () => {
    const deep = file("open/below/deep");
    chmodSync(path.join(folder, "open"), 0o777);
    assert.equal(await read(deep), `others can write its folder ${folder}/open. chmod go-w ${folder}/open`);
    chmodSync(path.join(folder, "open"), 0o1777);
    assert.equal(await read(deep), "text");
  });

  test("a link is judged, and so is every folder that it leads through", async () => {
    file("sound/target");
    file("unsound/target");
    chmodSync(path.join(folder, "unsound"), 0o770);
    symlinkSync("sound/target", path.join(folder, "to-sound"));
    symlinkSync(path.join(folder, "to-sound"), path.join(folder, "twice"));
    symlinkSync("unsound", path.join(folder, "to-unsound"));
    assert.equal(await read(path.join(folder, "twice")), "text");
    assert.match(
      await read(path.join(folder, "to-unsound/target")),
      /^others can write its folder .*\/unsound\. chmod/,
    );
    assert.match(await read(`${folder}/to-unsound/../sound/target`), /^others can write its folder/);
  });

  test("a link that others can replace is not followed, even to the user's own file", async () => {
    const own = file("own");
    mkdirSync(path.join(folder, "theirs"));
    chmodSync(path.join(folder, "theirs"), 0o777);
    symlinkSync(own, path.join(folder, "theirs/link"));
    assert.match(await read(path.join(folder, "theirs/link")), /^others can write its folder .*\/theirs/);
  });

  test("links in a circle end", async () => {
    symlinkSync("circle", path.join(folder, "circle"));
    assert.match(await read(path.join(folder, "circle")), /^there are too many links to it/);
  });

  test("a missing file is reported as missing, even if others could put one there", async () => {
    assert.equal(await read(path.join(folder, "none")), "ENOENT");
    assert.equal(await read(path.join(folder, "own/below")), "ENOTDIR");
    mkdirSync(path.join(folder, "empty"));
    chmodSync(path.join(folder, "empty"), 0o777);
    assert.equal(await read(path.join(folder, "empty/none")), "ENOENT");
    assert.equal(await read(folder), "EISDIR");
  });

  test("a file that was exchanged after it was judged is not read", async () => {
    const judged = file("judged");
    const place = await placeOf(judged);
    renameSync(file("another"), judged);
    await assert.rejects(openPlace(place), /^Error: it was replaced while it was being opened/);
    rmSync(judged);
    symlinkSync(file("linked"), judged);
    await assert.rejects(openPlace(place), { code: "ELOOP" });
  });

  test("an open descriptor is read without a check", () => {
    const module = JSON.stringify(new URL(`./trusted-file${path.extname(import.meta.url)}`, import.meta.url).href);
    const program = `const { openTrustedFile } = await import(${module});
      console.log((await (await openTrustedFile("/dev/stdin")).octets()).toString());`;
    // A pipe made by a shell: those of Node are sockets, which cannot be opened by a path.
    const piping = `printf piped | '${process.execPath}' --input-type=module -e "$PROGRAM"`;
    const piped = spawnSync("sh", ["-c", piping], { env: { PROGRAM: program }, encoding: "utf8" });
    assert.equal(piped.stdout, "piped\n");
  });

  test("administrators of macOS may write what Homebrew installs", async (t) => {
    const status = Object.assign(statSync(folder), { mode: 0o40_775, gid: 80 });
    assert.match(String((await faultOf(folder, status, "folder"))?.message), /^others can write its folder/);
    const { platform } = process;
    Object.defineProperty(process, "platform", { value: "darwin" });
    t.after(() => Object.defineProperty(process, "platform", { value: platform }));
    assert.equal(await faultOf(folder, status, "folder"), undefined);
  });
});

suite("what belongs to another user is not read", { skip: skip || onlyRoot }, () => {
  const give = (name: string, to = NOBODY): string => {
    lchownSync(path.join(folder, name), to, to);
    return path.join(folder, name);
  };

  test("a file, a link, a folder", async () => {
    file("given");
    assert.equal(
      await read(give("given")),
      "it belongs to another user. Keep it where only you and root can change it",
    );
    file("given-folder/file");
    give("given-folder");
    assert.match(
      await read(path.join(folder, "given-folder/file")),
      /^its folder .*given-folder belongs to another user/,
    );
    symlinkSync(file("mine"), path.join(folder, "given-link"));
    assert.match(await read(give("given-link")), /^the link .*given-link belongs to another user/);
  });

  test("in a sticky folder, a file of one's own is read, and another user's is not", async () => {
    file("sticky/mine");
    file("sticky/theirs");
    chmodSync(path.join(folder, "sticky"), 0o1777);
    give("sticky/theirs");
    assert.equal(await read(path.join(folder, "sticky/mine")), "text");
    assert.match(await read(path.join(folder, "sticky/theirs")), /^it belongs to another user/);
    // The folder's owner can remove what others put there, sticky or not.
    give("sticky");
    assert.match(await read(path.join(folder, "sticky/mine")), /^its folder .*sticky belongs to another user/);
  });

  /** The judgements of a file of root and of one of `NOBODY`, in a user namespace that maps one user. */
  function saidInNamespace(before: readonly string[]): string {
    for (const name of ["root", "stranger"]) chmodSync(file(`namespace/${name}`), 0o644);
    give("namespace/stranger");
    chmodSync(folder, 0o755);
    const module = JSON.stringify(new URL(`./trusted-path${path.extname(import.meta.url)}`, import.meta.url).href);
    const program = `const { placeOf } = await import(${module});
      for (const name of ["root", "stranger"])
        await placeOf(process.argv[1] + name).then(() => console.log(name), (error) => console.log(error.message));`;
    const words = [...before, "unshare", "-Ur", process.execPath, "--input-type=module", "-e", program];
    const { stdout } = spawnSync("env", [...words, `${folder}/namespace/`], { encoding: "utf8" });
    chmodSync(folder, 0o700);
    return stdout;
  }

  test("in a user namespace that maps root, an unknown user is another user", (t) => {
    if (spawnSync("unshare", ["-Ur", "true"]).status !== 0) return t.skip("there are no user namespaces here");
    assert.match(saidInNamespace([]), /^root\nit belongs to another user/);
  });

  test("in one that does not map root, an unknown user may be root, and is trusted", (t) => {
    const user = ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"];
    if (spawnSync("env", [...user, "unshare", "-Ur", process.execPath, "--version"]).status !== 0)
      return t.skip("another user has no user namespaces here, or cannot reach this Node");
    assert.equal(saidInNamespace(user), "root\nstranger\n");
  });

  const account = (name: string): string => `[accounts.${name}]\nserver = "submission://relay.example.test"\n`;
  const ways: Readonly<Record<string, (link: string) => Promise<string>>> = {
    "a configuration": (link) =>
      readConfiguration([link]).then(
        ({ accounts }) => accounts.map(({ name }) => name).join(),
        () => "refused",
      ),
    "a file that it names": async (link) => ((await read(link)).includes("theirs]") ? "theirs" : "refused"),
  };
  for (const [what, reading] of Object.entries(ways)) {
    test(`a link that flips ${FLIPS} times never gets another user's file read as ${what}`, async () => {
      chmodSync(folder, 0o755);
      const home = path.join(folder, "home");
      mkdirSync(home);
      give("home");
      const ours = file("ours.toml", 0o600, account("ours"));
      file("theirs.toml", 0o600, account("theirs"));
      const link = path.join(home, "config.toml");
      symlinkSync(ours, link);
      // One rename per turn, so that there is always a file.
      const flip = `const { renameSync, symlinkSync } = require("node:fs");
        process.setgroups([]); process.setgid(${NOBODY}); process.setuid(${NOBODY});
        const [link, ...targets] = process.argv.slice(1);
        for (let turn = 1; turn <= ${FLIPS}; turn += 1) {
          symlinkSync(targets[turn % 2], link + ".next");
          renameSync(link + ".next", link);
        }`;
      const theirs = give("theirs.toml");
      const seen = new Set<string>();
      // On a busy machine it may have flipped before much was read: then once more.
      for (let reads = 0; reads < FEWEST_READS;) {
        const child = spawn(process.execPath, ["-e", flip, link, ours, theirs], { stdio: "inherit" });
        const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
        for (; child.exitCode === null; reads += 1) seen.add(await reading(link));
        assert.equal(await ended, 0);
      }
      assert.deepEqual([...seen], ["refused"]);
      rmSync(home, { recursive: true });
      chmodSync(folder, 0o700);
    });
  }
});

suite("who may read a secret", { skip }, () => {
  test("the user can change the mode of their own file, and a pipe or a file of mode 600 is not exposed", async () => {
    assert.deepEqual(await exposureOfTrusted(file("readable", 0o640)), { isOwn: true });
    assert.equal(await exposureOfTrusted(file("hidden", 0o600)), undefined);
    assert.equal(await exposureOfTrusted("/dev/null"), undefined);
  });

  test("a secret that a container or systemd put below /run as root may have any mode", () => {
    const status = Object.assign(statSync(folder), { mode: 0o100_444, uid: 0 });
    const place = (name: string) => ({ path: name, status, isDescriptor: false });
    assert.equal(exposureOf(place("/run/secrets/mail")), undefined);
    assert.equal(exposureOf(place("/run/credentials/mail.service/mail")), undefined);
    assert.notEqual(exposureOf(place("/run/secretsmail")), undefined);
    assert.notEqual(exposureOf(place("/srv/run/secrets/mail")), undefined);
    Object.assign(status, { uid: NOBODY });
    assert.notEqual(exposureOf(place("/run/secrets/mail")), undefined);
  });

  test("another user cannot change the mode of root's file", { skip: onlyRoot }, () => {
    const status = Object.assign(statSync(folder), { mode: 0o100_444, uid: 0 });
    assert.deepEqual(exposureOf({ path: "/etc/mail", status, isDescriptor: false }), { isOwn: true });
    process.seteuid?.(NOBODY);
    try {
      assert.deepEqual(exposureOf({ path: "/etc/mail", status, isDescriptor: false }), { isOwn: false });
    } finally {
      process.seteuid?.(0);
    }
  });
});

suite("a program is found as the system finds it, and judged like a file", { skip }, () => {
  const program = (name: string, mode: number): string => file(name, mode, "#!/bin/sh\n");

  test("the first executable in PATH, with its links kept", async () => {
    program("bin-a/tool", 0o600);
    const tool = program("bin-b/tool", 0o755);
    symlinkSync(tool, path.join(folder, "bin-b/alias"));
    const environment = { PATH: ["none", "bin-a", "bin-b"].map((name) => path.join(folder, name)).join(":") };
    assert.equal(await findProgram("tool", environment), tool);
    assert.equal(await findProgram("alias", environment), path.join(folder, "bin-b/alias"));
    assert.equal(await findProgram("no-such-tool", environment), undefined);
    assert.match((await findProgram("sh", {})) ?? "", /\/bin\/sh$/);
  });

  test("a program that others can exchange is refused, not skipped", async () => {
    const open = program("bin-c/tool", 0o777);
    await assert.rejects(findProgram(open, {}), /^Error: others can write it\. chmod go-w .*bin-c\/tool$/);
    program("bin-d/tool", 0o755);
    chmodSync(path.join(folder, "bin-d"), 0o777);
    const environment = { PATH: `${folder}/bin-d:${folder}/bin-b` };
    await assert.rejects(findProgram("tool", environment), /others can write its folder .*bin-d/);
    linkSync(open, path.join(folder, "bin-b/hard"));
    await assert.rejects(findProgram("hard", { PATH: path.join(folder, "bin-b") }), /others can write it\./);
  });
});
