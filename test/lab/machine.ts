/** The catalogue's clients on this machine, as subjects for the lab. */
import { type Client, clients, type Configuration, type Subject, type Surroundings } from "@postseal/lab";
import { command } from "../cli/command.ts";

/** Where scripts/install-interop.sh unpacks Exim, whose package conflicts with Postfix's. */
process.env["PATH"] = `${process.env["PATH"] ?? ""}:/var/cache/postseal-interop/exim/usr/sbin`;

export const surroundings: Surroundings = {
  postseal: [process.execPath, ...command],
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
