/** What the lab tells the drivers of Node's libraries. A library is looked up where its user's project would find it. */
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const [, , directories = "", mode, scheme, host, port, username, password, from, to, body] = process.argv;

export const session = {
  mode,
  implicit: scheme === "smtps",
  host,
  port: Number(port),
  username,
  password,
  from,
  to,
  body,
};

/** Milliseconds that a silent server is waited for, where the library's own default is minutes. */
export const PATIENCE = 4_000;

/** `send` resolves when the library says that the message is sent. */
export async function drive(name, send) {
  try {
    await send(library(name));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  }
}

export function library(name) {
  for (const directory of directories.split(path.delimiter)) {
    const require = createRequire(path.join(directory, "driver.js"));
    if (isThere(require, name)) return require(name);
  }
  throw new Error(`${name} is in none of ${directories}`);
}

function isThere(require, name) {
  return (require.resolve.paths(name) ?? []).some((folder) => existsSync(path.join(folder, name, "package.json")));
}
