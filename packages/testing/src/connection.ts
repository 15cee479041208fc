/** One connection of a client: octets in, replies out, in the clear and then inside TLS. */
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { type SecureContext, TLSSocket } from "node:tls";
import { Intake } from "./intake.ts";

export class Connection {
  #socket: Socket;
  #intake = new Intake();
  readonly #gone = new AbortController();

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.once("close", () => this.#gone.abort());
    this.#listen();
  }

  get isSealed(): boolean {
    return this.#socket instanceof TLSSocket;
  }

  line(): Promise<Buffer | undefined> {
    return this.#intake.line();
  }

  octets(count: number): Promise<Buffer | undefined> {
    return this.#intake.octets(count);
  }

  say(text: string): void {
    if (this.#socket.writable) this.#socket.write(text);
  }

  /** Less if the client goes away in between. */
  async wait(milliseconds: number): Promise<void> {
    await delay(milliseconds, undefined, { signal: this.#gone.signal }).catch(() => {});
  }

  /** What was said goes out first. */
  leave(): void {
    this.#socket.destroySoon();
  }

  cut(): void {
    this.#socket.destroy();
  }

  /** Says what has to come before the handshake, and becomes the server of TLS. Rejects with what the client did wrong. */
  async upgrade(secureContext: SecureContext, before: string): Promise<void> {
    // RFC 3207 section 4.2: what comes with STARTTLS is no part of the sealed session, so it must not be there.
    if (!this.#intake.isEmpty) throw new Error("it said more behind STARTTLS, before the reply");
    const raw = this.#socket;
    raw.off("data", this.#intake.push).off("end", this.#intake.end).off("close", this.#intake.end);
    this.say(before);
    const secure = new TLSSocket(raw, { isServer: true, secureContext });
    secure.on("close", () => raw.destroy());
    await new Promise<void>((resolve, reject) => {
      secure.once("secure", resolve);
      secure.once("error", reject);
      raw.once("close", () => reject(new Error("it went away in the TLS handshake")));
    }).catch((error: unknown) => {
      secure.destroy();
      throw error;
    });
    secure.on("error", () => secure.destroy());
    this.#socket = secure;
    this.#intake = new Intake();
    this.#listen();
  }

  #listen(): void {
    this.#socket.on("data", this.#intake.push).on("end", this.#intake.end).on("close", this.#intake.end);
  }
}
