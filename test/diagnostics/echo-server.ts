/**
 * A server, inside TLS, that repeats whatever proves the client's identity, as it came, decoded and in pieces, at the login
 * and ever after. It keeps a list of this, so that a test can look for it.
 */
import { createHmac } from "node:crypto";
import { createServer, type TLSSocket } from "node:tls";
import { type Authority, canaries, Connection, ehloReply, listen, type Listener } from "@postseal/lab";
import type { MechanismName } from "@postseal/mailer";

/** How the login ends. `challenged`: challenges repeat everything. `broken`: no valid reply. `cut`: the connection ends. */
export type Ending = "refused" | "accepted" | "challenged" | "broken" | "cut";

/** All mechanisms of the product. */
export const mechanisms: readonly MechanismName[] = [
  "PLAIN",
  "LOGIN",
  "CRAM-MD5",
  "SCRAM-SHA-1",
  "SCRAM-SHA-1-PLUS",
  "SCRAM-SHA-256",
  "SCRAM-SHA-256-PLUS",
  "XOAUTH2",
  "OAUTHBEARER",
  "EXTERNAL",
];

export interface EchoServer extends Listener {
  /** From all connections, every response to a challenge and each piece of it that is long enough to be a secret. */
  readonly responses: ReadonlySet<string>;
}

/** Characters: longer than a tag with a short value. */
const LONG = 16;

export async function startEchoServer(
  authority: Authority,
  { mechanism, ending }: { readonly mechanism: string; readonly ending: Ending },
): Promise<EchoServer> {
  const { chain, key } = await authority.issue();
  const responses = new Set<string>();
  // Only EXTERNAL needs the client's certificate.
  const options = { cert: chain, key, requestCert: mechanism === "EXTERNAL", rejectUnauthorized: false };
  const server = createServer(options, (socket) => {
    socket.on("error", () => socket.destroy());
    void converse(socket, mechanism, ending, responses);
  });
  const listener = await listen((socket) => server.emit("connection", socket));
  return { ...listener, responses };
}

async function converse(socket: TLSSocket, mechanism: string, ending: Ending, heard: Set<string>): Promise<void> {
  const connection = new Connection(socket);
  const next = async (): Promise<string> => (await connection.line())?.toString() ?? "";
  const echo = (): string => [...heard].join(" | ");
  // On a later connection it repeats what it heard on an earlier one.
  socket.write(`220-echo.example.test ESMTP\r\n${halved(220, heard)}220 ${echo()}\r\n`);
  for (let line = await next(); line !== ""; line = await next()) {
    const [verb = "", , initial] = line.split(" ");
    if (verb === "EHLO") {
      const offer = `AUTH ${mechanism} ${[...heard].join(" ")}`;
      socket.write(ehloReply([...heard, offer], "echo.example.test"));
    } else if (verb === "AUTH") {
      if (initial !== undefined) note(heard, initial);
      for (const challenge of challengesOf(mechanism)) {
        const first = Buffer.from(initial ?? "", "base64").toString();
        socket.write(`334 ${Buffer.from(challenge(first)).toString("base64")}\r\n`);
        note(heard, await next());
      }
      if (ending === "cut") socket.destroy();
      else if (ending === "challenged") {
        for (const text of [`e=${echo()}`, JSON.stringify({ status: echo(), scope: echo(), schemes: echo() })]) {
          socket.write(`334 ${Buffer.from(text).toString("base64")}\r\n`);
          await next();
        }
        socket.write(`334 ${echo()}\r\n`);
      } else if (ending === "broken") socket.write(`?? ${echo()}\r\n`);
      else
        socket.write(
          ending === "refused"
            ? `535-5.7.8 Not ${echo()}\r\n${halved(535, heard)}535 5.7.8 ${echo()}\r\n`
            : `235-${echo()}\r\n${halved(235, heard)}235 2.7.0 ok\r\n`,
        );
    } else if (verb === "QUIT") socket.end(`221 ${echo()}\r\n`);
    else socket.write(`550 5.7.1 Not after ${echo()}\r\n`);
  }
}

/** Each piece over two lines of a reply. */
function halved(code: number, pieces: ReadonlySet<string>): string {
  const lines = [...pieces].flatMap((piece) => {
    const half = Math.floor(piece.length / 2);
    return [piece.slice(0, half), piece.slice(half)];
  });
  return lines.map((line) => `${code}-${Math.floor(code / 100)}.7.8 ${line}\r\n`).join("");
}

type Challenge = (clientFirst: string) => string;

function challengesOf(mechanism: string): readonly Challenge[] {
  switch (mechanism) {
    case "LOGIN":
      return [() => "Username:", () => "Password:"];
    case "CRAM-MD5":
      return [() => "<1.2@echo.example.test>"];
    case "PLAIN":
    case "EXTERNAL":
    case "XOAUTH2":
    case "OAUTHBEARER":
      return [];
    default:
      return [(first) => `r=${/,r=(.*)$/.exec(first)?.[1] ?? ""}echo,s=c2FsdA==,i=4096`];
  }
}

function note(heard: Set<string>, response: string): void {
  const text = Buffer.from(response, "base64").toString();
  heard.add(response);
  for (const piece of text.split(/[ ,\0\u0001]/)) if (piece.length >= LONG) heard.add(piece);
}

/** The digest that CRAM-MD5 makes of the challenge above. A test checks that the search finds it. */
export const cramDigest: string = createHmac("md5", canaries.password).update("<1.2@echo.example.test>").digest("hex");
