/** A conversation that passes through, command by command and reply by reply: what the attack changes in it, and what is seen of it. */
import { type Attack, wiretap } from "./attack.ts";
import { passDotted, passOctets } from "./body.ts";
import type { Said } from "./event.ts";
import type { Leg } from "./leg.ts";
import { feign } from "./login.ts";
import { type Command, codesOf, counted, parseCommand } from "./redaction.ts";
import { type Reply, alterOffer, readReply } from "./reply.ts";
import type { Watch } from "./watch.ts";

/** Why it stopped: the server has agreed to TLS, or somebody is gone. */
export type Stop = "tls" | "over";

/** A command that waits for its reply. Replies come in the order of the commands. */
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
  /** Settles when the latest command has its reply, and with it all before. */
  #latest: Promise<unknown> = Promise.resolve();
  #serverGone = false;

  constructor(client: Leg, server: Leg, watch: Watch, attack: Attack) {
    this.#client = client;
    this.#server = server;
    this.#watch = watch;
    this.#attack = attack;
  }

  /** Both ways at once. */
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

  /** Keeps the place of a reply that is due. `undefined` where the server goes before it comes. */
  expect(verb: string): Promise<Reply | undefined> {
    const reply = new Promise<Reply | undefined>((answer) => {
      if (this.#serverGone) answer(undefined);
      else this.#slots.push({ verb, answer });
    });
    this.#latest = reply;
    return reply;
  }

  /** `verb`: what it answers. */
  async passReply(reply: Reply, verb: string): Promise<void> {
    const { moves } = this.#attack;
    const altered = verb === "EHLO" ? alterOffer(reply, moves) : undefined;
    for (const done of altered?.done ?? []) this.#watch.attacked(done);
    const octets = altered?.octets ?? reply.octets;
    this.note("server", verb === "" || verb === "AUTH" ? codesOf(octets) : octets.toString("latin1"));
    const behind = this.#goes(verb, reply) ? (moves.behindGo ?? "") : "";
    if (behind !== "") {
      this.#watch.attacked("added an EHLO reply behind the 220, in the same write");
      this.note("proxy", behind);
    }
    await this.#client.write(Buffer.concat([octets, Buffer.from(behind)]));
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
    const { behindStartTls = "" } = this.#attack.moves;
    if (behindStartTls !== "") {
      this.#watch.attacked(`added ${behindStartTls.trimEnd()} behind the client's STARTTLS`);
      this.note("proxy", behindStartTls, "server");
    }
    const reply = await this.#forward(Buffer.concat([line, Buffer.from(behindStartTls)]), "STARTTLS");
    return this.#goes("STARTTLS", reply) ? "tls" : "next";
  }

  /** Whether TLS is what comes next. */
  #goes(verb: string, reply: Reply | undefined): boolean {
    return verb === "STARTTLS" && reply?.code === "220" && this.#client.channel === "clear";
  }

  /** From AUTH to its final reply, with every response of the client between. */
  async #authenticate([mechanism = "", initial = ""]: readonly string[], line: Buffer): Promise<void> {
    const { channel } = this.#client;
    this.#watch.response(mechanism, initial, channel);
    // A login that the attack alone has brought into the clear is not carried on in clear to the true server.
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
      if (this.#goes(verb, reply)) return "tls";
    }
    this.endOfServer();
    return "over";
  }

  async #forward(octets: Buffer, verb: string): Promise<Reply | undefined> {
    const reply = this.expect(verb);
    await this.#server.write(octets);
    return reply;
  }

  /** The proxy's own reply, behind those of the server that are still due. Resolves with its code. `deed`: in words. */
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
