/** aiosmtpd: the simplest of the servers, which offers little more than STARTTLS and AUTH. */
import path from "node:path";
import { startDaemon } from "./daemon.ts";
import { createFolder } from "./folder.ts";
import { readMaildir } from "./maildir.ts";
import { freePorts } from "./port.ts";
import { accounts, address, defaultSizeLimit, refusals, type MailServer, type ServerOptions } from "./server.ts";

export async function startAiosmtpd(options: ServerOptions): Promise<MailServer> {
  const { authority, leaf = authority.ecdsa, sizeLimit = defaultSizeLimit } = options;
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await createFolder("aiosmtpd"));
  const ports = await freePorts("submissionPort", "submissionsPort");
  const flags = {
    name: address.serverName,
    "submission-port": ports.submissionPort,
    "submissions-port": ports.submissionsPort,
    certificate: leaf.certificateFile,
    key: leaf.keyFile,
    maildir: folder.at("mail"),
    "size-limit": sizeLimit,
    refusals: JSON.stringify(refusals.map(({ localPart, reply }) => [localPart, reply])),
    accounts: JSON.stringify(accounts.map(({ user, password }) => [user, password])),
  };
  const daemon = await startDaemon(
    [
      "/usr/bin/python3",
      path.join(import.meta.dirname, "aiosmtpd-server.py"),
      ...Object.entries(flags).map(([name, value]) => `--${name}=${value}`),
    ],
    { listening: Object.values(ports) },
  );
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
