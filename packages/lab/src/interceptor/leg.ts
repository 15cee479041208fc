/** One side of a connection that passes through: reads by line or by count, writes at the reader's pace, and can start TLS. */
import { once } from "node:events";
import { type Socket, connect, isIP } from "node:net";
import { TLSSocket, connect as connectTls, createSecureContext } from "node:tls";
import type { Issued } from "../authority/authority.ts";
import { OctetQueue } from "../server/octet-queue.ts";
import type { ChannelName } from "../verdict/transcript.ts";

/** A longer line comes in pieces of this many octets, so that a line without an end cannot fill the memory. */
const LONGEST = 1 << 20;

export interface Agreed {
  readonly protocol: string;
  readonly cipherSuite: string;
}

export class Leg {
  #stream: Socket;
  readonly #pending = new OctetQueue();
  #channel: ChannelName = "clear";

  constructor(socket: Socket) {
    this.#stream = socket;
    socket.on("error", () => socket.destroy());
  }

  /** Rejects if nobody answers. `signal` destroys the connection. */
  static async to(host: string, port: number, signal: AbortSignal): Promise<Leg> {
    const socket = connect({ host, port, noDelay: true, signal });
    await once(socket, "connect");
    return new Leg(socket);
  }

  get channel(): ChannelName {
    return this.#channel;
  }

  /** The next line with its end, or the part of it that came before the other side closed; then `undefined`. */
  async line(): Promise<Buffer | undefined> {
    let end = this.#pending.lineLength;
    while (end === 0 && this.#pending.size < LONGEST && (await this.#more())) end = this.#pending.lineLength;
    return this.#take(end === 0 ? this.#pending.size : end);
  }

  /** Whatever has come, at most `most` octets of it. */
  async some(most: number = Infinity): Promise<Buffer | undefined> {
    if (this.#pending.size === 0) await this.#more();
    return this.#take(Math.min(most, this.#pending.size));
  }

  /** The next octet, without taking it. */
  async peek(): Promise<number | undefined> {
    if (this.#pending.size === 0) await this.#more();
    return this.#pending.first;
  }

  /** Puts back octets that were read too far. */
  unread(octets: Buffer): void {
    this.#pending.unread(octets);
  }

  /** Resolves when there is room for more, or the connection has closed. */
  async write(octets: Buffer | string): Promise<void> {
    if (!this.#stream.writable) return;
    if (!this.#stream.write(octets, "latin1")) await this.#oneOf("drain", "close");
  }

  /** Sends what was written, then a FIN. The other direction stays open. */
  end(): void {
    this.#stream.end();
  }

  /** Sends what was written, then closes both directions. */
  leave(): void {
    this.#stream.destroySoon();
  }

  /** Starts TLS as the server. Rejects, with the client's alert if it sent one. */
  async accept({ chain, key }: Issued): Promise<Agreed> {
    const secureContext = createSecureContext({ cert: chain, key });
    return this.#secured(new TLSSocket(this.#handOver(), { isServer: true, secureContext }), "secure");
  }

  /** Starts TLS as the client, and verifies the peer's chain and name. `ca`: PEM, instead of the usual authorities. */
  async upgrade(host: string, ca: string | undefined): Promise<Agreed> {
    const name = isIP(host) === 0 ? { servername: host } : { host };
    const secure = connectTls({ socket: this.#handOver(), ...name, ...(ca === undefined ? {} : { ca }) });
    return this.#secured(secure, "secureConnect");
  }

  /** Gives the TLS engine the octets that were read but not used: if they hold a server's reply, the handshake fails, as it should. */
  #handOver(): Socket {
    const pending = this.#take(this.#pending.size);
    if (pending !== undefined) this.#stream.unshift(pending);
    return this.#stream;
  }

  async #secured(secure: TLSSocket, done: "secure" | "secureConnect"): Promise<Agreed> {
    const raw = this.#stream;
    secure.on("close", () => raw.destroy());
    secure.on("error", () => secure.destroy());
    await new Promise<void>((resolve, reject) => {
      secure.once(done, resolve);
      secure.once("error", reject);
      secure.once("close", () => reject(new Error("the connection was closed in the handshake")));
    });
    this.#stream = secure;
    this.#channel = "tls";
    return { protocol: secure.getProtocol() ?? "unknown", cipherSuite: secure.getCipher().standardName };
  }

  #take(count: number): Buffer | undefined {
    return count === 0 ? undefined : this.#pending.take(count);
  }

  /** Waits for more octets; false at the end. */
  async #more(): Promise<boolean> {
    for (;;) {
      const chunk: unknown = this.#stream.read();
      if (chunk instanceof Buffer) {
        this.#pending.add(chunk);
        return true;
      }
      if (this.#stream.readableEnded || this.#stream.destroyed) return false;
      await this.#oneOf("readable", "end", "close");
    }
  }

  async #oneOf(...names: readonly string[]): Promise<void> {
    const stream = this.#stream;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        for (const name of names) stream.off(name, wake);
        resolve();
      };
      for (const name of names) stream.on(name, wake);
    });
  }
}
