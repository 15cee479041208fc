/** Libraries for Node, from where the user's own project has them. */
import path from "node:path";
import type { Client, Surroundings } from "./client.ts";
import { driver, session, versionFrom } from "./program.ts";

export const nodemailer: Client = {
  id: "nodemailer",
  name: "Nodemailer",
  version: (surroundings) => nodeVersion("node-nodemailer.mjs", surroundings),
  configurations: [
    {
      name: "default",
      intent: "default",
      transports: ["starttls", "implicit"],
      command: (surroundings) => nodeDriver("node-nodemailer.mjs", "default", surroundings),
    },
    {
      name: "requireTLS",
      intent: "strict",
      transports: ["starttls"],
      command: (surroundings) => nodeDriver("node-nodemailer.mjs", "requireTLS", surroundings),
    },
  ],
};

export const upyo: Client = {
  id: "upyo",
  name: "@upyo/smtp",
  version: (surroundings) => nodeVersion("node-upyo.mjs", surroundings),
  configurations: [
    {
      name: "default",
      intent: "default",
      transports: ["starttls", "implicit"],
      command: (surroundings) => nodeDriver("node-upyo.mjs", "default", surroundings),
    },
  ],
};

export const emailjs: Client = {
  id: "emailjs",
  name: "emailjs",
  version: (surroundings) => nodeVersion("node-emailjs.mjs", surroundings),
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
  surroundings: Surroundings,
  options: readonly string[] = [],
): readonly string[] {
  return [process.execPath, ...options, driver(name), directoriesOf(surroundings), mode, ...session, "{body}"];
}

export function nodeVersion(name: string, surroundings: Surroundings): Promise<string | undefined> {
  return versionFrom([process.execPath, driver(name), directoriesOf(surroundings), "--version"]);
}

function directoriesOf({ directories }: Surroundings): string {
  return directories.join(path.delimiter);
}
