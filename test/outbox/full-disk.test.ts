/** A real disk that is full while a worker marks or settles, and has room again later. */
import assert from "node:assert/strict";
import { execFile, spawnSync } from "node:child_process";
import path from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import type { FullDisk } from "./crash/full-disk.ts";
import { folderOf } from "./rig.ts";

const PROGRAM = path.join(import.meta.dirname, "crash/full-disk.ts");
/** The disk and all processes end with the namespace. Root needs no user namespace. */
const USER = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
const NAMESPACE = [...USER, "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
/** Milliseconds until a worker that never finishes is ended, with everything that belongs to it. */
const PATIENCE = 180_000;
const MOUNT = 'mount -t tmpfs -o size=8m,mode=0700 tmpfs "$1"';

const MOMENTS = [
  "at the mark",
  "at the mark of the next part",
  "at the settle",
  "at the settle of a worker that is killed then",
];
const mayMount = spawnSync("unshare", [...NAMESPACE, "sh", "-c", MOUNT, "sh", "/tmp"]).status === 0;

test(
  "while the disk is full nothing goes unmarked, and with room again nothing is lost and nothing doubled",
  { skip: mayMount ? false : "no disk of its own may be mounted here" },
  async (t) => {
    const folder = folderOf(t);
    const words = ["sh", folder, process.execPath, "--conditions=@postseal/source", PROGRAM];
    const script = `${MOUNT} && exec "$2" "$3" "$4" "$1"`;
    const { stdout } = await promisify(execFile)("unshare", [...NAMESPACE, "sh", "-c", script, ...words], {
      timeout: PATIENCE,
      // `unshare` ignores every other signal while it waits.
      killSignal: "SIGKILL",
    });
    const all: readonly FullDisk[] = JSON.parse(stdout);
    for (const figures of all) t.diagnostic(JSON.stringify(figures));
    assert.deepEqual(
      all.map(({ moment, unmarked, lost, doubled, left }) => ({ moment, unmarked, lost, doubled, left })),
      MOMENTS.map((moment) => ({ moment, unmarked: 0, lost: 0, doubled: 0, left: 0 })),
    );
    const [mark, nextMark, settle, killed] = all;
    assert.equal(mark?.takenWhileFull, 0);
    // What the server said outlives the full disk, but not its worker.
    assert.deepEqual(
      [mark, nextMark, settle].map((one) => [one?.unknown, one?.redelivered]),
      [
        [0, 0],
        [0, 0],
        [0, 0],
      ],
    );
    assert.ok(killed !== undefined && killed.takenWhileFull > 0 && killed.unknown + killed.redelivered > 0);
  },
);
