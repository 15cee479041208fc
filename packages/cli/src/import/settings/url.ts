/** Takes the URL of a server apart into settings, whatever program wrote it. */
import { CommandError } from "../../command-error.ts";
import { providerNamed } from "../../setup/providers.ts";
import type { Security, SecuritySaid, TlsWords } from "./meaning.ts";
import type { Setting, Value } from "./setting.ts";
import { readUrlPart } from "./value.ts";

export interface UrlParts {
  readonly scheme: SecuritySaid;
  readonly host: string;
  readonly port: string;
  readonly user: Value;
  readonly password: Value;
  /** With the URL's line. */
  readonly options: readonly Setting[];
}

/** What the usual schemes say; a program can have its own. */
const SCHEMES: TlsWords = new Map([
  ["smtp", "as-usual"],
  ["smtps", "implicit"],
  ["submission", "starttls"],
  ["submissions", "implicit"],
  ["smtp+tls", "starttls"],
  ["smtp+starttls", "starttls"],
  ["smtp+ssl", "implicit"],
  ["ssmtp", "implicit"],
]);

/** Throws `CommandError` (`CLI_INPUT`), which never quotes the URL. */
export function urlParts(text: string, line: number, schemes: TlsWords = SCHEMES): UrlParts {
  if (!URL.canParse(text)) {
    throw refusal(line, "the URL is not valid; write an @, a / or a ? in a password as %40, %2F or %3F");
  }
  const url = new URL(text);
  const scheme = url.protocol.slice(0, -1);
  // Symfony: gmail+smtp://user:password@default.
  const provider = /^([a-z0-9]+)\+smtps?$/.exec(scheme)?.[1];
  const known = provider === undefined ? undefined : providerNamed(provider);
  const named = schemes.get(scheme) ?? SCHEMES.get(scheme);
  const security = known === undefined ? named : schemeOf(known.server);
  if (security === undefined)
    throw refusal(line, "the URL is not that of a submission server, so it cannot become an account");
  const isDefault = known !== undefined && /^(?:default)?$/.test(url.hostname);
  return {
    scheme: security,
    host: isDefault ? new URL(known.server).hostname : url.hostname,
    port: url.port === "" && scheme === "submission" ? "587" : url.port,
    user: partOf(url.username, line),
    password: partOf(url.password, line),
    options: [...url.searchParams].map(([name, value]) => ({ name, value: { text: value }, line })),
  };
}

function schemeOf(server: string): Security {
  return server.startsWith("submissions:") ? "implicit" : "starttls";
}

function partOf(encoded: string, line: number): Value {
  try {
    return readUrlPart(encoded);
  } catch {
    throw refusal(line, "a percent sign in the URL does not begin a UTF-8 octet; write %25 for the sign itself");
  }
}

function refusal(line: number, what: string): CommandError {
  return new CommandError("CLI_INPUT", `line ${line}: ${what}`);
}
