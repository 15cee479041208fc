/** Turns an msmtprc into accounts that do what msmtp would have done, sealed. */
import { secretFileOf } from "../account/secret-file.ts";
import { mechanismNamed } from "../mechanism.ts";
import type { DraftAccount, DraftValue } from "../account/draft.ts";
import type { Draft, Finding } from "./draft.ts";
import { judgeMsmtpLine } from "./msmtprc-judge.ts";
import { mayHoldSecret } from "./secret-in-line.ts";
import { type MsmtpAccount, type Msmtprc, readMsmtprc, type Setting } from "./msmtprc-lines.ts";
import { isHost, serverUrl } from "../server-url.ts";

/** Bundles of the public authorities, which are trusted anyway. */
const SYSTEM_BUNDLE =
  /^(?:system|\/etc\/(?:ssl|pki)\/(?:\S*\/)?(?:ca-certificates\.crt|ca-bundle\.(?:crt|pem)|tls-ca-bundle\.pem|cert\.pem))$/;

const PORTS: ReadonlyMap<string, number> = new Map([
  ["smtp", 25],
  ["submission", 587],
  ["smtps", 465],
  ["submissions", 465],
]);

export function importMsmtprc(text: string): Draft {
  const read: Msmtprc = readMsmtprc(text);
  const findings = new Map<string, Finding>();
  // A setting of `defaults` is reported once, not for each account.
  const find = (finding: Finding): void => void findings.set(`${finding.line} ${finding.what}`, finding);
  for (const { command, line } of read.odd) {
    find(
      command === "eval"
        ? {
            line,
            kind: "unsafe",
            what: "eval runs a program each time the file is read",
            now: "It was not run: if it makes settings, write them into the account",
          }
        : {
            line,
            kind: "left-out",
            what: "this account inherits settings from one that does not exist",
            now: "What it would have inherited is missing: check it",
          },
    );
  }
  const accounts = read.accounts.flatMap((account) => draftOf(account, find) ?? []);
  const isThere = accounts.some(({ name }) => name === read.defaultAccount);
  return {
    accounts,
    defaultAccount: isThere ? read.defaultAccount : undefined,
    findings: [...findings.values()].toSorted((one, other) => (one.line ?? 0) - (other.line ?? 0)),
  };
}

type Find = (finding: Finding) => void;

function draftOf({ name, line, settings }: MsmtpAccount, find: Find): DraftAccount | undefined {
  const value = (command: string): string | undefined => settings.get(command)?.argument;
  const isOn = (command: string, otherwise: boolean): boolean => {
    const written = value(command);
    return written === undefined ? otherwise : written === "" || written === "on";
  };
  const host = value("host");
  if (host === undefined || !isHost(host)) {
    const what = `the account ${name} has no host, or one that is not a host name`;
    find({ line: settings.get("host")?.line ?? line, kind: "left-out", what, now: "The account was left out" });
    return undefined;
  }
  // msmtp takes the whole line, but further words after a user or a file may be another setting, or a password.
  const word = (command: string): string | undefined => {
    const setting = settings.get(command);
    if (setting === undefined || setting.argument === "") return undefined;
    // defence: no-further-words-are-copied
    if (!setting.isSeveral) return setting.argument;
    const what = `${command} has several words`;
    find({ line: setting.line, kind: "left-out", what, now: "It was left out: write it into the account" });
    return undefined;
  };
  const tls = isOn("tls", false);
  const port = portOf(settings.get("port"), find);
  const implicit = tls && !isOn("tls_starttls", true);
  if (!settings.has("tls")) {
    find({
      line,
      kind: "unsafe",
      what: `the account ${name} does not say tls on, and msmtp's default is off: everything went in the clear`,
      now: "TLS is always on",
    });
  }
  for (const setting of settings.values()) {
    const finding = judgeMsmtpLine(setting, { tls, port, implicit });
    if (finding !== undefined) find(finding);
  }
  const login = isOn("auth", false) || !/^(?:|on|off)$/.test(value("auth") ?? "");
  const user = login ? word("user") : undefined;
  const { keys, secret } = login ? loginOf(name, settings, user, find) : { keys: [], secret: undefined };
  const all: (readonly [string, DraftValue | undefined])[] = [
    ["server", serverUrl({ host, port: port ?? (implicit ? 465 : 25), implicit, user })],
    ["from", fromOf(settings.get("from"), find)],
    ...keys,
    ["ca-only", authorityOf(word("tls_trust_file"))],
    ["client-certificate", word("tls_cert_file")],
    ["client-key", word("tls_key_file")],
  ];
  return {
    name,
    keys: new Map(all.flatMap(([key, written]) => (written === undefined ? [] : [[key, written] as const]))),
    secret,
  };
}

function portOf(setting: Setting | undefined, find: Find): number | undefined {
  if (setting === undefined) return undefined;
  const port = PORTS.get(setting.argument) ?? Number(setting.argument);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  find({ line: setting.line, kind: "left-out", what: "port is not a port number", now: "The usual port is used" });
  return undefined;
}

function loginOf(
  name: string,
  settings: MsmtpAccount["settings"],
  user: string | undefined,
  find: Find,
): { readonly keys: readonly (readonly [string, DraftValue])[]; readonly secret: string | undefined } {
  const auth = settings.get("auth");
  const method = auth?.argument.toUpperCase() ?? "";
  const isToken = method === "OAUTHBEARER" || method === "XOAUTH2";
  const use = isToken ? "token" : "password";
  const mechanism = isToken || method === "EXTERNAL" ? mechanismNamed(method) : undefined;
  const chosen: readonly (readonly [string, DraftValue])[] = mechanism === undefined ? [] : [["mechanism", mechanism]];
  if (method === "EXTERNAL" || user === undefined) return { keys: chosen, secret: undefined };
  const program = settings.get("passwordeval");
  const password = settings.get("password");
  if (program !== undefined && program.argument !== "" && (password?.line ?? 0) < program.line) {
    // defence: no-secret-of-a-program-is-copied
    if (mayHoldSecret(program.argument)) {
      find({
        line: program.line,
        kind: "unsafe",
        what: "passwordeval seems to hold the password itself (echo, printf, <<<, NAME=… and the like)",
        now: `The line was not copied. Put the password into the file ${secretFileOf(name)}, mode 600; and change it: anybody who has read this file knows it. If no secret is in the line, write it as password-command yourself`,
      });
      return { keys: [...chosen, [`${use}-file`, secretFileOf(name)]], secret: undefined };
    }
    return { keys: [...chosen, [`${use}-command`, wordsOf(program.argument)]], secret: undefined };
  }
  if (password !== undefined && password.argument !== "") {
    return { keys: [...chosen, [`${use}-file`, secretFileOf(name)]], secret: password.argument };
  }
  // Without either, msmtp asks the keyring, by these attributes.
  const attributes = { host: settings.get("host")?.argument ?? "", service: "smtp", user };
  return isToken
    ? { keys: chosen, secret: undefined }
    : { keys: [...chosen, ["password-secret-tool", attributes]], secret: undefined };
}

/** msmtp gives the line to a shell; here a shell is used only if the line needs one. */
function wordsOf(line: string): readonly string[] {
  return /^[\w@%+=:,./ -]+$/.test(line) ? line.trim().split(/ +/) : ["/bin/sh", "-c", line];
}

function fromOf(setting: Setting | undefined, find: Find): DraftValue | undefined {
  if (setting === undefined || setting.argument === "") return undefined;
  const from = setting.argument.replace(/^\*@/, "@");
  if (/^[^\s<>,@*?[%]*@[^\s<>,@*?[%]+$/.test(from)) return [from];
  find({
    line: setting.line,
    kind: "left-out",
    what: "from is a pattern that is neither an address nor a domain",
    now: "Write the addresses into from, or choose the account with --account",
  });
  return undefined;
}

function authorityOf(file: string | undefined): string | undefined {
  return file === undefined || SYSTEM_BUNDLE.test(file) ? undefined : file;
}
