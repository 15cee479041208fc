/** Haraka: a server in Node without CHUNKING and DSN, from where scripts/install-interop.sh has installed it. */
import { access, copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { startDaemon } from "./daemon.ts";
import { createFolder } from "./folder.ts";
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

export interface HarakaOptions extends ServerOptions {
  /** The folder of the npm package. */
  readonly install?: string;
}

export async function startHaraka(options: HarakaOptions): Promise<MailServer> {
  const { authority, leaf = authority.ecdsa, sizeLimit = defaultSizeLimit } = options;
  const { install = "/var/cache/postseal-interop/haraka/node_modules/haraka" } = options;
  const program = path.join(install, "bin/haraka");
  await access(program).catch((cause: unknown) => {
    throw new Error(`no Haraka at ${program}: run scripts/install-interop.sh as root`, { cause });
  });
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await createFolder("haraka"));
  const ports = await freePorts("submissionPort", "submissionsPort");
  for (const name of ["config", "plugins", "queue", "mail/new", "mail/tmp"])
    await mkdir(folder.at(name), { recursive: true });
  // Haraka fails at its first connection unless this file is complete.
  const defaults = await readFile(path.join(install, "config/connection.ini"), "utf8");
  const users = accounts.map(({ user, password }) => `${user}=${password}`).join("\n");
  const files: Readonly<Record<string, string>> = {
    "config/smtp.ini": `listen=${Object.values(ports)
      .map((port) => `127.0.0.1:${port}`)
      .join(",")}\nsmtps_port=${ports.submissionsPort}\nnodes=0\n`,
    "config/connection.ini": defaults.replace(/^bytes=.*$/m, `bytes=${sizeLimit}`),
    "config/me": address.serverName,
    "config/log.ini": "[main]\nlevel=info\n",
    "config/auth_flat_file.ini": `[core]\nmethods=PLAIN,LOGIN,CRAM-MD5\n[users]\n${users}\n`,
    "config/plugins": "tls\nauth/flat_file\nmaildir\n",
    "plugins/maildir.js": maildirPlugin(folder.at("mail")),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(folder.at(name), text);
  await copyFile(leaf.certificateFile, folder.at("config/tls_cert.pem"));
  await copyFile(leaf.keyFile, folder.at("config/tls_key.pem"));

  const daemon = await startDaemon([process.execPath, program, "-c", folder.path], { listening: Object.values(ports) });
  stack.use(daemon);
  const log = (): string => daemon.output();
  const owned = stack.move();
  return {
    ...address,
    ...ports,
    folder: folder.path,
    log,
    delivered: (count = 1) => readMaildir(folder.at("mail"), count, log),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A plugin that decides on recipients, and keeps a message before it is acknowledged. Haraka loads plugins as CommonJS. */
function maildirPlugin(maildir: string): string {
  return `const fs = require("node:fs");
const path = require("node:path");
const maildir = ${JSON.stringify(maildir)};
const DSN = require("haraka-dsn");
const refusals = ${JSON.stringify(refusals)};
const barred = ${JSON.stringify(barred)};
const unheard = ${JSON.stringify(unheard)};
exports.hook_mail = (next, connection, [reversePath]) =>
  reversePath.user?.startsWith(barred.localPart) ? next(DENY, barred.reply.slice(4)) : next();
exports.hook_data = (next, connection) =>
  connection.transaction.mail_from.user?.startsWith(unheard.localPart) ? next(DENY, unheard.reply.slice(4)) : next();
exports.hook_rcpt = (next, connection, [forwardPath]) => {
  const refusal = refusals.find(({ localPart }) => forwardPath.user.startsWith(localPart));
  if (refusal === undefined) return next(OK);
  const [, code, enhanced, text] = /^(\\d+) (\\S+) (.*)$/.exec(refusal.reply);
  const [, subject, detail] = enhanced.split(".");
  next(code.startsWith("4") ? DENYSOFT : DENY, new DSN(code, text, undefined, subject, detail));
};
exports.hook_queue = (next, connection) => {
  const { uuid, message_stream } = connection.transaction;
  const file = fs.createWriteStream(path.join(maildir, "tmp", uuid));
  file.once("close", () => {
    fs.renameSync(path.join(maildir, "tmp", uuid), path.join(maildir, "new", uuid));
    next(OK, "kept " + uuid);
  });
  message_stream.pipe(file);
};
exports.hook_queue_outbound = exports.hook_queue;
`;
}
