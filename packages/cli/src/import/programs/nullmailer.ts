/** nullmailer's remotes: a line for each server. */
import type { DraftAccount } from "../../account/draft.ts";
import type { Finding } from "../draft.ts";
import { accountOf, draft } from "../settings/account-of.ts";
import { revocations, skipsVerifying, sourceAddress, texts } from "../settings/judgements.ts";
import { type Dialect, meanings, tlsSwitch } from "../settings/meaning.ts";
import type { Setting } from "../settings/setting.ts";
import { splitWords } from "../settings/words.ts";
import { lineLike, type Shape } from "../shape.ts";

const dialect: Dialect = {
  meanings: meanings({
    host: "host",
    port: "port",
    user: "user",
    pass: "password",
    "auth-login": "mechanism",
    ssl: tlsSwitch("implicit", "as-usual"),
    tls: tlsSwitch("implicit", "as-usual"),
    starttls: tlsSwitch("starttls", "as-usual"),
    insecure: skipsVerifying,
    "tls-anon-auth": skipsVerifying,
    x509cafile: "ca-only",
    x509certfile: "client-certificate",
    x509keyfile: "client-key",
    x509crlfile: revocations,
    x509fmtder: texts,
    source: sourceAddress,
  }),
  usual: { security: "clear", said: "there is neither starttls nor ssl" },
  ports: { clear: 25, starttls: 25 },
  own: /./,
};

export const nullmailer: Shape = {
  title: "nullmailer's remotes",
  where: "/etc/nullmailer/remotes",
  found: ({ name, text }) =>
    lineLike(text, name === "remotes" ? /^[ \t]*[^#\s]/ : /^[ \t]*[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+[ \t]+smtp(?:\s|$)/),
  read: ({ text }, name) => {
    const accounts: DraftAccount[] = [];
    const findings: Finding[] = [];
    for (const [index, written] of text.split(/\r?\n/).entries()) {
      const settings = settingsOf(written, index + 1);
      if (settings === undefined) {
        if (/^[ \t]*[^#\s]/.test(written)) findings.push(other(index + 1));
        continue;
      }
      const number = accounts.length + 1;
      const made = accountOf(settings, dialect, number === 1 ? name : `${name}-${number}`);
      accounts.push(made.account);
      findings.push(...made.findings);
      if (number > 1) findings.push(another(index + 1));
    }
    return draft(accounts, findings, undefined);
  },
};

/** `host smtp --port=587 starttls user=alice pass='my pass phrase'` */
function settingsOf(written: string, line: number): readonly Setting[] | undefined {
  const [host, protocol, ...options] = splitWords(written).map(({ text }) => text);
  if (host === undefined || (protocol !== undefined && protocol !== "smtp")) return undefined;
  const settings = options.map((option) => {
    const [, name = option, value = name.endsWith("auth-login") ? "login" : "yes"] =
      /^(?:--)?([^=]+)(?:=(.*))?$/s.exec(option) ?? [];
    return { name, value: { text: value }, line };
  });
  return [{ name: "host", value: { text: host }, line }, ...settings];
}

function other(line: number): Finding {
  const what = "this remote is not reached by SMTP";
  return { line, kind: "left-out", what, now: "It was left out: an account submits mail by SMTP" };
}

function another(line: number): Finding {
  const what = "nullmailer tries the remotes one after the other";
  return { line, kind: "left-out", what, now: "An account has one server: choose with --account" };
}
