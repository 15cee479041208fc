/** A login as a value (RFC 4422 section 3): the next challenge and a function from the response to the next step, or how it ended. */
import type { Peer } from "./peer.ts";

export type Exchange = Challenge<Exchange | Promise<Exchange>> | Verdict;

/** An exchange that judges each response at once. */
export type PromptExchange = Challenge<PromptExchange> | Verdict;

interface Challenge<Next> {
  readonly challenge: Buffer;
  readonly hear: (response: Buffer) => Next;
}

/** The user who has logged in; `undefined` for a refused login. */
interface Verdict {
  readonly username: string | undefined;
}

/** An empty challenge. If there is an initial response, it answers this challenge, which is then never sent. */
export function wait<Next>(hear: (response: Buffer) => Next): Challenge<Next> {
  return { challenge: Buffer.alloc(0), hear };
}

export function over(username: string | undefined): Verdict {
  return { username };
}

/** The verdict; or the reply to a malformed or cancelled exchange; or `gone` if the client closed the connection. */
export type Ending = Verdict | { readonly reply: string } | "gone";

/** Holds the exchange of RFC 4954 section 4. `initial`: the initial response as it stands in AUTH. */
export async function runLogin(
  first: Exchange,
  initial: string | undefined,
  peer: Pick<Peer, "say" | "line">,
): Promise<Ending> {
  let exchange = first;
  // An empty initial response is written "=".
  let response = initial === "=" ? "" : initial;
  while ("challenge" in exchange) {
    if (response === undefined) {
      await peer.say(`334 ${exchange.challenge.toString("base64")}\r\n`);
      response = (await peer.line())?.toString("latin1");
    }
    if (response === undefined) return "gone";
    if (response === "*") return { reply: "501 5.7.0 Cancelled" };
    const octets = Buffer.from(response, "base64");
    if (octets.toString("base64") !== response) return { reply: "501 5.5.2 That is not base64" };
    exchange = await exchange.hear(octets);
    response = undefined;
  }
  return exchange;
}
