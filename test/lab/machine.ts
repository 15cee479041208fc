/** Which clients of the catalogue this machine has, as subjects for the lab. */
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type Client, clients, type Configuration, type Subject, type Surroundings } from "@postseal/lab";

const CONDITION = "--conditions=@postseal/source";
const cli = path.dirname(fileURLToPath(import.meta.resolve("postseal/package.json")));
/** The sources where the tests run from sources, and what is published where they run compiled. */
const postseal = process.execArgv.includes(CONDITION)
  ? [CONDITION, path.join(cli, "src/main.ts")]
  : [path.join(cli, "bin/postseal.js")];

export const surroundings: Surroundings = {
  postseal: [process.execPath, ...postseal],
  directories: [process.cwd()],
};

export interface Found {
  readonly client: Client;
  readonly version: string;
}

export async function findClients(): Promise<readonly Found[]> {
  const found = await Promise.all(
    clients.map(async (client) => ({ client, version: await client.version(surroundings) })),
  );
  return found.flatMap(({ client, version }) => (version === undefined ? [] : [{ client, version }]));
}

export function subjectOf({ client, version }: Found, configuration: Configuration): Subject {
  return {
    id: client.id,
    title: `${client.name} ${version}`,
    configuration: configuration.name,
    command: configuration.command(surroundings),
    transports: configuration.transports,
  };
}
