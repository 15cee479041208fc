/** Plays the server's half of a script over a pair of streams, without a network, and compares the client's half octet by octet. */
import { type Duplex, duplexPair } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { createSecureContext, type SecureContext, TLSSocket } from "node:tls";
import { type Issued } from "@postseal/lab";
import type { Act } from "./script.ts";

/** How the server's octets are cut into segments, which must make no difference. */
export type Delivery = "whole" | "by line" | "by byte";
export const deliveries: readonly Delivery[] = ["whole", "by line", "by byte"];

export interface Playing {
  /** The client's end. */
  readonly stream: Duplex;
  /** Resolves when the script is played and the client has closed, with what the client said beyond the script. */
  readonly over: Promise<string>;
}

export function playServer(acts: readonly Act[], identity: Issued, delivery: Delivery): Playing {
  const [client, server] = duplexPair();
  // On Node 22 the halves of a pair do not notice each other's end.
  client.once("close", () => server.destroy());
  const over = new ScriptedServer(server, identity).play(acts, delivery).finally(() => {
    // As a socket does when both sides have closed it.
    server.destroy();
    client.destroy();
  });
  return { stream: client, over };
}

class ScriptedServer {
  readonly #clear: Duplex;
  readonly #context: SecureContext;
  #stream: Duplex;
  #heard = "";
  #ended = false;
  #wake: (() => void) | undefined;

  constructor(stream: Duplex, identity: Issued) {
    this.#clear = stream;
    this.#context = createSecureContext({ cert: identity.chain, key: identity.key });
    this.#stream = stream;
    this.#listen();
  }

  async play(acts: readonly Act[], delivery: Delivery): Promise<string> {
    for (const act of acts) {
      if (act.kind === "server") await this.#say(act.octets, delivery);
      else if (act.kind === "client") await this.#hear(act.octets);
      else if (act.kind === "hello") await this.#hear("\x16\x03");
      else if (act.kind === "tls") await this.#handshake();
      else if (act.kind === "close") this.#stream.end();
      else this.#clear.destroy();
      if (act.kind === "hello") this.#heard = "";
    }
    const hello = acts.some(({ kind }) => kind === "hello");
    while (!this.#ended) await this.#event();
    // The remaining octets of a ClientHello, and an alert after it, do not count as said.
    return hello ? "" : this.#heard;
  }

  async #say(octets: string, delivery: Delivery): Promise<void> {
    const pieces = delivery === "whole" ? [octets] : delivery === "by line" ? octets.split(/(?<=\n)/) : octets.split("");
    for (const piece of pieces) {
      // A client that has closed hears nothing more.
      if (this.#ended) return;
      this.#stream.write(Buffer.from(piece, "latin1"));
      await turn();
    }
  }

  /** Waits for the expected octets and consumes them; throws as soon as the client says something else. */
  async #hear(octets: string): Promise<void> {
    while (this.#heard.length < octets.length && octets.startsWith(this.#heard) && !this.#ended) await this.#event();
    if (!this.#heard.startsWith(octets)) {
      throw new Error(`expected ${JSON.stringify(octets)}, heard ${JSON.stringify(this.#heard)}${this.#ended ? " and the end" : ""}`);
    }
    this.#heard = this.#heard.slice(octets.length);
  }

  async #handshake(): Promise<void> {
    this.#stream.removeAllListeners("data").removeAllListeners("end").pause();
    if (this.#heard !== "") this.#clear.unshift(Buffer.from(this.#heard, "latin1"));
    this.#heard = "";
    const secured = new TLSSocket(this.#clear, { isServer: true, secureContext: this.#context });
    this.#stream = secured;
    this.#listen();
    const secure = new AbortController();
    secured.once("secure", () => {
      secure.abort();
      this.#wake?.();
    });
    while (!secure.signal.aborted && !this.#ended) await this.#event();
  }

  #listen(): void {
    const stream = this.#stream;
    const end = (): void => {
      this.#ended = true;
      this.#wake?.();
    };
    stream.on("data", (chunk: Buffer) => {
      this.#heard += chunk.toString("latin1");
      this.#wake?.();
    });
    stream.on("end", end).on("close", end).on("error", end);
  }

  async #event(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }
}
