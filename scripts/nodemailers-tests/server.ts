/**
 * The server of Nodemailer's tests, with STARTTLS and a certificate of an authority, without which there is no sealed session.
 * Nodemailer's messages have no header here; the one that our transport puts before them is removed again.
 */
import { PassThrough } from "node:stream";
import { SMTPServer, type SMTPServerDataStream, type SMTPServerOptions } from "smtp-server";
import { HEADER, pem } from "./agreement.ts";

type OnData = NonNullable<SMTPServerOptions["onData"]>;

class SealedServer extends SMTPServer {
  constructor({ disabledCommands = [], ...options }: SMTPServerOptions) {
    super({
      ...options,
      disabledCommands: disabledCommands.filter((command) => command !== "STARTTLS"),
      cert: pem("chain"),
      key: pem("key"),
    });
    let theirs: OnData = (stream, session, callback) => options.onData?.call(this, stream, session, callback);
    // The tests set functions of their own here.
    Object.defineProperty(this, "onData", {
      get: (): OnData => (stream, session, callback) => theirs.call(this, withoutHeader(stream), session, callback),
      set: (given: OnData) => {
        theirs = given;
      },
    });
  }
}

function withoutHeader(stream: SMTPServerDataStream): SMTPServerDataStream {
  let left = HEADER.length;
  const rest = new PassThrough();
  stream.on("data", (chunk: Buffer) => {
    rest.write(chunk.subarray(left));
    left = Math.max(0, left - chunk.length);
  });
  stream.on("end", () => rest.end());
  return Object.assign(rest, { byteLength: stream.byteLength, sizeExceeded: stream.sizeExceeded });
}

export { SealedServer as SMTPServer };
