/** A Postfix of its own, in the folder that is HOME: relays one message and tells what became of it. Needs root, as Postfix does. */
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const [, , level, scheme, host, port, username, password, from, to, message, ca, folder] = process.argv;
/** Seconds for each of its steps: its own defaults are minutes. */
const PATIENCE = 4;
const POLLING_MS = 25;

const log = at("log/postfix");
prepare();
// As `sendmail` would leave it: what is in the queue already is taken when Postfix starts.
execFileSync("sendmail", ["-C", at("etc"), "-i", "-f", from, to], { input: readFileSync(message), stdio: "pipe" });
// -d: in this process group, so that whoever ends the group ends Postfix.
const program = path.join(ask("daemon_directory"), "master");
const master = spawn(program, ["-d", "-c", at("etc")], { stdio: "inherit" });
const status = await ended();
master.kill("SIGKILL");
process.stdout.write(readFileSync(log, "utf8"));
process.exit(status === "sent" ? 0 : 1);

/** Its last word on the message: `sent`, `deferred` or `bounced`. */
async function ended() {
  for (;;) {
    const word = /status=(\w+)/.exec(readFileSync(log, "utf8"))?.[1];
    if (word !== undefined || master.exitCode !== null) return word;
    await delay(POLLING_MS);
  }
}

/** What `postfix check` would make: owners and modes as in Postfix's own list, postfix-files. */
function prepare() {
  const [owner, group] = [ask("mail_owner"), ask("setgid_group")];
  // Its processes give up root, and still have to come here.
  chmodSync(folder, 0o711);
  for (const name of ["etc", "log", "spool"]) mkdirSync(at(name));
  writeFileSync(log, "");
  const queues = "active bounce corrupt defer deferred flush hold incoming private saved trace".split(" ");
  make("0700", `${owner}:root`, "data", ...queues.map((name) => `spool/${name}`));
  make("0710", `${owner}:${group}`, "spool/public");
  make("1730", `${owner}:${group}`, "spool/maildrop");
  make("0755", "root:root", "spool/pid");
  settle("etc/main.cf", mainCf());
  settle("etc/master.cf", masterCf());
}

function make(mode, owner, ...names) {
  const [user, group] = owner.split(":");
  execFileSync("install", ["-d", "-m", mode, "-o", user, "-g", group, ...names.map(at)]);
}

/** Postfix reads a file again and again until it is two seconds old, lest somebody be writing still: so it is older. */
function settle(name, text) {
  writeFileSync(at(name), text);
  const past = new Date(Date.now() - 60_000);
  utimesSync(at(name), past, past);
}

function at(name) {
  return path.join(folder, name);
}

/** A parameter as this Postfix was built with it. */
function ask(parameter) {
  return execFileSync("postconf", ["-d", "-h", parameter], { encoding: "utf8" }).trim();
}

function mainCf() {
  const steps = "connect helo starttls xforward mail rcpt data_init data_xfer data_done rset quit".split(" ");
  return `compatibility_level = 3.6
queue_directory = ${at("spool")}
data_directory = ${at("data")}
maillog_file = ${log}
maillog_file_prefixes = ${at("log")}
inet_interfaces = loopback-only
inet_protocols = ipv4
myhostname = client.example.test
mydestination =
alias_maps =
smtp_dns_support_level = disabled
relayhost = [${host}]:${port}
smtp_sasl_auth_enable = yes
smtp_sasl_password_maps = static:${username}:${password}
smtp_sasl_security_options = noanonymous
smtp_tls_security_level = ${level}
smtp_tls_wrappermode = ${scheme === "smtps" ? "yes" : "no"}
smtp_tls_CAfile = ${ca}
${steps.map((step) => `smtp_${step}_timeout = ${PATIENCE}s`).join("\n")}
`;
}

function masterCf() {
  return `pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
scache unix - - n - 1 scache
smtp unix - - n - - smtp
postlog unix-dgram n - n - 1 postlogd
`;
}
