/** What the lab tells the drivers of Node's libraries. A library is looked up where its user's project would find it. */
import { readFileSync } from "node:fs";
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

/** `send` resolves when the library says that the message is sent. With the mode `--version` it is not called. */
export async function drive(name, send) {
  try {
    if (mode === "--version") process.stdout.write(`${versionOf(name)}\n`);
    else await send(library(name));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = 1;
  }
}

export function library(name) {
  for (const require of requires()) if (isThere(require, name)) return require(name);
  throw new Error(`${name} is in none of ${directories}`);
}

function versionOf(name) {
  for (const require of requires()) {
    for (const folder of require.resolve.paths(name) ?? []) {
      const manifest = read(path.join(folder, name, "package.json"));
      if (manifest !== undefined) return JSON.parse(manifest).version;
    }
  }
  throw new Error(`${name} is in none of ${directories}`);
}

function requires() {
  return directories.split(path.delimiter).map((directory) => createRequire(path.join(directory, "driver.js")));
}

function isThere(require, name) {
  return (require.resolve.paths(name) ?? []).some(
    (folder) => read(path.join(folder, name, "package.json")) !== undefined,
  );
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
