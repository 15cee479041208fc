/** s-nail's and heirloom mailx's `mta` or `smtp`. */
import type { DraftAccount } from "../../account/draft.ts";
import type { Draft, Finding } from "../draft.ts";
import { accountOf, draft } from "../settings/account-of.ts";
import { authorityFolder, ciphers, helo, revocations, texts, verifyMode } from "../settings/judgements.ts";
import { always, type Dialect, meanings, quiet, schemes, tlsSwitch } from "../settings/meaning.ts";
import { byProgram, readSets } from "../settings/set-lines.ts";
import type { Setting } from "../settings/setting.ts";
import type { Shape } from "../shape.ts";

const table = {
  mta: "url",
  smtp: "url",
  "smtp host": "host",
  "smtp-use-starttls": tlsSwitch("starttls", "as-usual"),
  "smtp-auth": "mechanism",
  "smtp-auth-user": "user",
  "smtp-auth-password": "password",
  [byProgram("smtp-auth-password")]: "password-command",
  user: "user",
  password: "password",
  [byProgram("password")]: "password-command",
  from: "from",
  "ssl-verify": verifyMode,
  "tls-verify": verifyMode,
  "ssl-ca-file": "ca-only",
  "tls-ca-file": "ca-only",
  "ssl-ca-dir": authorityFolder,
  "tls-ca-dir": authorityFolder,
  "ssl-cert": "client-certificate",
  "ssl-key": "client-key",
  "ssl-method": ciphers,
  "ssl-protocol": ciphers,
  "ssl-cipher-list": ciphers,
  "tls-config-pairs": ciphers,
  "ssl-config-pairs": ciphers,
  "ssl-crl-file": revocations,
  "tls-crl-file": revocations,
  "smtp-hostname": helo,
  hostname: helo,
  "nss-config-dir": always(
    "left-out",
    "authorities in a database of NSS",
    "Save the authority as PEM, and write its path into ca or ca-only",
  ),
  "netrc-lookup": always("left-out", "the password is in ~/.netrc", "Put it into the file of the account"),
  "v15-compat": quiet,
  "sendmail-progname": texts,
} as const;
const dialect: Dialect = {
  meanings: meanings(table),
  schemes: schemes({ smtp: "as-usual", submission: "as-usual", smtps: "implicit", submissions: "implicit" }),
  usual: { security: "clear", said: "smtp-use-starttls is not set" },
  ports: { clear: 25, starttls: 25 },
  own: /^(?:smtp|ssl|tls|mta)\b/,
};

const NAMES = Object.keys(table).toSorted((one, other) => other.length - one.length);

export const sNail: Shape = {
  title: "mailrc of s-nail",
  where: "~/.mailrc, also of heirloom mailx: mta or smtp",
  found: ({ text }) => readSets(withSets(text)).find(isServer)?.line,
  read: ({ text }, name) => readAccounts(text, name),
};

interface Block {
  readonly name: string;
  readonly settings: readonly Setting[];
}

function readAccounts(text: string, name: string): Draft {
  const accounts: DraftAccount[] = [];
  const findings = new Map<string, Finding>();
  for (const block of blocksOf(text, name)) {
    if (!block.settings.some(isServer)) continue;
    const made = accountOf(block.settings.map(known), dialect, block.name);
    accounts.push(made.account);
    for (const finding of made.findings) findings.set(`${finding.line} ${finding.what}`, finding);
  }
  return draft(accounts, [...findings.values()], undefined);
}

/** The settings outside hold for `account NAME { … }` too. */
function blocksOf(text: string, name: string): readonly Block[] {
  const settings = readSets(withSets(text));
  const lines = text.split(/\r?\n/);
  const starts = lines.flatMap((line, index) => {
    const account = /^[ \t]*account[ \t]+([\w.@-]+)[ \t]*\{/.exec(line)?.[1];
    return account === undefined ? [] : [{ name: account, from: index + 1 }];
  });
  const blocks = starts.map(({ name: account, from }) => {
    const length = lines.slice(from).findIndex((line) => line.trim() === "}");
    return { name: account, from, to: length === -1 ? lines.length : from + length + 1 };
  });
  const outside = settings.filter(({ line }) => !blocks.some(({ from, to }) => line >= from && line <= to));
  const inside = blocks.map(({ name: account, from, to }) => ({
    name: account,
    settings: [...outside, ...settings.filter(({ line }) => line >= from && line <= to)],
  }));
  return inside.length === 0 || outside.some(isServer) ? [{ name, settings: outside }, ...inside] : inside;
}

/** Blocks are indented. A line without `set` is no command of s-nail, but says what was meant. */
function withSets(text: string): string {
  return text
    .split("\n")
    .map((line) => line.replace(/^[ \t]+/, ""))
    .map((line) => (/^(?:smtp|ssl|tls)[\w-]*=/.test(line) ? `set ${line}` : line))
    .join("\n");
}

function isServer({ name, value }: Setting): boolean {
  return name === "smtp" || (name === "mta" && value.text.includes("://"));
}

/** `smtp-auth-user-smtp.example.com` is for that server, and `password-alice@example.com` for that user there. */
function known(setting: Setting): Setting {
  const name = NAMES.find((one) => setting.name === one || setting.name.startsWith(`${one}-`)) ?? setting.name;
  return name === "smtp" && !setting.value.text.includes("://")
    ? { ...setting, name: "smtp host" }
    : { ...setting, name };
}
