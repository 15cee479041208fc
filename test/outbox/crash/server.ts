/** A submission server that counts how often it took each message for each recipient, before it says so. */
import { setTimeout as delay } from "node:timers/promises";
import { createSecureContext } from "node:tls";
import { beginLogin, createAuthority, listen, serve } from "@postseal/lab";
import type { AccountOptions } from "@postseal/outbox";

/** The reply that refuses a recipient who comes after so many others; `undefined` if this one is taken. */
export type Refuse = (recipient: string, others: number) => string | undefined;

export interface CountingServer extends AsyncDisposable {
  readonly account: AccountOptions;
  /** How often it took the message for this recipient. */
  times(messageId: string, recipient: string): number;
  /** How many recipients it took messages for, each as often as it did. */
  readonly total: number;
}

/** Each message is answered a little later, so that there is something between handing over and answer. */
const LONGEST_ANSWER = 8;
const HOST = "127.0.0.1";
const LOGIN = { username: "app", password: "a password of the tests" };

export async function startCountingServer({
  limits = [],
  refuse,
}: { readonly limits?: readonly string[]; readonly refuse?: Refuse } = {}): Promise<CountingServer> {
  const authority = await createAuthority({ name: "Outbox test server" });
  const { chain, key } = await authority.issue({ commonName: HOST, names: [["ip", HOST]] });
  const context = createSecureContext({ cert: chain, key });
  const taken = new Map<string, number>();
  let total = 0;
  const listener = await listen((socket) => {
    void serve(socket, {
      tls: { transport: "implicit", context },
      capabilities: ["PIPELINING", "8BITMIME", "CHUNKING", "ENHANCEDSTATUSCODES", "AUTH PLAIN", ...limits],
      login: (mechanism, offered, tls) => beginLogin(mechanism, LOGIN, { tls, offered }),
      requiresLogin: true,
      refuse,
      arrive: async ({ forwardPaths, body }) => {
        for (const recipient of forwardPaths) {
          const name = nameOf(messageIdIn(body), recipient);
          taken.set(name, (taken.get(name) ?? 0) + 1);
          total += 1;
        }
        await delay(Math.random() * LONGEST_ANSWER);
      },
    });
  });
  const { username, password } = LOGIN;
  return {
    account: {
      server: `submissions://${HOST}:${listener.port}`,
      tls: { ca: { only: authority.certificate } },
      credentials: { username, password },
    },
    times: (messageId, recipient) => taken.get(nameOf(messageId, recipient)) ?? 0,
    get total() {
      return total;
    },
    [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
  };
}

function nameOf(messageId: string, recipient: string): string {
  return `${messageId} ${recipient}`;
}

function messageIdIn(message: string): string {
  const [, id = ""] = /^Message-ID: (<[^>]+>)/im.exec(message) ?? [];
  return id;
}
