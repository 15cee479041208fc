/**
 * Replaces Nodemailer's pool as an application does that moves to `sealed(server, options)`: it carries over host, port,
 * account, timeouts and its own socket.
 */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { PassThrough } from "node:stream";
import type { ConnectHook } from "@postseal/mailer";
import { sealed, type SealedTransport } from "@postseal/mailer/nodemailer";
import { HEADER, pem } from "./agreement.ts";

interface Options {
  readonly url?: string;
  readonly host?: string;
  readonly port?: number;
  /** Milliseconds. */
  readonly socketTimeout?: number;
  readonly auth?: { readonly user: string; readonly pass?: string };
  readonly getSocket?: (
    options: object,
    callback: (error: Error | null, answer: { readonly connection: Socket }) => void,
  ) => void;
}

type Mail = Parameters<SealedTransport["send"]>[0];

/** A function, because the tests call it with `new` and get the object that it returns. */
export function Transport(given: string | Options = {}): SealedTransport {
  const options: Options = typeof given === "string" ? { url: given } : given;
  const [, user, pass, host = options.host ?? "localhost", port = options.port ?? 587] =
    /^smtp:(?:\/\/)?(?:(\w+):(\w+)@)?([\w.]+):(\d+)/.exec(options.url ?? "") ?? [];
  const username = user ?? options.auth?.user;
  const password = pass ?? options.auth?.pass;
  const transport = sealed(
    { host, port: Number(port), transport: "starttls" },
    {
      tls: { ca: { only: pem("authority") } },
      connect: options.getSocket === undefined ? toLoopback : through(options.getSocket),
      ...(options.socketTimeout === undefined ? {} : { timeouts: { envelope: options.socketTimeout } }),
      ...(username === undefined || password === undefined ? {} : { credentials: { username, password } }),
    },
  );
  const send = transport.send.bind(transport);
  transport.send = (mail, callback) => send(composed(mail), callback);
  return transport;
}

/** These tests bypass Nodemailer's composer, which would supply the envelope and the header. */
function composed({ data, message }: Mail): Mail {
  return {
    data: { envelope: message.getEnvelope(), ...data },
    message: {
      getEnvelope: () => message.getEnvelope(),
      messageId: () => message.messageId(),
      getHeader: (key) => message.getHeader(key),
      createReadStream: () => {
        const stream = new PassThrough();
        stream.write(HEADER);
        message.createReadStream().pipe(stream);
        return stream;
      },
    },
  };
}

const toLoopback: ConnectHook = async ({ port }) => {
  const socket = connect({ host: "127.0.0.1", port });
  await once(socket, "connect");
  return socket;
};

function through(getSocket: NonNullable<Options["getSocket"]>): ConnectHook {
  return () =>
    new Promise((resolve, reject) => {
      getSocket({}, (error, answer) => (error === null ? resolve(answer.connection) : reject(error)));
    });
}

export { Transport as "module.exports" };
