/** One connection of a well-behaved server: in the clear, then inside TLS. */
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { type SecureContext, TLSSocket } from "node:tls";
import { Inlet } from "./inlet.ts";
import type { Sink } from "./intake.ts";
import type { Peer } from "./peer.ts";

/** Octets that may wait to be read before the client is made to wait (by TCP). */
const MOST_UNREAD = 256 * 1024;

export class Connection implements Peer {
  #socket: Socket;
  #inlet = this.#newInlet();
  readonly #gone = new AbortController();

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.once("close", () => this.#gone.abort());
    this.#listen();
  }

  get isSealed(): boolean {
    return this.secure !== undefined;
  }

  get secure(): TLSSocket | undefined {
    return this.#socket instanceof TLSSocket ? this.#socket : undefined;
  }

  line(): Promise<Buffer | undefined> {
    return this.#inlet.line();
  }

  message(into: Sink): Promise<boolean> {
    return this.#inlet.message(into);
  }

  chunk(into: Sink, count: number): Promise<boolean> {
    return this.#inlet.chunk(into, count);
  }

  async say(text: string): Promise<boolean> {
    if (this.#socket.writable) this.#socket.write(text);
    return this.#socket.writable;
  }

  /** Waits, but ends early if the client goes away. */
  async wait(milliseconds: number): Promise<void> {
    await delay(milliseconds, undefined, { signal: this.#gone.signal }).catch(() => {});
  }

  /** Pending replies go out first. */
  close(): void {
    this.#socket.destroySoon();
  }

  cut(): void {
    this.#socket.destroy();
  }

  /** Says `before`, then takes the server's part in the TLS handshake. Rejects with what the client did wrong. */
  async upgrade(secureContext: SecureContext, before: string): Promise<void> {
    // RFC 3207 section 4.2: what comes together with STARTTLS is in the clear, and must not become part of the sealed session.
    // defence: nothing-comes-with-starttls
    if (!this.#inlet.isEmpty) throw new Error("the client sent more after STARTTLS without waiting for the reply");
    const raw = this.#socket;
    raw.off("data", this.#hear).off("end", this.#inlet.end).off("close", this.#inlet.end);
    void this.say(before);
    const secure = new TLSSocket(raw, { isServer: true, secureContext });
    secure.on("close", () => raw.destroy());
    await new Promise<void>((resolve, reject) => {
      secure.once("secure", resolve);
      secure.once("error", reject);
      raw.once("close", () => reject(new Error("the client closed the connection during the TLS handshake")));
    }).catch((error: unknown) => {
      secure.destroy();
      throw error;
    });
    secure.on("error", () => secure.destroy());
    this.#socket = secure;
    this.#inlet = this.#newInlet();
    this.#listen();
  }

  readonly #hear = (octets: Buffer): void => {
    this.#inlet.push(octets);
    // defence: unread-octets-have-a-limit
    if (this.#inlet.size > MOST_UNREAD) this.#socket.pause();
  };

  #newInlet(): Inlet {
    return new Inlet({}, () => this.#socket.resume());
  }

  #listen(): void {
    this.#socket.on("data", this.#hear).on("end", this.#inlet.end).on("close", this.#inlet.end);
  }
}
