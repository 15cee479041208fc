/** Makes an account of the settings of another program, by the table that says what each of them means. */
import type { DraftAccount, DraftValue } from "../../account/draft.ts";
import { CommandError } from "../../command-error.ts";
import { serverUrl } from "../../server-url.ts";
import { authorityOf } from "../authority.ts";
import { type Draft, type Finding, inOrder } from "../draft.ts";
import { loginOf } from "./login.ts";
import type { Dialect } from "./meaning.ts";
import { hostAndPort, pathOf, portOf, senderOf } from "./place.ts";
import { secured } from "./security.ts";
import type { Setting } from "./setting.ts";
import { sorted } from "./sorted.ts";

export interface Made {
  readonly account: DraftAccount;
  readonly findings: readonly Finding[];
}

/** Throws `CommandError` (`CLI_INPUT`) if they name no server. */
export function accountOf(settings: readonly Setting[], dialect: Dialect, name: string): Made {
  const found = sorted(settings, dialect);
  const findings = [...found.findings];
  const host = found.one("host");
  if (host === undefined)
    throw refusal(settings[0]?.line, "there is no host; write host and port as the provider gives them");
  if (host.value.text === "")
    throw refusal(host.line, `${host.label} comes from somewhere else; write the host here, and import again`);
  const place = hostAndPort(host.value.text);
  if (place === undefined) {
    const what = host.value.text.startsWith("/") ? "names a program or a socket, not a server" : "is not a host name";
    throw refusal(host.line, `${host.label} ${what}`);
  }
  const given = portOf(found.one("port"), findings) ?? place.port;
  const prefix = { security: "implicit", said: `${host.label}: ssl://`, line: host.line } as const;
  const votes = place.implicit ? [...found.votes, prefix] : found.votes;
  const { security, findings: about } = secured(votes, given, dialect, host.line);
  const login = loginOf(found, name, findings);
  const certificate = pathOf(found.one("client-certificate"), findings);
  // One file may hold both; a key that was refused is still missing.
  const key = pathOf(found.one("client-key") ?? found.one("client-certificate"), findings);
  const implicit = security === "implicit";
  const port = given ?? dialect.ports?.[security];
  const keys: readonly (readonly [string, DraftValue | undefined])[] = [
    ["server", serverUrl({ host: place.host, port, implicit, user: login.user })],
    ["from", senderOf(found.one("from"), findings)],
    ...login.keys,
    ["ca-only", authorityOf(pathOf(found.one("ca-only"), findings))],
    ["client-certificate", certificate],
    ["client-key", certificate === undefined ? undefined : key],
  ];
  const written = keys.flatMap(([name_, value]) => (value === undefined ? [] : [[name_, value] as const]));
  return { account: { name, keys: new Map(written), secret: login.secret }, findings: [...about, ...findings] };
}

/** One account, and what is said of its lines in their order. */
export function draftOf(settings: readonly Setting[], dialect: Dialect, name: string): Draft {
  const { account, findings } = accountOf(settings, dialect, name);
  return draft([account], findings, undefined);
}

export function draft(
  accounts: readonly DraftAccount[],
  findings: readonly Finding[],
  defaultAccount: string | undefined,
): Draft {
  return { accounts, defaultAccount, findings: inOrder(findings) };
}

function refusal(line: number | undefined, what: string): CommandError {
  return new CommandError("CLI_INPUT", `line ${line ?? 1}: ${what}`);
}
