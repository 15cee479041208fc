/** Passes a conversation through, command by command and reply by reply: makes the attack's changes, and reports what it sees. */
import { type Attack, wiretap } from "./attack.ts";
import { passDotted, passOctets } from "./body.ts";
import type { Said } from "./event.ts";
import type { Leg } from "./leg.ts";
import { feign } from "./login.ts";
import { type Command, codesOf, counted, parseCommand } from "./redaction.ts";
import { type Reply, alterOffer, readReply } from "./reply.ts";
import type { Watch } from "./watch.ts";

/** Why it stopped: the server agreed to TLS, or one side closed. */
export type Stop = "tls" | "over";

/** A command that has no reply yet. Replies come in the order of the commands. */
interface Slot {
  readonly verb: string;
  readonly answer: (reply: Reply | undefined) => void;
}

const FEIGNED = "answered AUTH in the server's place: the login goes no further";

export class Exchange {
  readonly #client: Leg;
  readonly #server: Leg;
  readonly #watch: Watch;
  readonly #attack: Attack;
  readonly #slots: Slot[] = [];
  /** Settles when the latest command, and so every one before it, has its reply. */
  #latest: Promise<unknown> = Promise.resolve();
  #serverGone = false;

  constructor(client: Leg, server: Leg, watch: Watch, attack: Attack) {
    this.#client = client;
    this.#server = server;
    this.#watch = watch;
    this.#attack = attack;
  }

  /** Passes both directions at once. */
  async run(): Promise<Stop> {
    const [stop] = await Promise.all([this.hearClient(), this.#hearServer()]);
    return stop;
  }

  async hearClient(): Promise<Stop> {
    for (;;) {
      const line = await this.#client.line();
      if (line === undefined) break;
      const command = parseCommand(line);
      this.note("client", command.shown);
      this.#watch.heard(command.verb);
      if ((await this.#obey(command, line)) === "tls") return "tls";
    }
    this.endOfClient();
    return "over";
  }

  endOfClient(): void {
    this.#watch.left("client");
    this.#server.leave();
  }

  endOfServer(): void {
    this.#serverGone = true;
    this.#watch.left("server");
    for (const slot of this.#slots.splice(0)) slot.answer(undefined);
    this.#client.end();
  }

  /** Registers a reply that is due. Resolves with `undefined` if the server closes first. */
  expect(verb: string): Promise<Reply | undefined> {
    const reply = new Promise<Reply | undefined>((answer) => {
      if (this.#serverGone) answer(undefined);
      else this.#slots.push({ verb, answer });
    });
    this.#latest = reply;
    return reply;
  }

  /** `verb`: the command that it answers. */
  async passReply(reply: Reply, verb: string): Promise<void> {
    const { moves } = this.#attack;
    const altered = verb === "EHLO" ? alterOffer(reply, moves) : undefined;
    for (const done of altered?.done ?? []) this.#watch.attacked(done);
    const octets = altered?.octets ?? reply.octets;
    this.note("server", verb === "" || verb === "AUTH" ? codesOf(octets) : octets.toString("latin1"));
    const added = this.#startsTls(verb, reply) ? (moves.afterGo ?? "") : "";
    if (added !== "") {
      this.#watch.attacked("added an EHLO reply after the 220, in the same write");
      this.note("proxy", added);
    }
    await this.#client.write(Buffer.concat([octets, Buffer.from(added)]));
  }

  note(by: Said["by"], text: string, to: Said["to"] = by === "client" ? "server" : "client"): void {
    const { channel } = by === "proxy" && to === "server" ? this.#server : this.#client;
    this.#watch.said({ by, to, channel, text });
  }

  async #obey(command: Command, line: Buffer): Promise<Stop | "next"> {
    const { verb, words } = command;
    const own = verb === "EHLO" || verb === "STARTTLS" ? this.#attack.moves.answers?.[verb] : undefined;
    if (own !== undefined) {
      await this.#answer(own, `answered ${verb} in the server's place`);
      return "next";
    }
    switch (verb) {
      case "STARTTLS":
        return this.#startTls(line);
      case "AUTH":
        await this.#authenticate(words, line);
        break;
      case "DATA":
        if ((await this.#forward(line, verb))?.code === "354") {
          void this.expect("final");
          this.#noteBody(await passDotted(this.#client, this.#server));
        }
        break;
      case "BDAT":
        void this.#forward(line, verb);
        this.#noteBody(await passOctets(this.#client, this.#server, sizeIn(words)));
        break;
      case "MAIL":
      case "RCPT":
        this.#watch.envelope(verb, this.#client.channel);
        void this.#forward(line, verb);
        break;
      default:
        void this.#forward(line, verb);
    }
    return "next";
  }

  async #startTls(line: Buffer): Promise<Stop | "next"> {
    const { afterStartTls = "" } = this.#attack.moves;
    if (afterStartTls !== "") {
      this.#watch.attacked(`added ${afterStartTls.trimEnd()} after the client's STARTTLS`);
      this.note("proxy", afterStartTls, "server");
    }
    const reply = await this.#forward(Buffer.concat([line, Buffer.from(afterStartTls)]), "STARTTLS");
    return this.#startsTls("STARTTLS", reply) ? "tls" : "next";
  }

  #startsTls(verb: string, reply: Reply | undefined): boolean {
    return verb === "STARTTLS" && reply?.code === "220" && this.#client.channel === "clear";
  }

  /** Passes a login from AUTH to its final reply. */
  async #authenticate([mechanism = "", initial = ""]: readonly string[], line: Buffer): Promise<void> {
    const { channel } = this.#client;
    this.#watch.response(mechanism, initial, channel);
    // If only the attack made the client log in without TLS, the real server does not get that login in the clear.
    const isWithheld = this.#attack !== wiretap && channel === "clear" && this.#server.channel === "clear";
    const feigned = isWithheld ? feign(mechanism, initial !== "") : undefined;
    let said = line;
    for (;;) {
      const code =
        feigned === undefined
          ? (await this.#forward(said, "AUTH"))?.code
          : await this.#answer(feigned.next(said.toString("latin1").trimEnd()).value, FEIGNED);
      if (code !== "334") return;
      const response = await this.#client.line();
      if (response === undefined) return;
      const text = response.toString("latin1").trimEnd();
      this.note("client", `${counted(text.length)}\r\n`);
      this.#watch.response(mechanism, text, channel);
      said = response;
    }
  }

  #noteBody(octets: number): void {
    if (octets > 0) this.note("client", `${counted(octets)}\r\n`);
    this.#watch.message(octets, this.#client.channel);
  }

  async #hearServer(): Promise<Stop> {
    for (;;) {
      const reply = await readReply(this.#server);
      if (reply === undefined) break;
      const { verb, answer } = this.#slots.shift() ?? { verb: "", answer: undefined };
      await this.passReply(reply, verb);
      answer?.(reply);
      if (this.#startsTls(verb, reply)) return "tls";
    }
    this.endOfServer();
    return "over";
  }

  async #forward(octets: Buffer, verb: string): Promise<Reply | undefined> {
    const reply = this.expect(verb);
    await this.#server.write(octets);
    return reply;
  }

  /** Sends the proxy's own reply, after those that the server still owes. Resolves with its code. `deed`: what it does, in words. */
  async #answer(text: string, deed: string): Promise<string> {
    await this.#latest;
    this.#watch.attacked(deed);
    this.note("proxy", text);
    await this.#client.write(text);
    return text.slice(0, 3);
  }
}

function sizeIn([size = ""]: readonly string[]): number {
  return /^\d{1,15}$/.test(size) ? Number(size) : 0;
}
