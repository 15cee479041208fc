/** Judges the lines of an msmtprc: which put mail at risk, and which have no place here. */
import type { Finding } from "./draft.ts";
import type { Setting } from "./msmtprc-lines.ts";

/** What else the line's account says. */
export interface Circumstances {
  readonly tls: boolean;
  readonly port: number | undefined;
  readonly implicit: boolean;
}

type Judge = (
  argument: string,
  circumstances: Circumstances,
) => readonly [kind: Finding["kind"], what: string, now: string] | undefined;

const CLEAR = "TLS is always on";
const isOff = (argument: string): boolean => argument === "off";
const unless =
  (fine: (argument: string) => boolean, kind: Finding["kind"], what: string, now: string): Judge =>
  (argument) =>
    fine(argument) ? undefined : [kind, what, now];
const always =
  (kind: Finding["kind"], what: string, now: string): Judge =>
  () => [kind, what, now];
const quiet: Judge = () => undefined;
const empty = (argument: string): boolean => argument === "";

const TABLE = {
  tls: (argument) => (isOff(argument) ? ["unsafe", "tls off: password and mail went in the clear", CLEAR] : undefined),
  tls_starttls: (argument, { tls, port }) => {
    if (isOff(argument) && tls && (port === 587 || port === 25)) {
      return [
        "unsafe",
        `tls_starttls off on port ${port}, which does not begin with TLS: it cannot work, and invites switching TLS off`,
        "submission:// begins in the clear and is upgraded, or nothing is sent",
      ];
    }
    return !isOff(argument) && port === 465
      ? ["left-out", "tls_starttls on, but port 465 begins with TLS", "submissions:// does"]
      : undefined;
  },
  tls_certcheck: (argument) =>
    isOff(argument)
      ? [
          "unsafe",
          "tls_certcheck off: any server that answers gets the password",
          "The certificate is verified. For a private server give its authority (ca) or its key (trust-pins)",
        ]
      : undefined,
  tls_trust_file: (argument) =>
    argument === ""
      ? [
          "unsafe",
          "tls_trust_file is empty: no authority vouches for the server",
          "Node's and the system's authorities are trusted",
        ]
      : undefined,
  tls_fingerprint: (argument) => {
    if (argument === "") return undefined;
    const isSha256 = argument.replaceAll(":", "").length === 64;
    return [
      isSha256 ? "left-out" : "unsafe",
      `tls_fingerprint names one certificate${isSha256 ? "" : ", by a digest that can be forged (MD5 or SHA-1)"}`,
      "A pin names the key, and outlives the certificate: postseal verify prints it; write it into pins, or into trust-pins for a server without an authority",
    ];
  },
  tls_priorities: unless(
    empty,
    "unsafe",
    "tls_priorities is a list of ciphers, which becomes outdated, and can allow old ones again",
    'The policy is fixed; min-tls = "1.3" asks for more',
  ),
  tls_min_dh_prime_bits: unless(
    empty,
    "unsafe",
    "tls_min_dh_prime_bits allows weak key exchanges",
    "There is no finite-field Diffie-Hellman here",
  ),
  tls_force_sslv3: unless(isOff, "unsafe", "tls_force_sslv3 asks for a protocol that is broken", CLEAR),
  tls_crl_file: unless(
    empty,
    "left-out",
    "tls_crl_file: revocation lists are not read",
    "Certificates are short-lived now; pins protect against a stolen one",
  ),
  tls_host_override: unless(
    empty,
    "unsafe",
    "tls_host_override checks the certificate for a name that is not the server's",
    "The name in server is checked: write the one in the certificate",
  ),
  password: (argument) =>
    argument === ""
      ? undefined
      : [
          "unsafe",
          "the password is written in this file",
          "Accounts hold no secrets. Remove it here, and change it: anybody who has read this file, or a backup of it, knows it",
        ],
  passwordeval: quiet,
  auth: (argument, { tls }) => {
    if (/^(?:plain|login)$/i.test(argument)) {
      return tls
        ? [
            "left-out",
            `auth ${argument.toLowerCase()}: the weakest login, although the server may have better ones`,
            "The strongest that the server offers is used",
          ]
        : [
            "unsafe",
            `auth ${argument.toLowerCase()} without TLS: the password went in the clear`,
            "It is sent only inside TLS, and the strongest login is used",
          ];
    }
    if (/^(?:cram-md5|digest-md5)$/i.test(argument))
      return ["left-out", `auth ${argument.toLowerCase()}: MD5`, "The strongest that the server offers is used"];
    if (/^(?:ntlm|gssapi)$/i.test(argument))
      return [
        "left-out",
        `auth ${argument.toLowerCase()} is not known here`,
        "The strongest known one that the server offers is used",
      ];
    return undefined;
  },
  protocol: (argument) =>
    /^lmtp$/i.test(argument)
      ? [
          "left-out",
          "protocol lmtp delivers to a mailbox on this machine",
          "This account submits mail by SMTP: it will not do the same",
        ]
      : undefined,
  remove_bcc_headers: (argument) =>
    isOff(argument)
      ? ["unsafe", "remove_bcc_headers off: everybody sees who got a blind copy", "Bcc is always removed"]
      : undefined,
  keepbcc: (argument) =>
    isOff(argument) ? undefined : ["unsafe", "keepbcc: everybody sees who got a blind copy", "Bcc is always removed"],
  proxy_host: unless(empty, "left-out", "proxy_host: an account has no proxy", "The connection is made without it"),
  proxy_port: quiet,
  socket: unless(empty, "left-out", "socket: an account has no socket of its own", "host and port are used"),
  source_ip: unless(
    empty,
    "left-out",
    "source_ip: the system chooses the address",
    "If the server looks at it, set up a route",
  ),
  aliases: unless(
    empty,
    "left-out",
    "aliases names a file",
    'Write them into [aliases] of config.toml: root = "admin@example.com"',
  ),
  auto_from: (argument) =>
    isOff(argument)
      ? undefined
      : ["left-out", "auto_from makes up a sender", "The first address in from is the sender if none is given"],
  allow_from_override: (argument) =>
    isOff(argument)
      ? [
          "left-out",
          "allow_from_override off: -f did not count",
          '-f counts: it is the envelope\'s sender, and chooses the account. If it never shall: sender = "always"',
        ]
      : undefined,
  set_from_header: (argument) =>
    argument === "on"
      ? [
          "left-out",
          "set_from_header on replaced a From that was there",
          'From stays as it is; names without a domain are completed. If the account shall always be the sender: sender = "always"',
        ]
      : undefined,
  undisclosed_recipients: (argument) =>
    isOff(argument) ? undefined : ["left-out", "undisclosed_recipients removed To and Cc", "They stay"],
  dsn_notify: unless(
    isOff,
    "left-out",
    "dsn_notify: an account asks for no notifications",
    "sendmail -N does, for one message",
  ),
  dsn_return: unless(
    isOff,
    "left-out",
    "dsn_return: an account asks for no notifications",
    "sendmail -R does, for one message",
  ),
  logfile: unless(
    empty,
    "left-out",
    "logfile: its path is not carried over",
    'For a log of your own: log = "PATH" in the account',
  ),
  syslog: unless(
    isOff,
    "left-out",
    "syslog: its facility is not carried over",
    "sendmail writes to syslog if there is one",
  ),
  timeout: always("left-out", "timeout: every step has its own deadline", "postseal send has --timeout for the whole"),
  connect_timeout: always(
    "left-out",
    "connect_timeout: every step has its own deadline",
    "postseal send has --timeout for the whole",
  ),
  domain: always("left-out", "domain: the name of this machine is not sent", "It is [127.0.0.1] for every client"),
  maildomain: always(
    "left-out",
    "maildomain makes up a sender",
    'domain = "example.com", above the accounts, completes names without a domain',
  ),
  ntlmdomain: quiet,
  host: quiet,
  port: (argument, { tls }) =>
    argument === "25" && tls
      ? [
          "left-out",
          "port 25 is for servers among themselves; many networks block it",
          "Try 587 or 465 if the server has them",
        ]
      : undefined,
  user: quiet,
  from: quiet,
  from_full_name: quiet,
  tls_cert_file: quiet,
  tls_key_file: quiet,
  set_date_header: quiet,
  set_msgid_header: quiet,
  add_missing_from_header: quiet,
  add_missing_date_header: quiet,
  logfile_time_format: quiet,
} satisfies Readonly<Record<string, Judge>>;
const JUDGES: ReadonlyMap<string, Judge> = new Map(Object.entries<Judge>(TABLE));

export function judgeMsmtpLine(
  { command, argument, line, spelling }: Setting,
  circumstances: Circumstances,
): Finding | undefined {
  const judge = JUDGES.get(command);
  // The unknown word is not quoted: it may be a password that was pasted there, or the rest of a broken line.
  if (judge === undefined)
    return { line, kind: "left-out", what: "this is not a known setting of msmtp", now: "Check what it was for" };
  const found = judge(argument.trim(), circumstances);
  if (found === undefined) return undefined;
  const [kind, what, now] = found;
  return { line, kind, what: spelling === undefined ? what : `${spelling} is ${what}`, now };
}
