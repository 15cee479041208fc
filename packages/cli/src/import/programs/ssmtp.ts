/** ssmtp.conf. */
import { draftOf } from "../settings/account-of.ts";
import { authorityFolder, helo, log } from "../settings/judgements.ts";
import { always, type Dialect, meanings, quiet, tlsSwitch, when } from "../settings/meaning.ts";
import { NO_SETTING, type Setting } from "../settings/setting.ts";
import { lineLike, type Shape } from "../shape.ts";

const UNVERIFIED = "without TLS_CA_File";
const table = {
  mailhub: "host",
  AuthUser: "user",
  AuthPass: "password",
  AuthMethod: "mechanism",
  UseTLS: tlsSwitch("implicit", "as-usual"),
  UseSTARTTLS: tlsSwitch("starttls", "as-usual"),
  UseTLSCert: quiet,
  TLSCert: "client-certificate",
  TLSKey: "client-key",
  TLS_CA_File: "ca-only",
  TLS_CA_Dir: authorityFolder,
  root: always(
    "left-out",
    "it gets the mail of the users of this machine",
    'Write it into [aliases] of config.toml: root = "admin@example.com"',
  ),
  rewriteDomain: always(
    "left-out",
    "it makes up the domain of senders",
    'domain = "example.com", above the accounts, completes names without a domain',
  ),
  hostname: helo,
  FromLineOverride: when("off", "left-out", "a From in the message did not count", "It does"),
  Debug: log,
  [UNVERIFIED]: always(
    "unsafe",
    "ssmtp checks no certificate: any server that answers gets the password",
    "It is verified. For a private server give its authority (ca) or its key (trust-pins)",
  ),
} as const;
const dialect: Dialect = {
  meanings: meanings(table),
  usual: { security: "clear", said: "neither UseTLS nor UseSTARTTLS is on" },
  ports: { clear: 25, starttls: 25, implicit: 25 },
  own: /./,
};

export const ssmtp: Shape = {
  title: "ssmtp.conf",
  where: "/etc/ssmtp/ssmtp.conf",
  found: ({ text }) => lineLike(text, /^[ \t]*mailhub[ \t=]/i),
  read: ({ text }, name) => draftOf(implied(settingsOf(text)), dialect, name),
};

/** ssmtp cuts the line at the first `#`, even inside a word. */
function settingsOf(text: string): readonly Setting[] {
  return text.split(/\r?\n/).flatMap((written, index) => {
    const [bare = ""] = written.split("#", 1);
    const [, name, value] = /^([^\s=]+)[\s=](.*)$/.exec(bare.trim()) ?? [];
    const line = index + 1;
    if (name === undefined || value === undefined)
      return bare.trim() === "" ? [] : [{ name: NO_SETTING, value: { text: "" }, line }];
    return [{ name, value: { text: value.replace(/^[\s=]+/, "") }, line }];
  });
}

/** UseSTARTTLS decides how TLS begins. Without an authority nothing is checked. */
function implied(settings: readonly Setting[]): readonly Setting[] {
  const find = (name: string): Setting | undefined => settings.findLast((one) => one.name.toLowerCase() === name);
  const isUpgraded = /^yes$/i.test(find("usestarttls")?.value.text ?? "");
  const tls = find("usestarttls") ?? find("usetls");
  const isUnverified = tls !== undefined && find("tls_ca_file") === undefined;
  return [
    ...settings.filter(({ name }) => !isUpgraded || !/^usetls$/i.test(name)),
    ...(isUnverified ? [{ name: UNVERIFIED, value: { text: "yes" }, line: tls.line }] : []),
  ];
}
