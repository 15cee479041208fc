/** Which server: from an option, found for the address, or typed; and who logs in there. */
import { CommandError } from "../command-error.ts";
import { isHost, serverUrl, urlFaultOf } from "../server-url.ts";
import { textFaultOf } from "../text-fault.ts";
import { hasPassword } from "../url-password.ts";
import type { Dialogue } from "./dialogue.ts";
import { discover, type Found } from "./discovery.ts";
import { missing, type Questions, untilValid } from "./questions.ts";

export interface ServerAnswer {
  /** URLs without a user, to be tried in this order: a name alone does not say how TLS begins. */
  readonly servers: readonly [string, ...string[]];
  /** `undefined`: no login. */
  readonly user: string | undefined;
  /** Whether somebody said that there is no login, so that an offer of AUTH is no surprise. */
  readonly isSure: boolean;
}

/** In milliseconds, for all of discovery. */
const DISCOVERY = 8_000;
/** What is typed for no user. */
const NOBODY = "-";

export async function serverOf(questions: Questions, address: string): Promise<ServerAnswer> {
  const { given, dialogue } = questions;
  const [written, username] = [given.one("server"), given.one("username")];
  if (written !== undefined) {
    if (hasPassword(written)) {
      throw new CommandError(
        "CLI_USAGE",
        "a password in --server shows in the process list and in the shell's history: write the URL without it, and give --password-command or --password-file. Treat that password as known, and change it",
      );
    }
    return answerOf(written, username);
  }
  if (dialogue === undefined)
    throw missing(
      "server",
      "submission://USER@HOST or submissions://USER@HOST: a server that is looked up has to be confirmed on a terminal",
    );
  const found = await foundServer(questions, address, dialogue);
  const answer = found === undefined ? await typedServer(dialogue) : answerOf(found.server, undefined);
  if (answer.user !== undefined) return answer;
  const named = await userOf(questions, found?.username ?? address);
  // Typed without knowing what the server offers; if it offers a login, that is said, and the question comes again.
  return { ...answer, ...named, isSure: named.isSure && username !== undefined };
}

/** Asks again, after a login was refused or offered. */
export async function userOf(
  { given, dialogue }: Pick<Questions, "given" | "dialogue">,
  usual: string,
): Promise<Pick<ServerAnswer, "user" | "isSure">> {
  const question = `User name ("${NOBODY}" for a relay without a login)`;
  const named = given.one("username");
  if (named !== undefined || dialogue === undefined) return userNamed(named);
  return untilValid(dialogue, () => dialogue.ask(question, usual), userNamed);
}

function userNamed(written: string | undefined): Pick<ServerAnswer, "user" | "isSure"> {
  const fault = textFaultOf(written ?? "");
  if (fault !== undefined) throw holds("the username", fault);
  return { user: written === NOBODY ? undefined : written, isSure: written === NOBODY };
}

function typedServer(dialogue: Dialogue): Promise<ServerAnswer> {
  const question =
    "Server (submission://HOST for STARTTLS, submissions://HOST for TLS from the start, or HOST alone to try both)";
  return untilValid(
    dialogue,
    () => dialogue.ask(question),
    (typed) => {
      if (!hasPassword(typed)) return answerOf(typed, undefined);
      throw new CommandError(
        "CLI_USAGE",
        "there is a password in the URL, and now on the screen: change it, and write the URL without it",
      );
    },
  );
}

/** Throws `CommandError` if it is neither a URL of a server nor a name. */
function answerOf(written: string, username: string | undefined): ServerAnswer {
  const fault = urlFaultOf(written) ?? textFaultOf(username ?? "");
  if (fault !== undefined) throw holds("the server's URL or the username", fault);
  if (!written.includes("://")) return { servers: bothWays(written), ...userNamed(username) };
  if (!URL.canParse(written) || !/^submissions?:$/.test(new URL(written).protocol)) throw noServer();
  const url = new URL(written);
  if (url.username === "") return { servers: [written], ...userNamed(username) };
  if (username !== undefined)
    throw new CommandError("CLI_USAGE", "the server's URL names the user already: leave --username out");
  const user = decoded(url.username);
  url.username = "";
  return { servers: [url.href], user, isSure: false };
}

/** `HOST` or `HOST:PORT`. TLS from the start comes first (RFC 8314 section 3.3); both ways prove the server alike. */
function bothWays(written: string): ServerAnswer["servers"] {
  const [, host = "", digits] = /^(\[[^\]\s]+\]|[^:\s]+)(?::(\d{1,5}))?$/.exec(written) ?? [];
  const port = digits === undefined ? undefined : Number(digits);
  if (!isHost(host) || port === 0 || (port ?? 0) > 65_535) throw noServer();
  const way = (implicit: boolean): string => serverUrl({ host, port, implicit, user: undefined });
  const [first, second] = [way(true), way(false)];
  return first === second ? [first] : [first, second];
}

function noServer(): CommandError {
  return new CommandError(
    "CLI_USAGE",
    "this is not a server: write submission://HOST (STARTTLS, port 587), submissions://HOST (TLS from the start, port 465), or only HOST or HOST:PORT",
  );
}

function holds(what: string, fault: string): CommandError {
  return new CommandError("CLI_USAGE", `${what} holds ${fault}. No connection was made`);
}

/** A user that does not decode stays as it is: the library refuses the URL. */
function decoded(user: string): string {
  try {
    return decodeURIComponent(user);
  } catch {
    return user;
  }
}

/** With the user, as it is written into the configuration. */
export function withUser(server: string, user: string | undefined): string {
  if (user === undefined) return server;
  const url = new URL(server);
  url.username = encodeURIComponent(user);
  return url.href;
}

async function foundServer({ sources }: Questions, address: string, dialogue: Dialogue): Promise<Found | undefined> {
  const domain = address.slice(address.lastIndexOf("@") + 1);
  dialogue.say(`Looking for the server of ${domain} …`);
  const found = await discover(address, sources, AbortSignal.timeout(DISCOVERY));
  if (found === undefined) {
    dialogue.say("Nothing was found. Look for SMTP or outgoing mail in your provider's help pages.");
    return undefined;
  }
  dialogue.say(`Found ${found.server} in ${found.source}.`);
  if (found.note !== undefined) dialogue.say(`Note: ${found.note}.`);
  if (!found.isOwn) {
    dialogue.say(
      `${found.host} is not part of ${domain}. That is normal with many providers, but an attacker who changed the answer on its way would look the same. ` +
        "Compare it with what your provider says: this server gets your password.",
    );
  }
  return (await dialogue.confirm("Is this your server?")) ? found : undefined;
}
