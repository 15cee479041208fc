/** Postseal itself, judged by the same rules. */
import type { Client } from "./client.ts";
import { nodeDriver, nodeVersion } from "./node.ts";
import { versionFrom, words } from "./program.ts";

const send = words(`
  send --server {scheme}://{username}@{host}:{port} --password-env POSTSEAL_LAB_PASSWORD
  --from {from} --to {to} --message {message} --timeout 5
`);

export const postseal: Client = {
  id: "postseal",
  name: "Postseal",
  version: ({ postseal: command }) => versionFrom([...command, "--version"]),
  configurations: [
    {
      name: "send",
      intent: "default",
      transports: ["starttls", "implicit"],
      command: ({ postseal: command }) => ["env", "POSTSEAL_LAB_PASSWORD={password}", ...command, ...send],
    },
  ],
};

/** If this process runs from sources, so does the Postseal that is attacked. */
const conditions = process.execArgv.filter((argument) => argument.startsWith("--conditions"));

export const postsealMailer: Client = {
  id: "postseal-mailer",
  name: "@postseal/mailer",
  version: (surroundings) => nodeVersion("@postseal/mailer", surroundings),
  configurations: [
    {
      name: "createMailer",
      intent: "default",
      transports: ["starttls", "implicit"],
      command: (surroundings) => nodeDriver("node-postseal.mjs", "default", surroundings, conditions),
    },
  ],
};
