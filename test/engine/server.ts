/**
 * A submission server in memory, for many conversations a second: TLS from the start over a pair of streams, an honest
 * dialogue, and faults where a test wants them. What it has taken is the truth that the client's word is held against.
 */
import { type Duplex, duplexPair } from "node:stream";
import { createSecureContext, type SecureContext, TLSSocket } from "node:tls";
import type { Issued } from "@postseal/lab";

/** What it does instead of an honest answer to one command, or to one message. */
export type Fault =
  | "550"
  | "451"
  | "421"
  | "421 and close"
  | "close"
  | "reset"
  | "garbage"
  | "two replies"
  | "354"
  | "250"
  | "235"
  | "552"
  | "silence"
  /** Does what was asked, and is gone before it says so. */
  | "done and gone"
  /** A refusal, and with it in one write the end: too many errors. */
  | "550 and 421";

export type Moment = "MAIL" | "RCPT" | "DATA" | "BDAT" | "RSET" | "final";

export interface Behaviour {
  readonly capabilities: readonly string[];
  /** Instead of 220. */
  readonly greeting?: "421" | "554" | "silence" | "close" | undefined;
  /** `count`: how often the moment has come on this connection, from 1. */
  readonly fault?: ((moment: Moment, count: number, argument: string) => Fault | undefined) | undefined;
  /** Answers 503 to what lies behind a final dot already when the dot is read. */
  readonly refusesBehindDot?: boolean;
  /** Ends the connection after so many octets, counted from the first MAIL that names this sender. */
  readonly cut?: { readonly after: number; readonly of: "client" | "server"; readonly from: string } | undefined;
}

/** A message that the server took responsibility for. */
export interface Taken {
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly body: string;
}

export class Server {
  readonly taken: Taken[] = [];
  readonly connections: Connection[] = [];
  readonly #context: SecureContext;
  readonly #behaviour: (connection: number) => Behaviour;

  constructor(identity: Issued, behaviour: (connection: number) => Behaviour) {
    this.#context = createSecureContext({ cert: identity.chain, key: identity.key });
    this.#behaviour = behaviour;
  }

  /** The client's end of a new connection. */
  connect(): Duplex {
    const [client, server] = duplexPair();
    // As a socket does: neither end outlives the other.
    client.once("close", () => server.destroy());
    server.once("close", () => client.destroy());
    client.on("error", () => {});
    const behaviour = this.#behaviour(this.connections.length);
    this.connections.push(new Connection(server, this.#context, behaviour, (message) => this.taken.push(message)));
    return client;
  }
}

export class Connection {
  /** All that the client said. */
  heard = "";
  readonly #raw: Duplex;
  readonly #stream: TLSSocket;
  readonly #behaviour: Behaviour;
  readonly #take: (message: Taken) => void;
  readonly #counts = new Map<Moment, number>();
  #input = "";
  #body: { readonly size: number } | "dot" | undefined;
  #sender: string | undefined;
  #recipients: string[] = [];
  /** Octets of what lay behind a final dot when it was read: none of it is taken. */
  #refused = 0;
  #counted: { client: number; server: number } | undefined;
  #over = false;
  #said = 0;
  /** What had been said when the first MAIL of each sender was read. */
  readonly #mailReplies = new Map<string, number>();

  constructor(raw: Duplex, context: SecureContext, behaviour: Behaviour, take: (message: Taken) => void) {
    this.#raw = raw;
    this.#behaviour = behaviour;
    this.#take = take;
    raw.on("error", () => {});
    this.#stream = new TLSSocket(raw, { isServer: true, secureContext: context });
    this.#stream.on("error", () => raw.destroy());
    this.#stream.once("secure", () => this.#greet());
    this.#stream.on("data", (chunk: Buffer) => this.#hear(chunk.toString("latin1")));
    this.#stream.on("end", () => this.#stream.end());
  }

  /** Octets said from the reply to the first MAIL of this sender on. */
  saidSince(sender: string): number {
    const at = this.#mailReplies.get(sender);
    return at === undefined ? 0 : this.#said - at;
  }

  get isClosed(): boolean {
    return this.#raw.destroyed;
  }

  #greet(): void {
    const { greeting = "220" } = this.#behaviour;
    if (greeting === "silence") return;
    if (greeting !== "close") this.#say(`${greeting} mx.example\r\n`);
    if (greeting !== "220") this.#close();
  }

  #hear(text: string): void {
    this.heard += text;
    for (const octet of this.#behaviour.cut?.of === "client" ? text : [text]) {
      if (this.#over) return;
      this.#input += octet;
      if (this.#counted !== undefined) this.#counted.client += octet.length;
      this.#read();
      this.#cutWhereDue("client");
    }
  }

  #read(): void {
    for (let more = true; more && !this.#over;) more = this.#body === undefined ? this.#readLine() : this.#readBody();
  }

  #readLine(): boolean {
    const end = this.#input.indexOf("\r\n");
    if (end === -1) return false;
    const line = this.#input.slice(0, end);
    this.#input = this.#input.slice(end + 2);
    const isRefused = this.#refused > 0;
    this.#refused = Math.max(0, this.#refused - line.length - 2);
    if (isRefused) this.#say("503 5.5.0 pipelined behind the end of data\r\n");
    else this.#answer(line);
    return true;
  }

  #readBody(): boolean {
    if (this.#body === "dot") {
      const text = `\r\n${this.#input}`;
      const end = text.indexOf("\r\n.\r\n");
      if (end === -1) return false;
      this.#input = text.slice(end + 5);
      if (this.#behaviour.refusesBehindDot === true) this.#refused = this.#input.length;
      this.#final(text.slice(2, end + 2).replaceAll("\r\n..", "\r\n."), "final");
    } else if (this.#body !== undefined) {
      const { size } = this.#body;
      if (this.#input.length < size) return false;
      const body = this.#input.slice(0, size);
      this.#input = this.#input.slice(size);
      this.#final(body, "BDAT");
    }
    return true;
  }

  #final(body: string, moment: Moment): void {
    this.#body = undefined;
    const [sender, recipients] = [this.#sender, this.#recipients];
    // As some do: a transaction that nobody was accepted in stays open, with its sender.
    if (recipients.length > 0) this.#forget();
    this.#act(moment, body, () => {
      if (sender === undefined || recipients.length === 0) return "554 no valid recipients";
      this.#take({ sender, recipients, body });
      return "250 queued";
    });
  }

  #answer(line: string): void {
    const [verb = "", argument = ""] = line.split(" ");
    const path = /<(.*)>/.exec(line)?.[1] ?? "";
    switch (verb) {
      case "EHLO":
        return this.#say(
          ["mx.example", ...this.#behaviour.capabilities]
            .map((one, at, all) => `250${at === all.length - 1 ? " " : "-"}${one}\r\n`)
            .join(""),
        );
      case "RSET":
        return this.#act("RSET", "", () => {
          this.#forget();
          return "250 flushed";
        });
      case "MAIL":
        if (path === this.#behaviour.cut?.from)
          this.#counted ??= { client: line.length + 2 + this.#input.length, server: 0 };
        if (!this.#mailReplies.has(path)) this.#mailReplies.set(path, this.#said);
        return this.#act("MAIL", path, () => {
          if (this.#sender !== undefined) return "503 nested";
          this.#sender = path;
          return "250 ok";
        });
      case "RCPT":
        return this.#act("RCPT", path, () => {
          if (this.#sender === undefined) return "503 no sender";
          this.#recipients.push(path);
          return "250 ok";
        });
      case "DATA":
        return this.#act("DATA", "", () => {
          if (this.#recipients.length === 0) return "554 no valid recipients";
          this.#body = "dot";
          return "354 go";
        });
      case "BDAT":
        this.#body = { size: Number(argument) };
        return;
      case "QUIT":
        this.#say("221 bye\r\n");
        return this.#close();
      default:
        return this.#say("500 what?\r\n");
    }
  }

  #act(moment: Moment, argument: string, honest: () => string): void {
    const count = (this.#counts.get(moment) ?? 0) + 1;
    this.#counts.set(moment, count);
    const fault = this.#behaviour.fault?.(moment, count, argument);
    switch (fault) {
      case undefined:
        return this.#say(`${honest()}\r\n`);
      case "two replies":
        return this.#say(`${honest()}\r\n250 and more\r\n`);
      case "close":
        return this.#close();
      case "550 and 421":
        this.#say("550 no\r\n421 too many errors\r\n");
        return this.#close();
      case "done and gone":
        honest();
        return this.#close();
      case "reset":
        this.#over = true;
        this.#raw.destroy();
        return;
      case "garbage":
        return this.#say("what is this\r\n");
      case "silence":
        this.#over = true;
        return;
      case "354":
        this.#body = "dot";
        return this.#say("354 go\r\n");
      case "421 and close":
        this.#say("421 closing\r\n");
        return this.#close();
      default:
        return this.#say(`${fault} because\r\n`);
    }
  }

  #say(text: string): void {
    if (this.#over || this.#raw.destroyed) return;
    const { cut } = this.#behaviour;
    const room = cut?.of === "server" && this.#counted !== undefined ? cut.after - this.#counted.server : Infinity;
    this.#said += text.length;
    if (this.#counted !== undefined) this.#counted.server += text.length;
    this.#stream.write(text.slice(0, room));
    this.#cutWhereDue("server");
  }

  #cutWhereDue(side: "client" | "server"): void {
    const { cut } = this.#behaviour;
    if (cut?.of === side && (this.#counted?.[side] ?? -1) >= cut.after) this.#close();
  }

  /** What was said goes out first. */
  #close(): void {
    this.#over = true;
    this.#stream.end(() => this.#raw.destroy());
  }

  #forget(): void {
    this.#sender = undefined;
    this.#recipients = [];
  }
}
