/** One connection through the proxy, from the first octet to the last: in the clear, and from there to TLS. */
import type { Issued } from "../authority/authority.ts";
import type { Transport } from "../vectors/vector.ts";
import type { Attack } from "./attack.ts";
import { passOctets } from "./body.ts";
import { Exchange } from "./exchange.ts";
import type { Leg } from "./leg.ts";
import { codesOf, counted } from "./redaction.ts";
import { readReply } from "./reply.ts";
import type { Watch } from "./watch.ts";

export interface PassageOptions {
  readonly attack: Attack;
  readonly upstream: Upstream;
  /** The proxy's certificate, for a client whose TLS it ends. */
  readonly issued: Issued;
}

export interface Upstream {
  readonly host: string;
  readonly port: number;
  readonly transport: Transport;
  /** The authorities to trust for the server, PEM. Default: those that Node trusts. */
  readonly ca?: string;
}

/** The content type that begins a TLS record with a handshake message (RFC 8446 section 5.1). */
const HANDSHAKE = 0x16;

export class Passage {
  readonly #client: Leg;
  readonly #server: Leg;
  readonly #watch: Watch;
  readonly #options: PassageOptions;
  readonly #exchange: Exchange;

  constructor(client: Leg, server: Leg, watch: Watch, options: PassageOptions) {
    this.#client = client;
    this.#server = server;
    this.#watch = watch;
    this.#options = options;
    this.#exchange = new Exchange(client, server, watch, options.attack);
  }

  /** Resolves when both sides have closed. Rejects if the server does not start TLS, or does not prove who it is. */
  async run(): Promise<void> {
    const { attack, upstream } = this.#options;
    const { endsTls, upgrades } = attack.moves;
    if (upgrades === true) await this.#upgradeAlone();
    else void this.#exchange.expect("greeting");
    if (upstream.transport === "starttls" && (await this.#exchange.run()) === "over") return;
    if (endsTls === true && (await this.#client.peek()) === HANDSHAKE) await this.#endTls();
    else await Promise.all([this.#passClient(), this.#passServer()]);
  }

  /** Starts TLS with the server before the client hears or says anything; the client gets the greeting afterwards. */
  async #upgradeAlone(): Promise<void> {
    const greeting = await readReply(this.#server);
    for (const [command, code] of [
      ["EHLO [127.0.0.1]\r\n", "250"],
      ["STARTTLS\r\n", "220"],
    ] as const) {
      this.#exchange.note("proxy", command, "server");
      await this.#server.write(command);
      const reply = await readReply(this.#server);
      if (reply?.code === code) continue;
      const said = reply === undefined ? "nothing" : codesOf(reply.octets).trimEnd();
      throw new Error(`the server answers ${command.trimEnd()} with ${said}, so there is no TLS with it`);
    }
    await this.#secureServer();
    if (greeting !== undefined) await this.#exchange.passReply(greeting, "greeting");
  }

  /** Starts TLS with both sides; the real server has to prove itself first. */
  async #endTls(): Promise<void> {
    await this.#secureServer();
    this.#watch.attacked("ended TLS at the proxy, with a certificate of the lab's authority");
    try {
      this.#watch.agreed("client and proxy", await this.#client.accept(this.#options.issued));
    } catch (error) {
      this.#watch.refusedTls(error);
      this.#exchange.endOfClient();
      return;
    }
    await this.#exchange.run();
  }

  async #secureServer(): Promise<void> {
    const { host, ca } = this.#options.upstream;
    try {
      this.#watch.agreed("proxy and server", await this.#server.upgrade(host, ca));
    } catch (cause) {
      // Without Node's advice on how to start Node, which some of these messages end with.
      const [reason] = (cause instanceof Error ? cause.message : String(cause)).split("; if ");
      const advice = "If its certificate comes from an authority of your own, give the proxy that authority.";
      throw new Error(`there is no TLS with ${host} (${reason ?? ""}), so nothing is passed on to it. ${advice}`, {
        cause,
      });
    }
  }

  /** Passes TLS on unread. A client that stays in the clear is still heard. */
  async #passClient(): Promise<void> {
    const first = await this.#client.peek();
    if (first !== undefined && first !== HANDSHAKE) {
      await this.#exchange.hearClient();
      return;
    }
    this.#note("client", "tls", await passOctets(this.#client, this.#server));
    this.#exchange.endOfClient();
  }

  /** A reply in the clear after the 220 answers a command that the attack added. */
  async #passServer(): Promise<void> {
    let first = await this.#server.peek();
    while (isDigit(first)) {
      const line = (await this.#server.line()) ?? Buffer.alloc(0);
      this.#exchange.note("server", codesOf(line));
      await this.#client.write(line);
      first = await this.#server.peek();
    }
    const isTls = first === HANDSHAKE;
    if (isTls) this.#watch.passesSealed();
    this.#note("server", isTls ? "tls" : "clear", await passOctets(this.#server, this.#client));
    this.#exchange.endOfServer();
  }

  #note(by: "client" | "server", channel: "clear" | "tls", octets: number): void {
    const text = `${counted(octets, channel === "tls" ? "sealed" : "readable")}\r\n`;
    if (octets > 0) this.#watch.said({ by, to: by === "client" ? "server" : "client", channel, text });
  }
}

/** A reply begins with a digit, a TLS record does not. */
function isDigit(octet: number | undefined): boolean {
  return octet !== undefined && octet >= 0x30 && octet <= 0x39;
}
