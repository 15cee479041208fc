/** One connection of the server in memory: an honest dialogue, with the faults that its behaviour asks for. */
import type { Duplex } from "node:stream";
import { type SecureContext, TLSSocket } from "node:tls";
import type { Transport } from "@postseal/mailer";
import type { Behaviour, Excuse, Moment, Taken } from "./behaviour.ts";
import { Mouth } from "./mouth.ts";

/** More surplus replies than any status gives away: `excusesFor` in client.ts. */
const PASSES_FOR_ANY = 3;

export class Connection {
  /** All that the client said. */
  heard = "";
  readonly openedAt: number = performance.now();
  /** When it last answered a message, or the last of a message's recipients. */
  answeredAt: number | undefined;
  loginAt: number | undefined;
  /** What it did on this connection that no client can notice. */
  readonly excuses: Set<Excuse> = new Set();
  /** How many replies were surplus or missing. */
  shifts = 0;
  readonly #raw: Duplex;
  readonly #reset: () => unknown;
  readonly #moved: () => unknown;
  readonly #context: SecureContext;
  /** What it writes to: the stream inside TLS, once there is TLS. */
  #stream: Duplex;
  readonly #mouth: Mouth;
  #isSealed = false;
  readonly #behaviour: Behaviour;
  readonly #take: (message: Taken) => void;
  readonly #counts = new Map<Moment, number>();
  #input = "";
  #body: { readonly size: number } | "dot" | undefined;
  #sender: string | undefined;
  #recipients: string[] = [];
  /** Octets that had come after a final dot when the dot was read: none of them is taken. */
  #refused = 0;
  #counted: { client: number; server: number } | undefined;
  #over = false;
  /** An attacker on the path lets nothing through any more, unknown to the server. */
  #unheard = false;
  /** It has said a surplus 250 after a message. */
  #isAhead = false;
  #said = 0;
  /** How much the server had said when it read the first MAIL of each sender. */
  readonly #mailReplies = new Map<string, number>();

  constructor(
    { raw, reset, moved }: { readonly raw: Duplex; readonly reset: () => unknown; readonly moved: () => unknown },
    { context, transport }: { readonly context: SecureContext; readonly transport: Transport },
    behaviour: Behaviour,
    take: (message: Taken) => void,
  ) {
    this.#raw = raw;
    this.#reset = reset;
    this.#moved = moved;
    this.#context = context;
    this.#stream = raw;
    this.#mouth = new Mouth(behaviour.delivery, {
      stream: () => this.#stream,
      isClosed: () => raw.destroyed,
      moved,
    });
    this.#behaviour = behaviour;
    this.#take = take;
    raw.on("error", () => {});
    if (behaviour.cut !== undefined && behaviour.cut.from === undefined) this.#counted = { client: 0, server: 0 };
    if (transport === "starttls") {
      raw.on("data", this.#onData);
      this.#greet();
    } else {
      this.#seal().once("secure", () => this.#greet());
    }
  }

  /** Whether it heard a MAIL of this sender. */
  knows(sender: string): boolean {
    return this.#mailReplies.has(sender);
  }

  get isEnhanced(): boolean {
    return this.#behaviour.enhanced === true;
  }

  /** Whether a message came by DATA: some servers answer it with a status about an address. */
  get hasData(): boolean {
    return this.heard.includes("\r\nDATA\r\n");
  }

  /** Octets that the server said from its reply to this sender's first MAIL on; without a sender, all. */
  saidSince(sender?: string): number {
    const at = sender === undefined ? 0 : this.#mailReplies.get(sender);
    return at === undefined ? 0 : this.#said - at;
  }

  get isClosed(): boolean {
    return this.#raw.destroyed;
  }

  readonly #onData = (chunk: Buffer): void => this.#hear(chunk.toString("latin1"));

  #seal(): TLSSocket {
    this.#isSealed = true;
    const stream = new TLSSocket(this.#raw, { isServer: true, secureContext: this.#context });
    this.#stream = stream;
    stream.on("error", () => this.#raw.destroy());
    stream.on("data", this.#onData);
    stream.on("end", () => stream.end());
    return stream;
  }

  #greet(): void {
    const { greeting = "220" } = this.#behaviour;
    if (greeting === "silence") return;
    if (greeting !== "220" && greeting !== "close") this.#say(`${greeting} mx.example\r\n`);
    if (greeting !== "220") this.hangUp();
    else this.#act("greeting", "", () => "220 mx.example");
  }

  #hear(text: string): void {
    this.heard += text;
    this.#moved();
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
    if (isRefused) this.#say("503 5.5.0 pipelined after the end of data\r\n");
    else this.#answer(line);
    return true;
  }

  #readBody(): boolean {
    if (this.#body === "dot") {
      const text = `\r\n${this.#input}`;
      const end = text.indexOf("\r\n.\r\n");
      if (end === -1) return false;
      this.#input = text.slice(end + 5);
      if (this.#behaviour.refusesAfterDot === true) this.#refused = this.#input.length;
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
    // Some servers keep a transaction without recipients open, with its sender.
    if (recipients.length > 0) this.#forget();
    this.#act(moment, body, () => {
      if (sender === undefined || recipients.length === 0) return "554 no valid recipients";
      this.#take({ sender, recipients, body, at: performance.now() });
      return "250 queued";
    });
  }

  #answer(line: string): void {
    const [verb = "", argument = ""] = line.split(" ");
    const path = /<(.*)>/.exec(line)?.[1] ?? "";
    switch (verb) {
      case "EHLO":
        return this.#act("EHLO", "", () => {
          const capabilities = this.#isSealed
            ? this.#behaviour.capabilities
            : ["STARTTLS", ...(this.#behaviour.clear ?? [])];
          return ["mx.example", ...capabilities]
            .map((one, at, all) => `250${at === all.length - 1 ? " " : "-"}${one}`)
            .join("\r\n");
        });
      case "STARTTLS":
        // The answer to 220 may come before the call returns, and belongs to TLS.
        this.#raw.off("data", this.#onData).pause();
        this.#act("STARTTLS", "", () => "220 go ahead");
        this.#mouth.flush();
        // Not in the tick of the read: a stream cannot be handed over in the middle of one.
        if (!this.#over) setImmediate(() => this.#raw.destroyed || this.#seal());
        return;
      case "AUTH":
        return this.#act("AUTH", "", () => "235 welcome");
      case "RSET":
        // Even if RSET gets a fault: a server that kept the transaction after a RSET would show it too late for any client.
        this.#forget();
        return this.#act("RSET", "", () => "250 flushed");
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
        return this.#announce(Number(argument));
      case "QUIT":
        this.#act("QUIT", "", () => "221 bye");
        return this.hangUp();
      default:
        return this.#say("500 what?\r\n");
    }
  }

  /** A server that refuses a chunk without reading it does so as soon as the chunk is announced. */
  #announce(size: number): void {
    const count = (this.#counts.get("BDAT") ?? 0) + 1;
    const fault = this.#behaviour.fault?.("BDAT", count, "");
    if (fault?.endsWith(" unread") !== true) {
      this.#body = { size };
      return;
    }
    this.#counts.set("BDAT", count);
    this.#say(`${fault.slice(0, 3)} because\r\n`);
  }

  #act(moment: Moment, argument: string, plain: () => string): void {
    const count = (this.#counts.get(moment) ?? 0) + 1;
    this.#counts.set(moment, count);
    if (moment === "AUTH") this.loginAt = performance.now();
    if (moment === "final" || moment === "BDAT") this.answeredAt = performance.now();
    const fault = this.#behaviour.fault?.(moment, count, argument);
    const honest = (): string => this.#withStatus(moment, plain());
    switch (fault) {
      case undefined:
        return this.#say(`${honest()}\r\n`);
      case "two replies": {
        // In the middle of a write, a surplus 250 would pass for the answer to the next command: a lie that nobody could notice.
        const isMessage = moment === "final" || moment === "BDAT";
        this.#say(`${honest()}\r\n${isMessage ? "250" : "252"} and more\r\n`);
        this.#isAhead ||= isMessage;
        return;
      }
      case "twice": {
        const reply = honest();
        this.#excuse("said one reply too many in the middle of what was written ahead", 1);
        return this.#say(`${reply}\r\n${reply}\r\n`);
      }
      case "twice, later": {
        const reply = honest();
        this.#excuse("said one reply too many in the middle of what was written ahead", 1);
        this.#say(`${reply}\r\n`);
        setImmediate(() => this.#say(`${reply}\r\n`));
        return;
      }
      case "left out":
        this.#excuse("left a reply out", 1);
        honest();
        return;
      case "421 too":
      case "250 too":
      case "354 too":
        // Without a status, this one passes for the answer to a message.
        this.#excuse("said one reply too many in the middle of what was written ahead", PASSES_FOR_ANY);
        return this.#say(`${honest()}\r\n${fault.slice(0, 3)} and more\r\n`);
      case "garbage too":
        return this.#say(`${honest()}\r\nwhat is this\r\n`);
      case "close":
        return this.hangUp();
      case "550 and 421":
        this.#say("550 no\r\n421 too many errors\r\n");
        return this.hangUp();
      case "done and gone":
        honest();
        return this.hangUp();
      case "reset":
        return this.breakOff();
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
        return this.hangUp();
      case "421, then cut":
        this.#sayUnavailable(moment);
        this.#mouth.flush();
        this.#unheard = true;
        this.#stream.end();
        return;
      case "421, then cut by reset":
        this.#say("421 because\r\n");
        this.#mouth.flush();
        this.#unheard = true;
        setImmediate(this.#reset);
        return;
      default:
        if (fault === "250") this.#excuse("said 250 for what it did not do", 0);
        if (fault === "421") return this.#sayUnavailable(moment);
        return this.#say(`${fault.slice(0, 3)} because\r\n`);
    }
  }

  /** 421 passes for the end of processing only until the server says more. */
  #sayUnavailable(moment: Moment): void {
    this.#say("421 because\r\n");
    if (moment === "MAIL" || moment === "RSET") this.#excuse("said 421 to MAIL or RSET, and went on", 0);
  }

  #excuse(name: Excuse, shifts: number): void {
    this.excuses.add(name);
    this.shifts += shifts;
  }

  /** The RFC 3463 status: about the sender, about a recipient, or about neither. */
  #withStatus(moment: Moment, reply: string): string {
    if (!this.isEnhanced || !reply.startsWith("250 ")) return reply;
    const status = moment === "MAIL" ? "2.1.0" : moment === "RCPT" ? "2.1.5" : "2.0.0";
    return `250 ${status} ${reply.slice(4)}`;
  }

  #say(text: string): void {
    if (this.#over || this.#unheard || this.#raw.destroyed) return;
    const { cut } = this.#behaviour;
    const room = cut?.of === "server" && this.#counted !== undefined ? cut.after - this.#counted.server : Infinity;
    this.#said += text.length;
    this.excuses.delete("said 421 to MAIL or RSET, and went on");
    // From now on each reply passes for an answer to the command before its own, and honest servers say 421 unasked.
    if (this.#isAhead) this.#excuse("said one reply too many in the middle of what was written ahead", 1);
    if (this.#counted !== undefined) this.#counted.server += text.length;
    this.#mouth.say(text.slice(0, room));
    this.#cutWhereDue("server");
  }

  #cutWhereDue(side: "client" | "server"): void {
    const { cut } = this.#behaviour;
    if (this.#over || cut?.of !== side || (this.#counted?.[side] ?? -1) < cut.after) return;
    if (cut.by === "reset") this.breakOff();
    else if (cut.by === "garbage") this.#garble();
    else this.hangUp();
  }

  /** Closes as a server does that has waited long enough: pending replies go out first. */
  hangUp(): void {
    if (this.#over) return;
    this.#mouth.flush();
    this.#over = true;
    this.#stream.end(() => this.#raw.destroy());
  }

  /** Ends the connection as a killed server does. */
  breakOff(): void {
    this.#over = true;
    this.#raw.destroy();
    this.#reset();
  }

  /** An attacker on the path injects octets that are no TLS record, and ends the connection. */
  #garble(): void {
    this.#mouth.flush();
    this.#over = true;
    this.#raw.write("HTTP/1.1 400 no record", () => this.#raw.end(() => this.#raw.destroy()));
  }

  #forget(): void {
    this.#sender = undefined;
    this.#recipients = [];
  }
}
