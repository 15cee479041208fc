/** Turns Nodemailer's options into an account. */
import { secretFileOf } from "../account/secret-file.ts";
import { CommandError } from "../command-error.ts";
import { providerNamed } from "../setup/providers.ts";
import type { DraftValue } from "../account/draft.ts";
import { type Draft, type Finding, inOrder } from "./draft.ts";
import { judgeNodemailerOption } from "./nodemailer-judge.ts";
import type { Option, Options } from "./nodemailer-options.ts";
import { fromVariable } from "./settings/login.ts";
import { isHost, serverUrl } from "../server-url.ts";

/** Throws `CommandError` (`CLI_INPUT`) if the options name no server. */
export function importNodemailer(options: Options, name: string): Draft {
  const text = (path: string): string | undefined => {
    const value = options.get(path)?.value;
    if (typeof value !== "string" || value === "") return undefined;
    // Further words may be a password that was pasted there.
    return path === "auth.user" && /\s/.test(value) ? undefined : value;
  };
  const findings: Finding[] = [];
  const server = serverOf(options, text, findings);
  findings.push(...[...options].flatMap(([path, option]) => judgeNodemailerOption(path, option) ?? []));
  const isToken = /^oauth2$/i.test(text("auth.type") ?? "") || options.has("auth.accesstoken");
  const use = isToken ? "token" : "password";
  const variable = options.get("auth.pass")?.variable;
  if (variable !== undefined) findings.push(fromVariable("auth.pass", options.get("auth.pass")?.line ?? 1));
  const reference: readonly [string, DraftValue] =
    variable === undefined ? [`${use}-file`, secretFileOf(name)] : [`${use}-env`, variable];
  const login: (readonly [string, DraftValue])[] = text("auth.user") === undefined ? [] : [reference];
  const from = /<([^<>]+)>\s*$/.exec(text("from") ?? "")?.[1] ?? text("from");
  const keys: (readonly [string, DraftValue])[] = [
    ["server", server],
    ...(from === undefined || !/^[^\s<>,@]+@[^\s<>,@]+$/.test(from) ? [] : [["from", [from]] as const]),
    ...login,
    ...(text("tls.minversion") === "TLSv1.3" ? [["min-tls", "1.3"] as const] : []),
  ];
  const secret =
    text("auth.user") === undefined || variable !== undefined
      ? undefined
      : (text("auth.pass") ?? (isToken ? text("auth.accesstoken") : undefined));
  return {
    accounts: [{ name, keys: new Map(keys), secret }],
    defaultAccount: undefined,
    findings: inOrder(findings),
  };
}

function serverOf(options: Options, text: (path: string) => string | undefined, findings: Finding[]): string {
  const user = text("auth.user");
  const service = options.get("service");
  const provider = providerNamed(text("service") ?? "");
  if (provider !== undefined) {
    const url = new URL(provider.server);
    if (url.protocol === "submission:") findings.push(...strippable(options, service));
    return serverUrl({ host: url.hostname, port: undefined, implicit: url.protocol === "submissions:", user });
  }
  const other = (["sendmail", "streamtransport", "jsontransport", "ses", "direct", "lmtp"] as const).find((path) =>
    options.has(path),
  );
  if (other !== undefined) {
    throw new CommandError(
      "CLI_INPUT",
      `line ${options.get(other)?.line}: ${options.get(other)?.name} is not a submission server, so it cannot become an account`,
    );
  }
  const host = text("host");
  if (host === undefined) {
    const why = service === undefined ? "there is no host" : "this service is not known here";
    throw new CommandError(
      "CLI_INPUT",
      `line ${service?.line ?? 1}: ${why}; write host and port as the provider gives them`,
    );
  }
  // defence: host-is-a-host
  if (!isHost(host)) {
    throw new CommandError(
      "CLI_INPUT",
      `line ${options.get("host")?.line ?? 1}: host is not a host name; put a whole URL into a file of its own, without JSON around it`,
    );
  }
  const secure = options.get("secure")?.value === true;
  const port = portOf(options.get("port"));
  if (!secure) findings.push(...strippable(options, options.get("secure") ?? options.get("host")));
  if (secure && (port === 587 || port === 25)) {
    const what = `secure on port ${port}, which does not begin with TLS: it cannot work, and invites switching TLS off`;
    findings.push({
      line: options.get("secure")?.line,
      kind: "unsafe",
      what,
      now: "submission:// begins in the clear and is upgraded, or nothing is sent",
    });
  }
  return serverUrl({ host, port, implicit: secure, user });
}

/** The fault of most Nodemailer settings: STARTTLS is used only if it is offered, and an attacker in between removes the offer. */
function strippable(options: Options, at: Option | undefined): readonly Finding[] {
  if (options.get("port")?.value === 465 || options.get("requiretls")?.value === true) return [];
  const said =
    options.get("secure")?.value === false ? "secure: false without requireTLS" : "neither secure nor requireTLS";
  return [
    {
      line: at?.line,
      kind: "unsafe",
      what: `${said}: if STARTTLS is removed from the server's answer, password and mail go in the clear`,
      now: "Without STARTTLS, nothing but EHLO is sent",
    },
  ];
}

function portOf(option: Option | undefined): number | undefined {
  const port = Number(option?.value);
  return Number.isInteger(port) && port > 0 && port < 65_536 ? port : undefined;
}
