/** Finds the file of the outbox, and refuses one that another user could have put there: what is in it is sent in this user's name. */
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { homeFolder } from "../home.ts";
import { configurationPaths, readConfiguration } from "../account/configuration-file.ts";
import type { Configuration } from "../account/configuration.ts";
import type { Arguments } from "../arguments.ts";
import { CommandError } from "../command-error.ts";
import { systemCode } from "../system-code.ts";
import { placeOf, UntrustedPathError } from "../trusted-path.ts";
import type { PlaceOption } from "./options.ts";

/** The file of an outbox that exists. Throws `CommandError`. */
export async function existingOutbox(given: Arguments<PlaceOption>): Promise<string> {
  const named = given.one("outbox");
  const configuration =
    named === undefined ? await readConfiguration(configurationPaths(process.env)) : { outbox: undefined };
  const file = outboxFile(named, configuration, process.env);
  if (await isThere(file)) return file;
  throw new CommandError(
    "CLI_CONFIGURATION",
    `there is no outbox at ${file}: postseal outbox enqueue makes one. If it is elsewhere, give --outbox FILE, or set outbox in config.toml`,
  );
}

/** The file of an outbox that will be made if it does not exist. Its folder is made only if nobody named the file. Throws `CommandError`. */
export async function outboxToBe(
  named: string | undefined,
  configuration: Pick<Configuration, "outbox">,
): Promise<string> {
  const file = outboxFile(named, configuration, process.env);
  const folder = path.dirname(file);
  if (named === undefined && configuration.outbox === undefined)
    await mkdir(folder, { recursive: true, mode: 0o700 }).catch((cause: unknown) => {
      throw refusal(file, `its folder cannot be made${systemCode(cause)}`, cause);
    });
  if (await isThere(file)) return file;
  await trusted(file, folder);
  return file;
}

/** `$XDG_STATE_HOME/postseal/outbox.db` by default; a relative XDG_STATE_HOME is ignored, as its specification says. */
function outboxFile(
  named: string | undefined,
  { outbox }: Pick<Configuration, "outbox">,
  environment: NodeJS.ProcessEnv,
): string {
  if (named === "") throw new CommandError("CLI_USAGE", "--outbox needs the path of a file");
  if (named !== undefined) return path.resolve(named);
  const base = environment["XDG_STATE_HOME"] ?? "";
  const state = path.isAbsolute(base) ? base : path.join(homeFolder(), ".local/state");
  return outbox ?? path.join(state, "postseal/outbox.db");
}

/** Whether there is such a file, which nobody else can change. */
async function isThere(file: string): Promise<boolean> {
  try {
    // defence: outbox-of-ones-own
    await placeOf(file);
    return true;
  } catch (error) {
    if (systemCode(error) === " (ENOENT)") return false;
    throw refusalOf(file, error);
  }
}

async function trusted(file: string, folder: string): Promise<void> {
  try {
    // defence: folder-of-ones-own
    await placeOf(folder);
  } catch (error) {
    if (systemCode(error) === " (ENOENT)")
      throw refusal(file, `there is no folder ${folder}; make it first: mkdir -p -m 700 ${folder}`, error);
    throw refusalOf(file, error);
  }
}

function refusalOf(file: string, error: unknown): CommandError {
  const why =
    error instanceof UntrustedPathError
      ? `what is in it would be sent in your name, but ${error.message}`
      : `it cannot be opened${systemCode(error)}`;
  return refusal(file, why, error);
}

function refusal(file: string, why: string, cause: unknown): CommandError {
  return new CommandError("CLI_CONFIGURATION", `the outbox ${file}: ${why}`, cause);
}
