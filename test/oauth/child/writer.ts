/**
 * Updates a store, and kills itself at one step of it: before or after the Nth call into node:fs/promises. Arguments: the file, the new
 * refresh token, the step, `before` or `after`. Prints `asked` when the change is made, and `done` if it got to the end.
 */
import { writeSync } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { createRequire, syncBuiltinESMExports } from "node:module";
import { Secret } from "@postseal/mailer";

const [, , file = "", token = "", step = "0", moment = "before"] = process.argv;
let calls = 0;
let isWatching = false;

/** Node's own functions, in which this process dies. */
function dyingAt(holder: object, name: string): void {
  const real: unknown = Reflect.get(holder, name);
  if (typeof real !== "function") return;
  Reflect.set(holder, name, async function (this: unknown, ...args: unknown[]) {
    if (isWatching) calls += 1;
    const isDue = isWatching && calls === Number(step);
    if (isDue && moment === "before") process.kill(process.pid, "SIGKILL");
    const result: unknown = await Reflect.apply(real, this, args);
    if (isDue) process.kill(process.pid, "SIGKILL");
    return result;
  });
}

const functions: object = createRequire(import.meta.url)("node:fs/promises");
for (const name of ["mkdir", "open", "readdir", "rename", "rm"]) dyingAt(functions, name);
const handle: FileHandle = await open(process.execPath);
const methods: unknown = Object.getPrototypeOf(handle);
await handle.close();
if (typeof methods === "object" && methods !== null)
  for (const name of ["write", "truncate", "sync", "close", "stat", "readFile"]) dyingAt(methods, name);
syncBuiltinESMExports();

const { fileStore } = await import("@postseal/oauth");
const store = fileStore(file);
isWatching = true;
await store.update(async (now) => {
  if (now === undefined) throw new TypeError("nothing is stored");
  writeSync(1, "asked ");
  return { ...now, refreshToken: new Secret(token), renewedAt: new Date() };
});
isWatching = false;
writeSync(1, `done ${calls}`);
