/** Turns an msmtprc into accounts that do what msmtp would have done, sealed. */
import { secretFileOf } from "../account/secret-file.ts";
import { mechanismNamed } from "../mechanism.ts";
import type { DraftAccount, DraftValue } from "../account/draft.ts";
import { type Draft, type Finding, inOrder } from "./draft.ts";
import { authorityOf } from "./authority.ts";
import { judgeMsmtpLine } from "./msmtprc-judge.ts";
import { fetchedBy } from "./program-line.ts";
import { isPath } from "./settings/place.ts";
import { lineLike, type Shape } from "./shape.ts";
import { type MsmtpAccount, type Msmtprc, readMsmtprc, type Setting } from "./msmtprc-lines.ts";
import { isHost, serverUrl } from "../server-url.ts";

export const msmtprc: Shape = {
  title: "msmtprc",
  where: "~/.msmtprc or /etc/msmtprc, in every spelling since msmtp 1.2",
  found: ({ text }) => lineLike(text, /^[ \t]*(?:account|host|defaults)(?:\s|$)/i),
  read: ({ text }) => importMsmtprc(text),
};

const PORTS: ReadonlyMap<string, number> = new Map([
  ["smtp", 25],
  ["submission", 587],
  ["smtps", 465],
  ["submissions", 465],
]);

function importMsmtprc(text: string): Draft {
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
            what: "this account inherits settings from one that does not exist, or has several words for a name",
            now: "What it would have inherited is missing: check it",
          },
    );
  }
  const accounts = read.accounts.flatMap((account) => {
    const isAnother = account.name === "default" && read.defaultAccount !== "default";
    const draft = isAnother ? differentFrom(read.defaultAccount ?? "", account, read, find) : draftOf(account, find);
    return draft ?? [];
  });
  const defaultAccount = accounts.find(({ name }) => name === "default")?.name ?? read.defaultAccount;
  const isThere = accounts.some(({ name }) => name === defaultAccount);
  return {
    accounts,
    defaultAccount: isThere ? defaultAccount : undefined,
    findings: inOrder([...findings.values()]),
  };
}

/**
 * An account `default` that inherits from another and adds nothing that an account says here is that other one. What it adds
 * may be unsafe, and is reported in any case.
 */
function differentFrom(name: string, account: MsmtpAccount, read: Msmtprc, find: Find): DraftAccount | undefined {
  const other = read.accounts.find((one) => one.name === name);
  const own: Find = (finding) => {
    if (finding.line !== account.line) find(finding);
  };
  const same = formOf(draftOf({ ...account, name }, own)) === formOf(other && draftOf(other, unheard));
  return same ? undefined : draftOf(account, find);
}

/** For what was reported already. */
const unheard: Find = () => {};

function formOf(draft: DraftAccount | undefined): string {
  return JSON.stringify([[...(draft?.keys ?? [])], draft?.secret]);
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
  const file = (command: string): string | undefined => {
    const written = word(command);
    if (written === undefined || written === "system" || isPath(written)) return written;
    const what = `${command} is not a path from the root or the home folder`;
    const now = "It was left out: write it into the account";
    find({ line: settings.get(command)?.line, kind: "left-out", what, now });
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
  if (!login) for (const finding of withoutLogin(settings)) find(finding);
  const { keys, secret } = login ? loginOf(name, settings, user, find) : { keys: [], secret: undefined };
  const all: (readonly [string, DraftValue | undefined])[] = [
    ["server", serverUrl({ host, port: port ?? (implicit ? 465 : 25), implicit, user })],
    ["from", fromOf(settings.get("from"), find)],
    ...keys,
    ["ca-only", authorityOf(file("tls_trust_file"))],
    ["client-certificate", file("tls_cert_file")],
    ["client-key", file("tls_key_file")],
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
    const { line, argument: text } = program;
    const { key, findings } = fetchedBy({ label: "passwordeval", text, line, use, name });
    for (const finding of findings) find(finding);
    return { keys: [...chosen, key], secret: undefined };
  }
  if (password !== undefined && password.argument !== "") {
    if (password.hasMark === true) find(aboutMark(password.line));
    return { keys: [...chosen, [`${use}-file`, secretFileOf(name)]], secret: password.argument };
  }
  // Without either, msmtp asks the keyring, by these attributes.
  const attributes = { host: settings.get("host")?.argument ?? "", service: "smtp", user };
  return isToken
    ? { keys: chosen, secret: undefined }
    : { keys: [...chosen, ["password-secret-tool", attributes]], secret: undefined };
}

/** msmtp logs in only if `auth` says so; the account does not log in either, but not without a word. */
function withoutLogin(settings: MsmtpAccount["settings"]): readonly Finding[] {
  const command = (["password", "passwordeval", "user"] as const).find(
    (one) => (settings.get(one)?.argument ?? "") !== "",
  );
  const setting = settings.get(command ?? "");
  if (command === undefined || setting === undefined) return [];
  const what = `${command}, but auth is ${settings.has("auth") ? "off" : "not on"}: msmtp does not log in`;
  const now = "This account does not log in either. If it should, write auth on there and import again";
  return [{ line: setting.line, kind: "left-out", what, now }];
}

function aboutMark(line: number): Finding {
  const what = "password goes on after a # with a blank before it: msmtp takes all of it for the password";
  return { line, kind: "left-out", what, now: "All of it is taken: check the file of the secret" };
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
