/** The session of an honest submission server (RFC 6409, RFC 5321). The impostor replaces single answers of it. */
import type { TLSSocket } from "node:tls";
import { HOST } from "../authority/authority.ts";
import { type Command, ehloReply, parseChunk, parseCommand } from "./command.ts";
import { Content } from "./content.ts";
import { type Exchange, runLogin } from "./exchange.ts";
import type { Peer } from "./peer.ts";

/** What comes after an answer. `final`: a body is in and needs its final reply. */
export type Turn = "next" | "final" | "tls" | "quit";

/** A message that the server took responsibility for. */
export interface Taken {
  readonly username: string | undefined;
  readonly reversePath: string;
  readonly forwardPaths: readonly string[];
  /** Octets as latin1, dots unstuffed. */
  readonly body: string;
}

export interface HonestOptions {
  readonly capabilities: readonly string[];
  /** `undefined` for a mechanism that is not offered. `offered`: the words after AUTH in the capabilities. */
  readonly login: (mechanism: string, offered: readonly string[], tls: TLSSocket | undefined) => Exchange | undefined;
  readonly store: (message: Taken) => void;
  /** Default: mail is taken in the clear and without a login, so that a client that sends it that way is seen doing it. */
  readonly requiresLogin?: boolean;
  /** The reply that refuses a recipient who comes after so many others. Default: everybody is taken. */
  readonly refuse?: ((recipient: string, others: number) => string | undefined) | undefined;
  /** Awaited between the last octet of a message and its reply. */
  readonly arrive?: ((message: Taken) => Promise<void>) | undefined;
}

/** The size of the longest message that it takes, in octets. */
export const LARGEST = 36_700_160;

export class HonestSession {
  readonly #peer: Peer;
  readonly #options: HonestOptions;
  #username: string | undefined;
  #reversePath: string | undefined;
  #forwardPaths: string[] = [];
  #content = new Content(LARGEST);

  constructor(peer: Peer, options: HonestOptions) {
    this.#peer = peer;
    this.#options = options;
  }

  async greet(): Promise<void> {
    await this.#peer.say(`220 ${HOST} ESMTP\r\n`);
  }

  async answer(line: string): Promise<Turn> {
    // Some clients write more than one space, and most servers take it.
    const command = parseCommand(line.replaceAll(/ +/g, " "));
    switch (command.verb) {
      case "EHLO":
        return this.#say(ehloReply(this.#options.capabilities));
      case "HELO":
        return this.#say(`250 ${HOST}\r\n`);
      case "STARTTLS":
        await this.#say("220 2.0.0 Ready to start TLS\r\n");
        return "tls";
      case "AUTH":
        return this.#authenticate(command);
      case "MAIL":
        return this.#mail(pathIn(line));
      case "RCPT":
        return this.#rcpt(pathIn(line));
      case "DATA":
        return this.#data();
      case "BDAT":
        return this.#bdat(command);
      case "RSET":
        this.#forget();
        return this.#say("250 2.0.0 Ok\r\n");
      case "NOOP":
        return this.#say("250 2.0.0 Ok\r\n");
      case "QUIT":
        await this.#say("221 2.0.0 Bye\r\n");
        return "quit";
      default:
        return this.#say("500 5.5.2 Command not recognised\r\n");
    }
  }

  /** Says the final reply, and so takes responsibility for the message if it has a recipient. */
  async accept(): Promise<void> {
    const message = this.#taken();
    const refusal = this.#refusal();
    this.#forget();
    if (refusal === undefined) await this.#options.arrive?.(message);
    const isOut = await this.#peer.say(refusal ?? "250 2.0.0 Ok: queued\r\n");
    // The message counts as taken only once the whole reply is out: without it the client cannot know.
    if (refusal === undefined && isOut) this.#options.store(message);
  }

  /** Takes responsibility for the message without a word. */
  keep(): void {
    const message = this.#taken();
    this.#forget();
    this.#options.store(message);
  }

  /** Reads up to the final dot. */
  async takeBody(): Promise<Turn> {
    return (await this.#peer.message(this.#content)) ? "final" : "quit";
  }

  #taken(): Taken {
    return {
      username: this.#username,
      reversePath: this.#reversePath ?? "",
      forwardPaths: this.#forwardPaths,
      body: this.#content.octets.toString("latin1"),
    };
  }

  #refusal(): string | undefined {
    if (this.#content.isTooLong) return "552 5.3.4 Message too large\r\n";
    return this.#forwardPaths.length === 0 ? "554 5.5.1 No valid recipients\r\n" : undefined;
  }

  async #say(text: string): Promise<Turn> {
    await this.#peer.say(text);
    return "next";
  }

  #mail(path: string | undefined): Promise<Turn> {
    if (this.#options.requiresLogin === true && this.#username === undefined)
      return this.#say("530 5.7.0 Authentication required\r\n");
    if (path === undefined) return this.#say("501 5.5.4 Syntax: MAIL FROM:<address>\r\n");
    if (this.#reversePath !== undefined) return this.#say("503 5.5.1 Nested MAIL command\r\n");
    this.#reversePath = path;
    return this.#say("250 2.1.0 Ok\r\n");
  }

  #rcpt(path: string | undefined): Promise<Turn> {
    if (path === undefined) return this.#say("501 5.5.4 Syntax: RCPT TO:<address>\r\n");
    if (this.#reversePath === undefined) return this.#say("503 5.5.1 Need MAIL command\r\n");
    const refusal = this.#options.refuse?.(path, this.#forwardPaths.length);
    if (refusal !== undefined) return this.#say(`${refusal}\r\n`);
    this.#forwardPaths.push(path);
    return this.#say("250 2.1.5 Ok\r\n");
  }

  async #data(): Promise<Turn> {
    if (this.#forwardPaths.length === 0) return this.#say("503 5.5.1 Need RCPT command\r\n");
    await this.#say("354 End data with <CR><LF>.<CR><LF>\r\n");
    return this.takeBody();
  }

  /** The octets are read even if the answer is a refusal (RFC 3030 section 2): they are not commands. */
  async #bdat(command: Command): Promise<Turn> {
    const chunk = parseChunk(command);
    if (chunk === undefined) {
      await this.#say("501 5.5.4 Syntax: BDAT count, and LAST for the last one\r\n");
      return "quit";
    }
    const isWanted = this.#forwardPaths.length > 0;
    if (!(await this.#peer.chunk(isWanted ? this.#content : new Content(0), chunk.size))) return "quit";
    if (!isWanted) return this.#say("503 5.5.1 Need RCPT command\r\n");
    return chunk.isLast ? "final" : this.#say(`250 2.0.0 ${chunk.size} octets\r\n`);
  }

  async #authenticate({ words: [name = "", initial] }: Command): Promise<Turn> {
    const { capabilities, login } = this.#options;
    const offered = capabilities.filter((line) => line.startsWith("AUTH ")).flatMap((line) => line.split(" ").slice(1));
    const exchange = login(name.toUpperCase(), offered, this.#peer.secure);
    if (exchange === undefined) return this.#say("504 5.5.4 Mechanism not offered\r\n");
    const ending = await runLogin(exchange, initial, this.#peer);
    if (ending === "gone") return "quit";
    if ("reply" in ending) return this.#say(`${ending.reply}\r\n`);
    this.#username = ending.username;
    return this.#say(ending.username === undefined ? "535 5.7.8 Not accepted\r\n" : "235 2.7.0 Accepted\r\n");
  }

  #forget(): void {
    this.#reversePath = undefined;
    this.#forwardPaths = [];
    this.#content = new Content(LARGEST);
  }
}

function pathIn(command: string): string | undefined {
  return /^(?:MAIL FROM|RCPT TO):\s?<([^>]*)>/i.exec(command)?.[1];
}
