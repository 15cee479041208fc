/** Dovecot's authentication, for its own submission server and for Postfix. */
import { writeFile } from "node:fs/promises";
import { startDaemon } from "./daemon.ts";
import { createFolder, type Folder } from "./folder.ts";
import { type IntrospectionEndpoint, startIntrospection } from "./introspection.ts";
import { accounts } from "./server.ts";

export interface Sasl extends AsyncDisposable {
  /** The UNIX socket through which Postfix asks. */
  readonly socket: string;
  log(): string;
}

/** Starts only the part that authenticates: no mail protocol, no port. */
export async function startSasl(): Promise<Sasl> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await createFolder("sasl"));
  const introspection = stack.use(await startIntrospection());
  const socket = folder.at("run/auth-client");
  await writeFile(folder.at("dovecot.conf"), `protocols =\nssl = no\n${await authConf(folder, introspection)}`);
  const dovecot = stack.use(await startDaemon(command(folder), { listening: [socket] }));
  const owned = stack.move();
  return {
    socket,
    log: () => dovecot.output(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

export const command = (folder: Folder): readonly string[] => [
  "/usr/sbin/dovecot",
  "-F",
  "-c",
  folder.at("dovecot.conf"),
];

/** Debian's user and group `mail`. */
export const mailUser: number = 8;

/** Dovecot's configuration of the accounts: by password, with every mechanism that it knows, and by bearer token. */
export async function authConf(folder: Folder, introspection: IntrospectionEndpoint): Promise<string> {
  const { url, configurationUrl, scope } = introspection;
  await writeFile(
    folder.at("users"),
    accounts.map(({ user, password }) => `${user}:{PLAIN}${password}::::::\n`).join(""),
  );
  // Without grant_type: with it Dovecot 2.3 asks for a token itself, and every login hangs.
  await writeFile(
    folder.at("oauth2.conf"),
    `introspection_mode = post
introspection_url = ${url}
active_attribute = active
active_value = true
username_attribute = email
client_id = dovecot
client_secret = dovecot
timeout_msecs = 3000
openid_configuration_url = ${configurationUrl}
${scope === undefined ? "" : `scope = ${scope}\n`}`,
  );
  return `base_dir = ${folder.at("run")}
state_dir = ${folder.at("run")}
log_path = /dev/stderr
instance_name = ${folder.path}
disable_plaintext_auth = yes
auth_mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256 oauthbearer xoauth2
auth_failure_delay = 0
auth_verbose = yes
passdb {
  driver = passwd-file
  mechanisms = plain login cram-md5 scram-sha-1 scram-sha-256
  args = username_format=%u ${folder.at("users")}
}
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = ${folder.at("oauth2.conf")}
}
userdb {
  driver = static
  args = uid=${mailUser} gid=${mailUser} home=${folder.at("mail")}/%Lu allow_all_users=yes
}
service auth {
  unix_listener auth-client {
    mode = 0666
  }
}
# Else a failed login makes the next one from the same address wait.
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  unix_listener stats-writer {
    mode = 0666
  }
}
`;
}
