/** Exim, run from where scripts/install-interop.sh has unpacked it: its Debian package conflicts with Postfix's. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { access, mkdir, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { startDaemon } from "./daemon.ts";
import { createFolder, type Folder } from "./folder.ts";
import { readMaildir } from "./maildir.ts";
import { freePorts } from "./port.ts";
import {
  accounts,
  address,
  barred,
  defaultSizeLimit,
  type MailServer,
  refusals,
  type ServerOptions,
  unheard,
} from "./server.ts";

export interface EximOptions extends ServerOptions {
  readonly binary?: string;
  /** Further lines of the main section. */
  readonly settings?: string;
}

export interface EximServer extends MailServer {
  /** Takes mail for example.test without AUTH. */
  readonly mxPort: number;
}

/** Where scripts/install-interop.sh puts it. */
export const eximBinary: string = "/var/cache/postseal-interop/exim/usr/sbin/exim4";

export async function startExim(options: EximOptions): Promise<EximServer> {
  const { binary = eximBinary } = options;
  await access(binary).catch((cause: unknown) => {
    throw new Error(`no Exim at ${binary}: run scripts/install-interop.sh as root`, { cause });
  });
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await createFolder("exim"));
  const ports = await freePorts("mxPort", "submissionPort", "submissionsPort");
  await Promise.all(["spool", "log", "mail"].map((name) => mkdir(folder.at(name))));
  await promisify(execFile)("chown", ["-R", "Debian-exim:", folder.at("spool"), folder.at("log"), folder.at("mail")]);
  await writeFile(folder.at("exim.conf"), conf(folder, binary, ports, options));

  const log = (): string => {
    try {
      return readFileSync(folder.at("log/mainlog"), "utf8");
    } catch {
      return ""; // There is no file before its first line.
    }
  };
  const daemon = await startDaemon([binary, "-C", folder.at("exim.conf"), "-bdf"], {
    listening: Object.values(ports),
    log,
  });
  stack.use(daemon);
  const owned = stack.move();
  return {
    ...address,
    ...ports,
    folder: folder.path,
    log: () => `${daemon.output()}${log()}`,
    delivered: (count = 1) => readMaildir(folder.at("mail/inbox"), count, log),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function conf(
  folder: Folder,
  binary: string,
  ports: Readonly<Record<"mxPort" | "submissionPort" | "submissionsPort", number>>,
  options: EximOptions,
): string {
  const { authority, leaf = authority.ecdsa, sizeLimit = defaultSizeLimit } = options;
  return `exim_path = ${binary}
spool_directory = ${folder.at("spool")}
log_file_path = ${folder.at("log")}/%slog
pid_file_path = ${folder.at("exim.pid")}
primary_hostname = ${address.serverName}
local_interfaces = 127.0.0.1
daemon_smtp_ports = ${Object.values(ports).join(" : ")}
tls_on_connect_ports = ${ports.submissionsPort}
tls_advertise_hosts = *
tls_certificate = ${leaf.certificateFile}
tls_privatekey = ${leaf.keyFile}
auth_advertise_hosts = \${if or{{eq{$tls_in_cipher}{}}{eq{$received_port}{${ports.mxPort}}}}{}{*}}
smtputf8_advertise_hosts = *
dsn_advertise_hosts = *
chunking_advertise_hosts = *
pipelining_advertise_hosts = *
prdr_enable = true
accept_8bitmime = true
message_size_limit = ${sizeLimit}
host_lookup =
rfc1413_hosts =
never_users =
keep_environment =
# By default it only queues what comes after the tenth message of a connection.
smtp_accept_queue_per_connection = 0
log_selector = +tls_cipher +tls_sni +smtp_protocol_error +received_recipients
${options.settings ?? ""}
acl_smtp_mail = mail
acl_smtp_rcpt = rcpt
acl_smtp_predata = predata
acl_smtp_data = accept

begin acl
mail:
  deny  senders = ^${barred.localPart}
        message = ${barred.reply}
  accept
predata:
  deny  senders = ^${unheard.localPart}
        message = ${unheard.reply}
  accept
rcpt:
${refusals.map(({ localPart, reply }) => `  ${reply.startsWith("4") ? "defer" : "deny "} local_parts = ^${localPart}\n        message = ${reply}\n`).join("")}  accept authenticated = *
  deny  condition = \${if !eq{$received_port}{${ports.mxPort}}}
        message = 5.7.0 Authentication required
  accept domains = example.test
  deny  message = 5.7.1 Relaying denied

begin routers
inbox:
  driver = accept
  domains = example.test
  transport = maildir
strangers:
  driver = redirect
  data = :blackhole:

begin transports
maildir:
  driver = appendfile
  maildir_format
  directory = ${folder.at("mail/inbox")}
  create_directory
  user = Debian-exim
  group = Debian-exim
  envelope_to_add
  return_path_add

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${isRight("$auth2", "$auth3")}
  server_set_id = $auth2
login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = Username:: : Password::
  server_condition = ${isRight("$auth1", "$auth2")}
  server_set_id = $auth1
cram:
  driver = cram_md5
  public_name = CRAM-MD5
  server_secret = ${passwordOf("$auth1")}
  server_set_id = $auth1
`;
}

/** An Exim expansion: the password of the user that another expansion yields, or nothing. */
function passwordOf(user: string): string {
  return accounts.reduceRight((otherwise, one) => `\${if eq{${user}}{${one.user}}{${one.password}}{${otherwise}}}`, "");
}

function isRight(user: string, password: string): string {
  return `\${if and{{!eq{${password}}{}}{eq{${password}}{${passwordOf(user)}}}}}`;
}
