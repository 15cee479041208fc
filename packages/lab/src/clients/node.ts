/** Node libraries, as installed in the user's own project. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import type { Client, Surroundings } from "./client.ts";
import { driver, session, throughProxy } from "./program.ts";

export const nodemailer: Client = {
  id: "nodemailer",
  name: "Nodemailer",
  version: (surroundings) => nodeVersion("nodemailer", surroundings),
  configurations: [
    {
      name: "default",
      intent: "default",
      transports: ["starttls", "implicit"],
      command: (surroundings) => nodeDriver("node-nodemailer.mjs", "default", surroundings),
      remedies: { leak: "set requireTLS: true (port 587), or secure: true (port 465)" },
    },
    {
      name: "requireTLS",
      intent: "strict",
      transports: ["starttls"],
      command: (surroundings) => nodeDriver("node-nodemailer.mjs", "requireTLS", surroundings),
    },
    {
      name: "requireTLS, proxy",
      intent: "strict",
      transports: ["starttls"],
      command: (surroundings) =>
        throughProxy(
          "http",
          nodeDriver("node-nodemailer.mjs", "requireTLS http://127.0.0.1:{proxyport}", surroundings),
        ),
    },
  ],
  remedies: {
    "weak-tls": 'set tls: { minVersion: "TLSv1.3" }',
    injected: "update Nodemailer to 9.0.3 or newer",
    hang: "limit the whole of sendMail() with a timer: socketTimeout begins again whenever something comes",
  },
};

export const upyo: Client = {
  id: "upyo",
  name: "@upyo/smtp",
  version: (surroundings) => nodeVersion("@upyo/smtp", surroundings),
  configurations: [
    {
      name: "default",
      intent: "default",
      transports: ["starttls", "implicit"],
      command: (surroundings) => nodeDriver("node-upyo.mjs", "default", surroundings),
      remedies: { leak: "update @upyo/smtp to 0.5.2 or newer, or set secure: true with port 465" },
    },
  ],
  remedies: {
    "weak-tls": 'set tls: { minVersion: "TLSv1.3" }',
    hang: "pass send() a signal: AbortSignal.timeout(30_000)",
  },
};

export const emailjs: Client = {
  id: "emailjs",
  name: "emailjs",
  version: (surroundings) => nodeVersion("emailjs", surroundings),
  configurations: [
    {
      name: "tls",
      intent: "strict",
      transports: ["starttls"],
      command: (surroundings) => nodeDriver("node-emailjs.mjs", "tls", surroundings),
    },
    {
      name: "ssl",
      intent: "strict",
      transports: ["implicit"],
      command: (surroundings) => nodeDriver("node-emailjs.mjs", "ssl", surroundings),
    },
  ],
};

export function nodeDriver(
  name: string,
  mode: string,
  { directories }: Surroundings,
  options: readonly string[] = [],
): readonly string[] {
  const folders = directories.map((directory) => path.resolve(directory)).join(path.delimiter);
  return [process.execPath, ...options, driver(name), folders, mode, ...session, "{body}"];
}

/** The version of a library, from its package. */
export async function nodeVersion(name: string, { directories }: Surroundings): Promise<string | undefined> {
  const folders = directories.flatMap(
    (directory) => createRequire(path.resolve(directory, "driver.js")).resolve.paths(name) ?? [],
  );
  for (const folder of folders) {
    const manifest = await readFile(path.join(folder, name, "package.json"), "utf8").catch(() => "");
    const version = /"version": *"([^"]+)"/.exec(manifest)?.[1];
    if (version !== undefined) return version;
  }
  return undefined;
}
