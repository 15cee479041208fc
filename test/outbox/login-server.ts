/** A submission server that counts connections and logins, and can refuse every login. */
import { createSecureContext } from "node:tls";
import { beginLogin, createAuthority, listen, type Listener, serve } from "@postseal/lab";
import type { AccountOptions } from "@postseal/outbox";

const username = "app";
const password = "correct horse";
const HOST = "127.0.0.1";

export class LoginServer {
  /** It serves nobody before so many have come: then they all log in at once. */
  readonly #together: number;
  readonly #gathered = Promise.withResolvers<void>();
  connections = 0;
  logins = 0;
  isRefusing = false;
  /** How often each message was taken, by its Message-ID. */
  readonly taken: Map<string, number> = new Map();
  #listener: Listener | undefined;

  constructor(together: number) {
    this.#together = together;
  }

  /** Returns the account of those who log in here. */
  async start(): Promise<AccountOptions> {
    const authority = await createAuthority({ name: "Postseal login server" });
    const { chain, key } = await authority.issue({ commonName: HOST, names: [["ip", HOST]] });
    const tls = { transport: "starttls", context: createSecureContext({ cert: chain, key }) } as const;
    this.#listener = await listen((socket) => {
      this.connections += 1;
      if (this.connections >= this.#together) this.#gathered.resolve();
      void this.#gathered.promise.then(() =>
        serve(socket, {
          tls,
          capabilities: ["PIPELINING", "8BITMIME", "ENHANCEDSTATUSCODES", "AUTH PLAIN"],
          requiresLogin: true,
          login: (mechanism, offered, secure) => {
            this.logins += 1;
            const known = this.isRefusing ? "changed since" : password;
            return beginLogin(mechanism, { username, password: known }, { tls: secure, offered });
          },
          store: ({ body }) => {
            const [, id = ""] = /^Message-ID: (<[^>]+>)/im.exec(body) ?? [];
            this.taken.set(id, (this.taken.get(id) ?? 0) + 1);
          },
        }),
      );
    });
    return {
      server: `submission://${HOST}:${this.#listener.port}`,
      credentials: { username, password },
      tls: { ca: { only: authority.certificate } },
    };
  }

  async close(): Promise<void> {
    await this.#listener?.[Symbol.asyncDispose]();
  }
}
