/** The server's side of AUTH PLAIN (RFC 4616) and AUTH LOGIN: challenges out, responses in, at the end whether it is right. */

import type { Connection } from "./connection.ts";

export interface Account {
  readonly username: string;
  readonly password: string;
}

/** Yields challenges, is resumed with responses. An empty challenge waits for an initial response. */
type Exchange = Generator<string, boolean, string>;

export const mechanisms: ReadonlyMap<string, (account: Account) => Exchange> = new Map([
  ["PLAIN", plain],
  ["LOGIN", login],
]);

function* plain({ username, password }: Account): Exchange {
  const [authorizationId, user, secret, ...more] = (yield "").split("\0");
  const isOwn = authorizationId === "" || authorizationId === username;
  return isOwn && user === username && secret === password && more.length === 0;
}

function* login({ username, password }: Account): Exchange {
  const user = yield "Username:";
  const secret = yield "Password:";
  return user === username && secret === password;
}

/** Whether the client is who it says, or the reply to an exchange that did not come to its end. */
export async function runExchange(
  exchange: Exchange,
  initial: string | undefined,
  connection: Connection,
): Promise<boolean | string> {
  // An empty initial response is written "=" (RFC 4954 section 4).
  let response = initial === "=" ? "" : initial;
  let step = exchange.next();
  while (step.done !== true) {
    if (response === undefined) {
      connection.say(`334 ${Buffer.from(step.value).toString("base64")}\r\n`);
      response = (await connection.line())?.toString("latin1");
    }
    if (response === undefined || response === "*") return "501 5.7.0 Cancelled";
    const text = decoded(response);
    if (text === undefined) return "501 5.5.2 That is not base64";
    step = exchange.next(text);
    response = undefined;
  }
  return step.value;
}

/** `undefined` for what is not base64. */
function decoded(base64: string): string | undefined {
  const octets = Buffer.from(base64, "base64");
  return octets.toString("base64") === base64 ? octets.toString("utf8") : undefined;
}
