/** Postfix as a sendmail: a private queue, which hands all mail to a submission server over TLS, and listens nowhere. */
import { readFileSync } from "node:fs";
import { startDaemon } from "./daemon.ts";
import { createFolder, type Folder } from "./folder.ts";
import type { Authority } from "./pki.ts";
import { createQueue, writeSettled } from "./postfix.ts";
import { emptied } from "./queue.ts";
import { accounts, serverName } from "./server.ts";

export interface PostfixSendmail extends AsyncDisposable {
  readonly command: readonly string[];
  /** Resolves once each message has been handed over, or refused. */
  emptied(): Promise<void>;
  log(): string;
}

/** `name`: what it says in EHLO. */
export async function startPostfixSendmail(port: number, authority: Authority, name: string): Promise<PostfixSendmail> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await createFolder("postfix-sendmail"));
  await createQueue(folder);
  const [{ user, password } = { user: "", password: "" }] = accounts;
  await writeSettled(folder.at("etc/login"), `[127.0.0.1]:${port} ${user}:${password}\n`);
  await writeSettled(folder.at("etc/main.cf"), mainCf(folder, { port, user, name, caFile: authority.caFile }));
  await writeSettled(folder.at("etc/master.cf"), MASTER);
  const log = (): string => readFileSync(folder.at("log/postfix"), "utf8");
  const master = ["/usr/lib/postfix/sbin/master", "-c", folder.at("etc")];
  stack.use(await startDaemon(master, { listening: [folder.at("spool/public/pickup")], log }));
  const owned = stack.move();
  return {
    command: ["/usr/sbin/sendmail", "-C", folder.at("etc")],
    log,
    emptied: () => emptied(folder.at("spool"), log),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

interface Settings {
  readonly port: number;
  readonly user: string;
  readonly name: string;
  readonly caFile: string;
}

/** As guides have it for a machine that sends through somebody's server: one sender for all. */
function mainCf(folder: Folder, { port, user, name, caFile }: Settings): string {
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
alias_database =
inet_interfaces = loopback-only
inet_protocols = ipv4
myhostname = ${name}
myorigin = example.test
mydestination =
local_transport = error:nothing is delivered here
relayhost = [127.0.0.1]:${port}
sender_canonical_maps = static:${user}
smtp_tls_security_level = verify
smtp_tls_verify_cert_match = ${serverName}
smtp_tls_CAfile = ${caFile}
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = texthash:${folder.at("etc/login")}
smtp_sasl_security_options = noanonymous
notify_classes =
biff = no
`;
}

const MASTER = `pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
smtp unix - - n - - smtp
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`;
