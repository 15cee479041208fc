/** Finds the credentials. Secrets come from files and variables, never from the command line. */
import type { Credentials, CredentialsSource } from "@postseal/mailer";
import type { Arguments } from "../arguments.ts";
import { CommandError } from "../command-error.ts";
import { lookAtGivenFile, readGivenFile } from "../given-file.ts";
import type { LoginOption, TlsOption } from "./options.ts";
import { mechanismNamed } from "../mechanism.ts";
import { secretInVariable } from "../secret-variable.ts";
import type { ServerChoice } from "./server.ts";

export interface CredentialsContext {
  readonly environment: NodeJS.ProcessEnv;
  readonly warn: (message: string) => void;
}

/**
 * `undefined`: no login, as for a relay. A file is checked now, and read only when the library asks for it, after the server
 * has proved who it is. Throws `CommandError`.
 */
export async function credentialsOf(
  given: Arguments<LoginOption | TlsOption>,
  { username, password }: ServerChoice,
  { environment, warn }: CredentialsContext,
): Promise<CredentialsSource | undefined> {
  const option = given.oneOf("password-file", "password-env", "token-file", "token-env");
  if (mechanismNamed(given.one("mechanism") ?? "") === "EXTERNAL") return external(given, option, username);
  if (option === undefined) {
    if (username !== undefined && password !== undefined) return { username, password };
    if (username === undefined && password === undefined) return undefined;
  }
  if (username === undefined) {
    throw new CommandError("CLI_USAGE", "there is a password or token, but no user: write submission://USER@HOST");
  }
  if (option === undefined) {
    throw new CommandError(
      "CLI_USAGE",
      "the URL names a user, but there is no password: give --password-file FILE, --password-env NAME, --token-file FILE " +
        "or --token-env NAME; for a relay that takes no login, leave the user out",
    );
  }
  const place = given.one(option) ?? "";
  const isToken = option.startsWith("token");
  const credentials = (secret: string): Credentials =>
    isToken ? { username, accessToken: secret } : { username, password: secret };
  if (option === "password-env" || option === "token-env") return credentials(variable(place, option, environment));
  await lookAt(place, option, warn);
  return async () => credentials(await firstLine(place, option));
}

function external(
  given: Arguments<LoginOption | TlsOption>,
  option: string | undefined,
  username: string | undefined,
): Credentials {
  if (option !== undefined || !given.has("client-cert")) {
    throw new CommandError(
      "CLI_USAGE",
      "--mechanism EXTERNAL needs --client-cert and --client-key, and takes no password or token",
    );
  }
  return username === undefined ? { external: true } : { external: true, authorizationId: username };
}

function variable(name: string, option: string, environment: NodeJS.ProcessEnv): string {
  const value = environment[name];
  if (value === undefined || value === "") {
    throw new CommandError(
      "CLI_CONFIGURATION",
      `--${option}: the environment variable is not set or not exported, or is empty`,
    );
  }
  const read = secretInVariable(value);
  if ("secret" in read) return read.secret;
  throw new CommandError("CLI_CONFIGURATION", `--${option}: the variable holds ${read.fault}. No connection was made`);
}

async function lookAt(path: string, option: string, warn: (message: string) => void): Promise<void> {
  const exposure = await lookAtGivenFile(path, option);
  if (exposure === undefined) return;
  const remedy = exposure.isOwn ? `chmod 600 ${path}` : "its owner, root, can change that";
  warn(`other users of this machine can read ${path}: ${remedy}`);
}

async function firstLine(path: string, option: string): Promise<string> {
  const octets = await readGivenFile(path, option);
  const [line = ""] = decodeText(octets, option).split(/\r?\n/, 1);
  if (line === "") throw new CommandError("CLI_CONFIGURATION", `--${option}: the first line of ${path} is empty`);
  return line;
}

/** Drops a byte order mark, which some editors write and no password has. */
function decodeText(octets: Uint8Array, option: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(octets);
  } catch {
    throw new CommandError("CLI_CONFIGURATION", `--${option}: the file is not UTF-8 text`);
  }
}
