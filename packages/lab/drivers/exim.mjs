/** Exim with a smarthost, in the folder that is HOME: sends one message and tells what became of it. Needs root, as Exim does. */
import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const [, , mode, scheme, host, port, username, password, from, to, message, ca, folder] = process.argv;
/** Seconds for each of its steps: its own defaults are minutes. */
const PATIENCE = 4;
const program = execFileSync("sh", ["-c", "command -v exim4 || command -v exim"], { encoding: "utf8" }).trim();

// Its processes give up root, and still have to come here.
chmodSync(folder, 0o711);
for (const name of ["spool", "log"]) {
  const owner = owned();
  execFileSync("install", ["-d", "-m", "0750", "-o", owner.user, "-g", owner.group, at(name)]);
}
writeFileSync(at("exim.conf"), configuration());
// -odf: in the foreground. It exits with 0 once the message is in its queue, whatever becomes of it.
execFileSync(program, ["-C", at("exim.conf"), "-odf", "-i", "-f", from, to], {
  input: readFileSync(message),
  stdio: "pipe",
});
const log = readFileSync(at("log/mainlog"), "utf8");
process.stdout.write(log);
// If it is refused, a message about that goes the same way.
process.exit(log.includes(` => ${to} `) ? 0 : 1);

function at(name) {
  return path.join(folder, name);
}

/** The user and the group that this Exim was built with. */
function owned() {
  const [user, group] = execFileSync(program, ["-C", "/dev/null", "-bP", "exim_user", "exim_group"], {
    encoding: "utf8",
  })
    .trim()
    .split("\n")
    .map((line) => line.split("=").at(-1).trim());
  return { user, group };
}

function configuration() {
  const demands = `  hosts_require_tls = *
  tls_verify_hosts = *
  tls_verify_cert_hostnames = *
`;
  return `exim_path = ${program}
primary_hostname = client.example.test
spool_directory = ${at("spool")}
log_file_path = ${at("log/%slog")}
tls_advertise_hosts =
keep_environment =
no_message_logs
begin routers
smarthost:
  driver = manualroute
  route_list = * ${host}::${port} byname
  transport = smarthost
  self = send
begin transports
smarthost:
  driver = smtp
  protocol = ${scheme === "smtps" ? "smtps" : "smtp"}
  hosts_require_auth = *
  tls_verify_certificates = ${ca}
${mode === "default" ? "" : demands}  connect_timeout = ${PATIENCE}s
  command_timeout = ${PATIENCE}s
  data_timeout = ${PATIENCE}s
  final_timeout = ${PATIENCE}s
begin retry
* * F,1h,5m
begin authenticators
cram_md5:
  driver = cram_md5
  public_name = CRAM-MD5
  client_name = ${username}
  client_secret = ${password}
plain:
  driver = plaintext
  public_name = PLAIN
  client_send = ^${username}^${password}
login:
  driver = plaintext
  public_name = LOGIN
  client_send = : ${username} : ${password}
`;
}
