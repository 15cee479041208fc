/** A whole conversation of an honest server with one client: all the submission server that a test without an attack needs. */
import type { Socket } from "node:net";
import type { SecureContext } from "node:tls";
import { Connection } from "./connection.ts";
import { type HonestOptions, HonestSession } from "./session.ts";

export interface ServeOptions extends Partial<Omit<HonestOptions, "capabilities">> {
  /** Leave it out for a socket that is inside TLS already. */
  readonly tls?: { readonly transport: "starttls" | "implicit"; readonly context: SecureContext };
  /** What it offers inside TLS. Default: nothing. In the clear it offers STARTTLS, and no login. */
  readonly capabilities?: readonly string[];
  /** Called with each command. Lines of a login or a message are no commands. */
  readonly onCommand?: (command: string, isSealed: boolean) => void;
  /** Called with what the client did wrong in the handshake or at the end of a line. */
  readonly onFailure?: (error: unknown) => void;
}

/** Resolves when the conversation is over. Without `login` nobody can log in; without `store` messages are thrown away. */
export async function serve(socket: Socket, options: ServeOptions): Promise<void> {
  const connection = new Connection(socket);
  try {
    await converse(connection, options);
  } catch (error) {
    options.onFailure?.(error);
  } finally {
    connection.close();
  }
}

async function converse(connection: Connection, options: ServeOptions): Promise<void> {
  const { tls } = options;
  if (tls?.transport === "implicit") await connection.upgrade(tls.context, "");
  let session = openSession(connection, options);
  await session.greet();
  for (let line = await connection.line(); line !== undefined; line = await connection.line()) {
    const command = line.toString("latin1");
    options.onCommand?.(command, connection.isSealed);
    const turn = await session.answer(command);
    if (turn === "quit") return;
    if (turn === "final") await session.accept();
    if (turn !== "tls") continue;
    if (tls === undefined || connection.isSealed) throw new Error("the client said STARTTLS inside TLS");
    await connection.upgrade(tls.context, "");
    // RFC 3207 section 4.2: the server forgets what was said in the clear.
    session = openSession(connection, options);
  }
}

function openSession(connection: Connection, options: ServeOptions): HonestSession {
  const {
    capabilities = [],
    login = () => undefined,
    store = () => undefined,
    requiresLogin = false,
    refuse,
    arrive,
  } = options;
  const clear = ["STARTTLS", ...capabilities.filter((line) => !line.startsWith("AUTH "))];
  return new HonestSession(connection, {
    capabilities: connection.isSealed ? capabilities : clear,
    login,
    store,
    requiresLogin,
    refuse,
    arrive,
  });
}
