/** What stands between the workers and a server: it counts connections, can turn them away with 421, or be gone for a while. */
import { connect } from "node:net";
import { listen, type Listener, tie } from "@postseal/lab";

export class Gate {
  readonly #to: number;
  #listener: Listener | undefined;
  /** Where it listens, each time that it is open. */
  port = 0;
  /** Says 421 instead of the server's greeting. */
  isBusy = false;
  turnedAway = 0;
  /** Connections that reached the server. */
  passed = 0;

  /** `to`: the port of the server. */
  constructor(to: number) {
    this.#to = to;
  }

  async open(): Promise<void> {
    this.#listener = await listen(
      (client) => {
        if (this.isBusy) {
          this.turnedAway += 1;
          client.end("421 4.3.2 Busy, come back later\r\n");
          return;
        }
        this.passed += 1;
        const server = connect(this.#to, "127.0.0.1");
        tie(client, server);
        client.pipe(server).pipe(client);
      },
      { port: this.port },
    );
    this.port = this.#listener.port;
  }

  /** Nobody listens any more, and every connection is cut. */
  async close(): Promise<void> {
    await this.#listener?.[Symbol.asyncDispose]();
    this.#listener = undefined;
  }
}
