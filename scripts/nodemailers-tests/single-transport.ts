/** Replaces Nodemailer's transport without a pool, which closes its connection after each message. */
import type { SealedTransport } from "@postseal/mailer/nodemailer";
import { Transport } from "./transport.ts";

function SingleTransport(given?: Parameters<typeof Transport>[0]): Pick<
  SealedTransport,
  "name" | "version" | "send"
> & {
  readonly verify: (callback: (error: unknown, success?: true) => void) => void;
} {
  const transport = Transport(given);
  const { name, version } = transport;
  return {
    name,
    version,
    send: (mail, callback) => transport.send(mail, (error, info) => void end(transport, () => callback(error, info))),
    verify: (callback) => transport.verify((error, success) => void end(transport, () => callback(error, success))),
  };
}

async function end(transport: SealedTransport, tell: () => void): Promise<void> {
  await transport.close();
  tell();
}

export { SingleTransport as "module.exports" };
