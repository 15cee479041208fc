/**
 * In the place of Nodemailer's pool: what an application does that moves to `sealed(server, options)`. The host, the port, the
 * account, the patience and a socket of its own are carried over.
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

/** Called with `new`, and so returns the transport. */
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

/** These tests call the transport past Nodemailer's composer, whose part is to say what the envelope was, and the header. */
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
