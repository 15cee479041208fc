/** `postseal lab matrix`: tries every client of the catalogue that is installed here, in each of its configurations. */
import { fileURLToPath } from "node:url";
import { type Client, clients, type Subject, type Surroundings } from "@postseal/lab";
import type { Arguments } from "../arguments.ts";
import { CommandError } from "../command-error.ts";
import { nearest } from "@postseal/mailer/nearest";
import { runTrials } from "./trials.ts";
import { type MatrixOption, labOptions } from "./options.ts";
import { type Subcommand, subcommand } from "../subcommand.ts";

export const matrix: Subcommand = subcommand({
  options: labOptions.matrix,
  run: runMatrix,
});

async function runMatrix(given: Arguments<MatrixOption>): Promise<number> {
  const wanted = given.all("client");
  for (const id of wanted) checkClient(id);
  const chosen = wanted.length === 0 ? clients : clients.filter(({ id }) => wanted.includes(id));
  const surroundings = surroundingsOf();
  const found = await Promise.all(
    chosen.map(async (client) => ({ client, version: await client.version(surroundings) })),
  );
  const absent = found.filter(({ version }) => version === undefined).map(({ client: { id, name } }) => ({ id, name }));
  const subjects = found.flatMap(({ client, version }) =>
    version === undefined ? [] : subjectsOf(client, version, surroundings),
  );
  if (subjects.length === 0) {
    const names = absent.map(({ name }) => name).join(", ");
    throw new CommandError("CLI_CONFIGURATION", `none of these is installed here: ${names}`);
  }
  return runTrials(given, { subjects, absent, transports: ["starttls", "implicit"] });
}

function subjectsOf(client: Client, version: string, surroundings: Surroundings): readonly Subject[] {
  return client.configurations.map((configuration) => ({
    id: client.id,
    title: `${client.name} ${version}`.trim(),
    configuration: configuration.name,
    command: configuration.command(surroundings),
    transports: configuration.transports,
    remedies: { ...client.remedies, ...configuration.remedies },
  }));
}

/** How this command was started, and where this project's and the user's libraries are. */
function surroundingsOf(): Surroundings {
  const [, script = ""] = process.argv;
  return {
    postseal: [process.execPath, ...process.execArgv, script],
    directories: [process.cwd(), fileURLToPath(new URL(".", import.meta.url))],
  };
}

function checkClient(id: string): void {
  const ids = clients.map((client) => client.id);
  if (ids.includes(id)) return;
  const close = nearest(id, ids);
  throw new CommandError(
    "CLI_USAGE",
    `--client: the catalogue has no such client; ${close === undefined ? `it has ${ids.join(", ")}` : `did you mean ${close}?`}`,
  );
}
