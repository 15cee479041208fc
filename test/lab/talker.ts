/** An SMTP client that says what a test asks, and waits for a number of replies. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";

export class Talker {
  readonly #socket: Socket;
  readonly closed: Promise<void>;
  heard = "";
  pieces = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => {
      this.heard += chunk.toString("latin1");
      this.pieces += 1;
    });
    this.closed = once(socket, "close").then(() => undefined);
  }

  /** Connects, and waits for the greeting. */
  static async to(port: number): Promise<Talker> {
    const talker = new Talker(connect({ port, host: "127.0.0.1", noDelay: true }));
    await talker.say("", 1);
    return talker;
  }

  async write(text: string): Promise<void> {
    await new Promise((resolve) => {
      this.#socket.write(text, "latin1", resolve);
    });
  }

  async say(text: string, replies: number): Promise<void> {
    const count = (): number => this.heard.match(/^\d{3} .*\r\n/gm)?.length ?? 0;
    const due = count() + replies;
    await this.write(text);
    while (count() < due && !this.#socket.destroyed) await once(this.#socket, "data");
  }

  forget(): void {
    this.heard = "";
    this.pieces = 0;
  }

  leave(): void {
    this.#socket.end();
  }
}
