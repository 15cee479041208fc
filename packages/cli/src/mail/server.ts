/** Finds the server and the user: from --server or POSTSEAL_URL. */
import type { Arguments } from "../arguments.ts";
import { CommandError } from "../command-error.ts";
import { urlFaultOf } from "../server-url.ts";
import { hasPassword } from "../url-password.ts";

export interface ServerChoice {
  /** Without its password, which only the library gets, as a secret. */
  readonly url: string | URL;
  readonly username: string | undefined;
  /** Only from POSTSEAL_URL. */
  readonly password: string | undefined;
}

/** Throws `CommandError`, which never quotes the URL. The library judges whether it is the URL of a server. */
export function serverOf(given: Arguments<"server">, environment: NodeJS.ProcessEnv): ServerChoice {
  const written = given.one("server");
  const text = written ?? environment["POSTSEAL_URL"] ?? "";
  if (written === "") throw new CommandError("CLI_USAGE", "--server is empty. Is a variable in it unset?");
  if (text === "") {
    throw new CommandError(
      "CLI_USAGE",
      "there is no server: give --server submission://USER@HOST, or set POSTSEAL_URL",
    );
  }
  if (written !== undefined && hasPassword(text)) {
    throw new CommandError(
      "CLI_USAGE",
      "a password in --server shows in the process list and in the shell's history: write the URL without it and give " +
        "--password-file FILE or --password-env NAME, or set the whole URL as POSTSEAL_URL. Treat that password as known, and change it",
    );
  }
  const fault = urlFaultOf(text);
  if (fault !== undefined) {
    throw new CommandError(
      written === undefined ? "CLI_CONFIGURATION" : "CLI_USAGE",
      `${written === undefined ? "POSTSEAL_URL" : "--server"} holds ${fault}. No connection was made`,
    );
  }
  if (!URL.canParse(text)) return { url: text, username: undefined, password: undefined };
  const url = new URL(text);
  const username = decoded(url.username);
  const password = decoded(url.password);
  // A password that does not decode stays in the URL, so that the library refuses it.
  if (password !== undefined) url.password = "";
  return { url, username, password };
}

function decoded(text: string): string | undefined {
  try {
    return text === "" ? undefined : decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
