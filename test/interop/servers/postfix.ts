/** Postfix: a private instance with an MX port, submission by STARTTLS and submission over implicit TLS. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, utimes, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { startDaemon } from "./daemon.ts";
import { startSasl } from "./sasl.ts";
import { createFolder, type Folder } from "./folder.ts";
import { readMaildir } from "./maildir.ts";
import { freePorts } from "./port.ts";
import {
  accounts,
  address,
  barred,
  defaultSizeLimit,
  type MailServer,
  type Refusal,
  refusals,
  type ServerOptions,
  unheard,
} from "./server.ts";

export interface PostfixOptions extends ServerOptions {
  /** What checks passwords: its own Dovecot (default), Cyrus SASL, or nothing if only the MX port is needed. */
  readonly sasl?: "dovecot" | "cyrus" | "none";
  /** Further lines of main.cf. */
  readonly settings?: string;
  /** Submission needs a client certificate of the authority besides the password. */
  readonly clientCertificate?: "required";
}

export interface PostfixServer extends MailServer {
  /** Takes mail for example.test without AUTH. */
  readonly mxPort: number;
}

export async function startPostfix(options: PostfixOptions): Promise<PostfixServer> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await createFolder("postfix"));
  const { sasl = "dovecot" } = options;
  const dovecot = sasl === "dovecot" ? stack.use(await startSasl()) : undefined;
  const ports = await freePorts("mxPort", "submissionPort", "submissionsPort");
  await createQueue(folder);
  if (sasl === "cyrus") await createSasldb(folder);
  await writeSettled(folder.at("etc/main.cf"), mainCf(folder, options, dovecot?.socket));
  await writeSettled(folder.at("etc/master.cf"), masterCf(ports, sasl !== "none", options.clientCertificate));

  const postfixLog = (): string => readFileSync(folder.at("log/postfix"), "utf8");
  const master = ["/usr/lib/postfix/sbin/master", "-c", folder.at("etc")];
  stack.use(await startDaemon(master, { listening: Object.values(ports), log: postfixLog }));
  const log = (): string => `${postfixLog()}${dovecot?.log() ?? ""}`;
  const owned = stack.move();
  return {
    ...address,
    ...ports,
    folder: folder.path,
    log,
    delivered: (count = 1) => readMaildir(folder.at("mail/inbox"), count, log),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Makes what `postfix check` would make, but faster: owners and modes as in Postfix's own list, postfix-files. */
export async function createQueue(folder: Folder): Promise<void> {
  await Promise.all(["etc/sasl", "spool", "log"].map((name) => mkdir(folder.at(name), { recursive: true })));
  await writeFile(folder.at("log/postfix"), "");
  const make = (mode: string, owner: string, ...names: readonly string[]): Promise<unknown> => {
    const [user = "", group = ""] = owner.split(":");
    return run("install", ["-d", "-m", mode, "-o", user, "-g", group, ...names.map((name) => folder.at(name))]);
  };
  const queues = [
    "active",
    "bounce",
    "corrupt",
    "defer",
    "deferred",
    "flush",
    "hold",
    "incoming",
    "private",
    "saved",
    "trace",
  ];
  await make("0700", "postfix:root", "data", ...queues.map((queue) => `spool/${queue}`));
  await make("0710", "postfix:postdrop", "spool/public");
  await make("1730", "postfix:postdrop", "spool/maildrop");
  await make("0755", "root:root", "spool/pid");
  await make("0755", "nobody:nogroup", "mail");
}

/** Writes a file with an older date: Postfix reads one that is less than two seconds old again and again, in case it is still being written. */
export async function writeSettled(file: string, text: string): Promise<void> {
  await writeFile(file, text);
  const past = new Date(Date.now() - 60_000);
  await utimes(file, past, past);
}

async function createSasldb(folder: Folder): Promise<void> {
  const sasldb = folder.at("etc/sasldb2");
  for (const { user, password } of accounts) {
    const [local = "", realm = ""] = user.split("@");
    const adding = run("saslpasswd2", ["-p", "-c", "-f", sasldb, "-u", realm, local]);
    adding.child.stdin?.end(password);
    await adding;
  }
  await run("chown", ["postfix", sasldb]);
  await writeFile(
    folder.at("etc/sasl/smtpd.conf"),
    `pwcheck_method: auxprop
auxprop_plugin: sasldb
sasldb_path: ${sasldb}
mech_list: PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256
`,
  );
}

const run = promisify(execFile);

function mainCf(folder: Folder, options: PostfixOptions, dovecotSocket: string | undefined): string {
  const { authority, leaf = authority.ecdsa, sizeLimit = defaultSizeLimit } = options;
  return `compatibility_level = 3.6
queue_directory = ${folder.at("spool")}
data_directory = ${folder.at("data")}
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
meta_directory = /etc/postfix
shlib_directory = /usr/lib/postfix
mail_owner = postfix
setgid_group = postdrop
maillog_file = ${folder.at("log/postfix")}
maillog_file_prefixes = ${folder.at("log")}
alias_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = ${address.serverName}
mydomain = example.test
mydestination =
mynetworks = 127.0.0.0/8
smtputf8_enable = yes
biff = no
disable_vrfy_command = yes
message_size_limit = ${sizeLimit}

# One mailbox for whatever is accepted; mail to strangers goes nowhere.
virtual_mailbox_domains = example.test
virtual_mailbox_base = ${folder.at("mail")}
virtual_mailbox_maps = static:inbox/
virtual_mailbox_limit = 0
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
virtual_minimum_uid = 100
default_transport = discard:
relay_transport = discard:

smtpd_tls_cert_file = ${leaf.certificateFile}
smtpd_tls_key_file = ${leaf.keyFile}
smtpd_tls_CAfile = ${authority.caFile}
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_tls_loglevel = 1
smtpd_tls_received_header = yes

smtpd_sasl_type = ${dovecotSocket === undefined ? "cyrus" : "dovecot"}
smtpd_sasl_path = ${dovecotSocket ?? "smtpd"}
cyrus_sasl_config_path = ${folder.at("etc/sasl")}
smtpd_sasl_local_domain = example.test
smtpd_sasl_security_options = noanonymous

smtpd_client_connection_rate_limit = 0
smtpd_error_sleep_time = 0
smtpd_recipient_restrictions =
  check_recipient_access pcre:{${refusals.map(({ localPart, reply }) => `{/^${localPart}/ ${reply}}`).join(", ")}}
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
# Else a sender is refused with its recipients.
smtpd_delay_reject = no
smtpd_sender_restrictions = ${accessOf(barred)}
smtpd_data_restrictions = ${accessOf(unheard)}
${options.settings ?? ""}
`;
}

function accessOf({ localPart, reply }: Refusal): string {
  return `check_sender_access pcre:{{/^${localPart}/ ${reply}}}`;
}

function masterCf(
  ports: Readonly<Record<"mxPort" | "submissionPort" | "submissionsPort", number>>,
  hasSasl: boolean,
  clientCertificate: PostfixOptions["clientCertificate"],
): string {
  const submission = `
  -o smtpd_sasl_auth_enable=${hasSasl ? "yes" : "no"}
  -o smtpd_tls_req_ccert=${clientCertificate === "required" ? "yes" : "no"}
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject`;
  return `127.0.0.1:${ports.mxPort} inet n - n - - smtpd
127.0.0.1:${ports.submissionPort} inet n - n - - smtpd
  -o syslog_name=postfix/submission
  -o smtpd_tls_security_level=encrypt${submission}
127.0.0.1:${ports.submissionsPort} inet n - n - - smtpd
  -o syslog_name=postfix/submissions
  -o smtpd_tls_wrappermode=yes
  -o smtpd_tls_security_level=encrypt${submission}
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`;
}
