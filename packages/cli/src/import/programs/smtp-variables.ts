/** `SMTP_HOST`, `SMTP_USER` and so on, with any prefix, as hundreds of programs have them under slightly different names. */
import { draftOf } from "../settings/account-of.ts";
import {
  ciphers,
  helo,
  log,
  pooled,
  proxy,
  recipients,
  senderName,
  skipsNames,
  skipsVerifying,
  switchedOff,
  texts,
  timeout,
  verifies,
  verifyMode,
} from "../settings/judgements.ts";
import { type Dialect, type Meaning, says, tlsSwitch } from "../settings/meaning.ts";
import type { Setting } from "../settings/setting.ts";
import { isGiven } from "../settings/sorted.ts";
import { readVariables } from "../settings/variables.ts";
import type { Shape } from "../shape.ts";

const SECURITY: Meaning = says({
  ssl: "implicit",
  smtp: "as-usual",
  smtps: "implicit",
  implicit: "implicit",
  force_tls: "implicit",
  "ssl/tls": "implicit",
  tls: "either",
  starttls: "starttls",
  opportunistic: "opportunistic",
  auto: "opportunistic",
  true: "implicit",
  yes: "implicit",
  "1": "implicit",
  false: "as-usual",
  no: "as-usual",
  "0": "as-usual",
  off: "clear",
  none: "clear",
  plain: "clear",
  "": "as-usual",
});
const UPGRADE: Meaning = says({
  always: "starttls",
  required: "starttls",
  mandatory: "starttls",
  true: "starttls",
  yes: "starttls",
  on: "starttls",
  "1": "starttls",
  auto: "opportunistic",
  never: "clear",
  false: "clear",
  no: "clear",
  off: "clear",
  "0": "clear",
  "": "as-usual",
});
const TLS = tlsSwitch("either", "as-usual");
const SSL = tlsSwitch("implicit", "as-usual");

/** The names that mean the same, without their prefix. */
const ROWS: readonly (readonly [names: string, meaning: Meaning])[] = [
  ["HOST SERVER HOSTNAME ADDR ADDRESS SERVER_NAME RELAY RELAY_HOST RELAYHOST SMARTHOST", "host"],
  ["PORT PORT_NUMBER", "port"],
  ["USER USERNAME USER_NAME LOGIN NAME AUTH_USER AUTH_USERNAME HOST_USER ACCOUNT USERID", "user"],
  ["PASSWORD PASS PASSWD PWD AUTH_PASSWORD AUTH_PASS HOST_PASSWORD API_KEY", "password"],
  ["PASSWORD_FILE PASS_FILE PASSWORD__FILE", "password-file"],
  [
    "FROM FROM_ADDRESS FROM_EMAIL FROM_ADDR SENDER SENDER_EMAIL SENDER_ADDRESS EMAIL_FROM EMAIL MAIL_FROM DEFAULT_SENDER DEFAULT_FROM ADMIN_EMAIL",
    "from",
  ],
  ["FROM_NAME SENDER_NAME", senderName],
  ["URL URI DSN", "url"],
  ["SECURITY SECURE ENCRYPTION PROTOCOL TLS_MODE TLS_TYPE CONNECTION_TYPE", SECURITY],
  ["SSL USE_SSL ENABLE_SSL SSL_ENABLED IMPLICIT_TLS FORCE_SSL SSL_TLS", SSL],
  ["TLS USE_TLS ENABLE_TLS TLS_ENABLED FORCE_TLS REQUIRE_TLS TLS_REQUIRED", TLS],
  [
    "STARTTLS USE_STARTTLS ENABLE_STARTTLS START_TLS USE_START_TLS ENABLE_START_TLS STARTTLS_ENABLED EXPLICIT_TLS",
    UPGRADE,
  ],
  ["ENABLE_STARTTLS_AUTO STARTTLS_AUTO AUTO_TLS", tlsSwitch("opportunistic", "clear")],
  ["IGNORE_TLS DISABLE_TLS DISABLE_STARTTLS NO_TLS", tlsSwitch("clear", "as-usual")],
  ["OPENSSL_VERIFY_MODE SSL_VERIFY_MODE", verifyMode],
  [
    "VERIFY VERIFY_PEER VERIFY_CERT VERIFY_CERTS VERIFY_SSL SSL_VERIFY TLS_VERIFY VALIDATE_CERTS REJECT_UNAUTHORIZED TLS_REJECT_UNAUTHORIZED",
    verifies,
  ],
  [
    "SKIP_VERIFY TLS_SKIP_VERIFY INSECURE INSECURE_SKIP_VERIFY TLS_INSECURE SSL_INSECURE ALLOW_INSECURE IGNORE_CERT IGNORE_CERTS IGNORE_CERTIFICATES ACCEPT_INVALID_CERTS ALLOW_SELF_SIGNED ALLOW_INVALID_CERTS TRUST_ALL",
    skipsVerifying,
  ],
  ["ACCEPT_INVALID_HOSTNAMES", skipsNames],
  ["CIPHERS TLS_CIPHERS TLS_MIN_VERSION MIN_TLS_VERSION", ciphers],
  ["AUTH AUTH_METHOD AUTHENTICATION AUTH_MECHANISM AUTH_TYPE AUTHTYPE AUTH_MODE", "mechanism"],
  ["CA_FILE CA_PATH TLS_CA", "ca-only"],
  ["DOMAIN HELO HELO_NAME EHLO EHLO_DOMAIN CLIENT_HOSTNAME", helo],
  ["TIMEOUT CONNECTION_TIMEOUT SOCKET_TIMEOUT GREETING_TIMEOUT", timeout],
  ["DEBUG LOGGER LOG", log],
  ["POOL MAX_CONNECTIONS MAX_MESSAGES RATE_LIMIT", pooled],
  ["PROXY", proxy],
  ["TO RECIPIENT RECIPIENTS CC BCC", recipients],
  ["ENABLED ENABLE", switchedOff],
  ["REPLY_TO SUBJECT SUBJECT_PREFIX TEMPLATE TEMPLATES", texts],
];

const TABLE: ReadonlyMap<string, Meaning> = new Map(
  ROWS.flatMap(([names, meaning]) => names.split(" ").map((name) => [name, meaning] as const)),
);

/** Of the names with this prefix, which is made of known words and can be printed. */
function dialectOf(prefix: string): Dialect {
  return {
    meanings: new Map(
      [...TABLE].map(([name, meaning]) => [name.toLowerCase(), { label: `${prefix}_${name}`, meaning }]),
    ),
    usual: { security: "opportunistic", said: "no setting asks for TLS" },
    own: /./,
  };
}

const WORDS: ReadonlySet<string> = new Set(["SMTP", "MAIL", "EMAIL", "MAILER"]);
const HOSTS = /^(?:HOST|SERVER|HOSTNAME|ADDR|ADDRESS)$/i;
const SENDER = /^(?:FROM|FROM_ADDRESS|FROM_EMAIL|SENDER)$/i;

export const smtpVariables: Shape = {
  title: "SMTP_HOST and the like",
  where: "variables with any prefix, such as those of Mastodon, Discourse and Vaultwarden",
  found: ({ text }) => groupOf(text)?.host.line,
  read: ({ text }, name) => {
    const group = groupOf(text);
    return draftOf(group?.settings ?? [], dialectOf(group?.prefix ?? ""), name);
  },
};

interface Group {
  readonly host: Setting;
  /** As it is printed: without a word that is not known here. */
  readonly prefix: string;
  /** Without their prefix. */
  readonly settings: readonly Setting[];
}

/** The settings with the prefix of the first one that names a host. Two sets of settings must not be mixed. */
function groupOf(text: string): Group | undefined {
  const all = readVariables(text).map((setting) => ({ setting, ...partsOf(setting.name) }));
  const host = all.find(
    ({ setting: { value }, rest }) => HOSTS.test(rest) && isGiven(value) && !value.text.includes("@"),
  );
  if (host === undefined) return undefined;
  const own = all.filter(({ lead, word }) => lead === host.lead && word === host.word);
  const hasSender = own.some(({ rest }) => SENDER.test(rest));
  // Nextcloud has MAIL_FROM beside SMTP_HOST.
  const sender = hasSender ? undefined : all.find(({ lead, rest }) => lead === host.lead && SENDER.test(rest));
  const settings = [...own, ...(sender === undefined ? [] : [sender])].map(({ setting, rest }) => ({
    ...setting,
    name: rest,
  }));
  return { host: host.setting, prefix: host.prefix, settings };
}

interface Parts {
  /** `DISCOURSE` */
  readonly lead: string;
  /** `SMTP` */
  readonly word: string;
  /** `…_SMTP` */
  readonly prefix: string;
  /** `USER_NAME`; empty if the name is of something else. */
  readonly rest: string;
}

/** Of `DISCOURSE_SMTP_USER_NAME`, `MAIL_SMTP_HOST` and `EMAIL_SERVER_HOST`. */
function partsOf(name: string): Parts {
  const parts = name
    .toUpperCase()
    .split("_")
    .filter((part) => part !== "");
  const at = parts.findIndex((part) => WORDS.has(part));
  if (at === -1) return { lead: "", word: "", prefix: "", rest: "" };
  const next = parts[at + 1];
  const more = next === "SMTP" || (next === "SERVER" && parts.length > at + 2) ? 2 : 1;
  const known = parts.slice(at, at + more).join("_");
  return {
    lead: parts.slice(0, at).join("_"),
    word: parts[at] ?? "",
    prefix: at === 0 ? known : `…_${known}`,
    rest: parts.slice(at + more).join("_"),
  };
}
