/** Makes a mailer from an account. It neither connects nor fetches a secret before there is something to send. */
import type {
  Credentials,
  CredentialsSource,
  Mailer,
  MailerOptions,
  ServerOptions,
  TlsOptions,
} from "@postseal/mailer";
import type { Account, AccountKey } from "./account.ts";
import type { Unwritten } from "./draft.ts";
import { textOfNamed } from "./named-file.ts";
import { ConfigurationError, type Problem } from "./problem.ts";
import { fetchSecret, programSecondsOf } from "./secret.ts";

/**
 * `asked`: demands on top of the account's. `unwritten`: what is not yet stored where the account says. Throws
 * `ConfigurationError`.
 */
export async function mailerOfAccount(
  account: Account,
  environment: NodeJS.ProcessEnv,
  asked: MailerOptions = {},
  unwritten: Unwritten = {},
): Promise<Mailer> {
  const { server, options } = await mailerOptionsOf(account, environment, asked, unwritten);
  const { createMailer, InputError } = await import("@postseal/mailer");
  try {
    return createMailer(server, options);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new ConfigurationError(problemOf(account, error.field, error.message), [], error);
  }
}

/** The same as `createMailer` takes it, not judged yet. */
export async function mailerOptionsOf(
  account: Account,
  environment: NodeJS.ProcessEnv,
  asked: MailerOptions = {},
  unwritten: Unwritten = {},
): Promise<{ readonly server: string | ServerOptions; readonly options: MailerOptions }> {
  const tls = await tlsOptionsOf(account, asked.tls);
  const credentials = await credentialsOf(account, environment, unwritten);
  return {
    server: "url" in account.server ? account.server.url : account.server,
    options: {
      ...asked,
      tls,
      auth: authOf(account, asked.auth),
      timeouts: timeoutsOf(account, asked.timeouts),
      ...(credentials === undefined ? {} : { credentials }),
    },
  };
}

function authOf({ mechanism, minimum }: Account, asked: MailerOptions["auth"]): NonNullable<MailerOptions["auth"]> {
  // The stronger of the two, since scram-plus includes scram.
  const stronger = [minimum, asked?.minimum].includes("scram-plus") ? "scram-plus" : (minimum ?? asked?.minimum);
  return {
    ...(mechanism === undefined ? {} : { mechanism }),
    ...(stronger === undefined ? {} : { minimum: stronger }),
  };
}

/** How long it takes at most to get a token: to wait for another process that renews it, then to ask the issuer. */
const TOKEN_SECONDS = 25;

/** The mailer waits longer than the program may run, so that the error is ours, and names the key of the account. */
function timeoutsOf(account: Account, asked: MailerOptions["timeouts"]): NonNullable<MailerOptions["timeouts"]> {
  const seconds = programSecondsOf(account);
  const more = account.oauth === undefined ? 5 : TOKEN_SECONDS + 5;
  return seconds === undefined ? { ...asked } : { ...asked, auth: (seconds + more) * 1_000 };
}

async function credentialsOf(
  account: Account,
  environment: NodeJS.ProcessEnv,
  unwritten: Unwritten,
): Promise<CredentialsSource | undefined> {
  const { username, secret, oauth, mechanism } = account;
  if (mechanism === "EXTERNAL")
    return username === undefined ? { external: true } : { external: true, authorizationId: username };
  if (oauth !== undefined && username !== undefined) {
    // Late, since most accounts have a password.
    const { credentialsByOauth } = await import("../oauth/credentials.ts");
    return credentialsByOauth({ ...account, oauth, username }, { environment, ...unwritten });
  }
  if (secret === undefined || username === undefined) return undefined;
  return async ({ signal }): Promise<Credentials> => {
    const fetched = unwritten.secret ?? (await fetchSecret(account, secret, { environment, signal }));
    return secret.use === "token" ? { username, accessToken: fetched } : { username, password: fetched };
  };
}

async function tlsOptionsOf(account: Account, asked: TlsOptions = {}): Promise<TlsOptions> {
  const { ca, caOnly, pins, trustPins, minVersion, requirePostQuantum, clientCertificate } = account.tls;
  const [added, only, cert, key] = await Promise.all([
    fileOf(account, "ca", ca),
    fileOf(account, "ca-only", caOnly),
    fileOf(account, "client-certificate", clientCertificate?.cert),
    fileOf(account, "client-key", clientCertificate?.key),
  ]);
  const oldest = asked.minVersion === "TLSv1.3" ? "TLSv1.3" : (minVersion ?? asked.minVersion);
  return {
    ...(oldest === undefined ? {} : { minVersion: oldest }),
    ...(requirePostQuantum || asked.postQuantum === "require" ? { postQuantum: "require" } : {}),
    ...(added === undefined ? {} : { ca: { add: added } }),
    ...(only === undefined ? {} : { ca: { only } }),
    ...(pins === undefined ? {} : { pins }),
    ...(trustPins === undefined ? {} : { trust: { pins: trustPins } }),
    ...(cert === undefined || key === undefined ? {} : { clientCertificate: { cert, key } }),
  };
}

async function fileOf(account: Account, key: AccountKey, path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const { file } = account;
  return textOfNamed({ file, line: account.lineOf(key), key, path, remedy: REMEDIES[key] ?? REMEDY });
}

/** The library's errors name the library's options; these are the names in the file. */
const KEYS: readonly (readonly [field: RegExp, key: AccountKey])[] = [
  [/^server\.host/, "host"],
  [/^server\.port/, "port"],
  [/^server\.transport/, "transport"],
  [/^server/, "server"],
  [/^tls\.ca\.only/, "ca-only"],
  [/^tls\.ca/, "ca"],
  [/^tls\.pins/, "pins"],
  [/^tls\.trust/, "trust-pins"],
  [/^tls\.clientCertificate/, "client-certificate"],
  [/^tls\.minVersion/, "min-tls"],
  [/^auth\.minimum/, "minimum"],
  [/^auth\.mechanism/, "mechanism"],
];

const REMEDY = "Correct it, or leave it out";
const REMEDIES: Readonly<Partial<Record<AccountKey, string>>> = {
  host: "Write the name of the server, as its certificate has it",
  port: "587 is for STARTTLS, 465 for TLS from the start",
  server: 'Write server = "submission://USER@HOST" or "submissions://USER@HOST"',
  ca: "Give a file of certificates in PEM",
  "ca-only": "Give a file of certificates in PEM",
  pins: "postseal verify prints the pin of a server",
  "trust-pins": "postseal verify prints the pin of a server",
  "client-certificate": "Give the certificate and its key, both in PEM",
  "client-key": "Give the certificate and its key, both in PEM",
};

function problemOf(account: Account, field: string, message: string): Problem {
  const [, key] = KEYS.find(([pattern]) => pattern.test(field)) ?? [/^/, "server" as const];
  // If a URL names the port, there is no key for it.
  const written =
    account.lineOf(key) === undefined || ("url" in account.server && /^(host|port|transport)$/.test(key))
      ? "server"
      : key;
  const said = message.startsWith(`${field}: `) ? message.slice(field.length + 2) : message;
  return {
    file: account.file,
    line: account.lineOf(written),
    what: `${written}: ${said.replace(/\.$/, "")}`,
    remedy: REMEDIES[written] ?? REMEDY,
  };
}
