/** Dovecot as a submission server: bearer tokens and SCRAM, and the capabilities of a proxy. */
import { chown, mkdir, writeFile } from "node:fs/promises";
import { startDaemon } from "./daemon.ts";
import { createFolder } from "./folder.ts";
import { type IntrospectionEndpoint, startIntrospection } from "./introspection.ts";
import { freePorts } from "./port.ts";
import { startPostfix } from "./postfix.ts";
import { authConf, command, mailUser } from "./sasl.ts";
import type { Authority } from "./pki.ts";
import { address, defaultSizeLimit, type MailServer, type ServerOptions } from "./server.ts";

export interface DovecotOptions extends ServerOptions {
  /** A client with a certificate of the authority may log in by it (EXTERNAL), as the user in its common name. */
  readonly login?: "certificate";
  /** Whose tokens it takes. Default: an endpoint of its own, which knows one token. */
  readonly introspection?: IntrospectionEndpoint;
}

/** It keeps no mail: it hands what it accepts to the MX port of a Postfix, and `delivered` shows what Postfix delivered. */
export async function startDovecot(options: DovecotOptions): Promise<MailServer> {
  const { authority, leaf = authority.ecdsa, sizeLimit = defaultSizeLimit } = options;
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await createFolder("dovecot"));
  const postfix = stack.use(await startPostfix({ authority, sasl: "none", sizeLimit }));
  const introspection = options.introspection ?? stack.use(await startIntrospection());
  const ports = await freePorts("submissionPort", "submissionsPort");
  await mkdir(folder.at("mail"));
  await chown(folder.at("mail"), mailUser, mailUser);
  await writeFile(
    folder.at("dovecot.conf"),
    `protocols = submission
listen = 127.0.0.1
hostname = ${address.serverName}
ssl = required
ssl_cert = <${leaf.certificateFile}
ssl_key = <${leaf.keyFile}
ssl_min_protocol = TLSv1.2
mail_location = maildir:${folder.at("mail")}/%Lu
first_valid_uid = ${mailUser}
submission_relay_host = 127.0.0.1
submission_relay_port = ${postfix.mxPort}
submission_max_mail_size = ${sizeLimit}
service submission-login {
  inet_listener submission {
    port = ${ports.submissionPort}
  }
  inet_listener submissions {
    port = ${ports.submissionsPort}
    ssl = yes
  }
}
namespace inbox {
  inbox = yes
}
${await authConf(folder, introspection)}${options.login === "certificate" ? externalConf(authority) : ""}`,
  );
  const dovecot = stack.use(await startDaemon(command(folder), { listening: Object.values(ports) }));
  const owned = stack.move();
  return {
    ...address,
    ...ports,
    folder: folder.path,
    log: () => `${dovecot.output()}${postfix.log()}`,
    delivered: (count) => postfix.delivered(count),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function externalConf({ caFile }: Authority): string {
  return `auth_mechanisms = plain external
ssl_ca = <${caFile}
ssl_require_crl = no
ssl_verify_client_cert = yes
auth_ssl_username_from_cert = yes
passdb {
  driver = static
  mechanisms = external
  args = nopassword=y
}
`;
}
