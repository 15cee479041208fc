/**
 * A submission server for SCRAM with channel binding (RFC 5802, RFC 9266), which no packaged mail server does: a small
 * SMTP dialogue of ours, the verdict from GNU SASL.
 */
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { createSecureContext, TLSSocket, type SecureContext } from "node:tls";
import { conversationOn, type Conversation } from "./conversation.ts";
import { createFolder } from "./folder.ts";
import { readMaildir } from "./maildir.ts";
import { listen, portOf } from "./port.ts";
import { openJudge } from "./scram-judge.ts";
import { accounts, address, type MailServer, type ServerOptions } from "./server.ts";

/** Offers SCRAM-SHA-256 and SCRAM-SHA-1, both also -PLUS, after STARTTLS; no implicit TLS. */
export async function startScramPlus(options: ServerOptions): Promise<Omit<MailServer, "submissionsPort">> {
  const { authority, leaf = authority.ecdsa } = options;
  const context = createSecureContext({
    cert: await readFile(leaf.certificateFile),
    key: await readFile(leaf.keyFile),
    minVersion: "TLSv1.3", // On TLS 1.2 tls-exporter is safe only with an extended master secret (RFC 9266).
  });
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await createFolder("scram-plus"));
  await mkdir(folder.at("new"));
  const sockets = new Set<Socket>();
  const lines: string[] = [];
  let kept = 0;
  const keep = async (message: string): Promise<void> => {
    const name = String((kept += 1));
    await writeFile(folder.at(name), message);
    await rename(folder.at(name), folder.at("new", name));
  };
  const server = createServer((socket) => {
    sockets.add(socket.once("close", () => sockets.delete(socket)));
    socket.on("error", (error) => lines.push(error.message));
    converse(socket, context, keep, (line) => lines.push(line)).catch((error: unknown) => {
      lines.push(String(error));
      socket.destroy();
    });
  });
  await listen(server);
  stack.defer(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const log = (): string => lines.map((line) => `${line}\n`).join("");
  const owned = stack.move();
  return {
    ...address,
    submissionPort: portOf(server),
    folder: folder.path,
    log,
    delivered: (count = 1) => readMaildir(folder.path, count, log),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

type Keep = (message: string) => Promise<void>;
type Note = (line: string) => void;

async function converse(socket: Socket, context: SecureContext, keep: Keep, note: Note): Promise<void> {
  const clear = conversationOn(socket);
  clear.say(`220 ${address.serverName} ESMTP`);
  for await (const command of clear.heard) {
    note(`clear: ${command}`);
    const verb = verbOf(command);
    if (verb === "QUIT") return void socket.end("221 2.0.0 Bye\r\n");
    if (verb === "STARTTLS") break;
    if (verb === "EHLO") clear.say(`250-${address.serverName}`, "250-STARTTLS", "250 8BITMIME");
    else clear.say("530 5.7.0 Must issue a STARTTLS command first");
  }
  if (socket.readableEnded) return;
  clear.stop();
  clear.say("220 2.0.0 Ready to start TLS");
  const sealed = new TLSSocket(socket, { isServer: true, secureContext: context });
  sealed.on("error", (error: Error) => note(`tls: ${error.message}`));
  await converseSealed(sealed, keep, note);
}

async function converseSealed(socket: TLSSocket, keep: Keep, note: Note): Promise<void> {
  const conversation = conversationOn(socket);
  const { say, heard } = conversation;
  let isAuthenticated = false;
  for await (const command of heard) {
    note(`sealed: ${command}`);
    const verb = verbOf(command);
    if (verb === "QUIT") return void socket.end("221 2.0.0 Bye\r\n");
    if (verb === "EHLO") say(`250-${address.serverName}`, `250-AUTH ${mechanisms.join(" ")}`, "250 8BITMIME");
    else if (verb === "AUTH") isAuthenticated = await authenticate(socket, conversation, command);
    else if (!isAuthenticated) say("530 5.7.0 Authentication required");
    else if (verb === "DATA") {
      say("354 End data with <CR><LF>.<CR><LF>");
      await keep(await readMessage(conversation));
      say("250 2.0.0 Kept");
    } else if (["MAIL", "RCPT", "RSET", "NOOP"].includes(verb)) say("250 2.0.0 OK");
    else say("502 5.5.1 Command not implemented");
  }
}

const mechanisms = ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-1"];

const verbOf = (command: string): string => command.split(" ", 1)[0]?.toUpperCase() ?? "";

/** Whether GNU SASL was convinced, by the password and by this end's view of the TLS connection. */
async function authenticate(socket: TLSSocket, { say, hear }: Conversation, command: string): Promise<boolean> {
  const [, mechanism = "", initial] = command.split(" ");
  if (!mechanisms.includes(mechanism)) {
    say("504 5.5.4 Unrecognized authentication type");
    return false;
  }
  if (initial === undefined) say("334 ");
  let response = initial ?? (await hear());
  const user = /(?:^|,)n=([^,]+)/.exec(Buffer.from(response, "base64").toString())?.[1];
  const password = accounts.find((account) => account.user === user)?.password;
  const channelBinding = socket.exportKeyingMaterial(32, "EXPORTER-Channel-Binding", Buffer.alloc(0));
  await using judge = openJudge(mechanism, password ?? "nobody has this password", channelBinding);
  for (;;) {
    const [verdict, detail] = await judge.hear(response);
    if (verdict === "wrong") {
      say(`535 5.7.8 Authentication credentials invalid: ${detail}`);
      return false;
    }
    if (verdict === "continue" || detail !== "") {
      say(`334 ${detail}`);
      response = await hear();
    }
    if (verdict === "right") {
      say("235 2.7.0 Authentication successful");
      return true;
    }
    if (response === "*") {
      say("501 5.0.0 Cancelled");
      return false;
    }
  }
}

async function readMessage({ hear }: Conversation): Promise<string> {
  let message = "";
  for (let line = await hear(); line !== "."; line = await hear()) message += `${line.replace(/^\./, "")}\r\n`;
  return message;
}
