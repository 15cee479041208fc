/**
 * A submission server in memory, for many conversations a second: an honest dialogue over a pair of streams, and faults if
 * a test wants them. What it has taken is the truth that the client's word is compared with, so it shares nothing with the
 * lab's server: neither can hide a mistake of the other.
 */
import { type Duplex, duplexPair } from "node:stream";
import { createSecureContext, type SecureContext } from "node:tls";
import type { Issued } from "@postseal/lab";
import type { Transport } from "@postseal/mailer";
import type { Behaviour, Taken } from "./behaviour.ts";
import { Connection } from "./connection.ts";

export class Server {
  readonly taken: Taken[] = [];
  readonly connections: Connection[] = [];
  readonly #context: SecureContext;
  readonly #behaviour: (connection: number) => Behaviour;
  readonly #transport: Transport;
  /** Octets in both directions, on all connections. */
  traffic = 0;
  /** Refused attempts to connect. */
  refused = 0;

  constructor(identity: Issued, behaviour: (connection: number) => Behaviour, transport: Transport) {
    this.#transport = transport;
    this.#context = createSecureContext({ cert: identity.chain, key: identity.key });
    this.#behaviour = behaviour;
  }

  /** The client's end of a new connection. Throws ECONNREFUSED if nobody is there. */
  connect(): Duplex {
    const behaviour = this.#behaviour(this.connections.length + this.refused);
    if (behaviour.greeting === "nobody there") {
      this.refused += 1;
      throw Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    }
    const [client, server] = duplexPair();
    // As with a socket, neither end outlives the other.
    client.once("close", () => server.destroy());
    server.once("close", () => client.destroy());
    client.on("error", () => {});
    const setup = { context: this.#context, transport: this.#transport };
    const reset = (): unknown => client.destroy(Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }));
    this.connections.push(
      new Connection({ raw: server, reset, moved: () => (this.traffic += 1) }, setup, behaviour, (message) =>
        this.taken.push(message),
      ),
    );
    return client;
  }
}
