/** The server's side of SMTP, as cheap as possible and therefore not the lab's: it counts, and accepts everything but a wrong SCRAM. */
import { over, type PromptExchange, scram, wait } from "@postseal/lab";
import type { SinkSetup } from "./setup.ts";

export interface Totals {
  messages: number;
  octets: number;
}

export class Dialogue {
  messages = 0;
  commands = 0;
  hasMail = false;
  hasQuit = false;
  wantsTls = false;
  readonly #setup: SinkSetup;
  readonly #isSealed: boolean;
  readonly #totals: Totals;
  #state: "command" | "data" | "chunk" | "login" = "command";
  /** The beginning of an unfinished line. */
  #line: Buffer = NOTHING;
  /** The last octets seen of DATA, because its end may come in two pieces. */
  #tail: Buffer = NOTHING;
  #chunk = { left: 0, isLast: false };
  #exchange: PromptExchange = over(undefined);
  #replies = "";

  constructor(setup: SinkSetup, isSealed: boolean, totals: Totals) {
    this.#setup = setup;
    this.#isSealed = isSealed;
    this.#totals = totals;
  }

  /** Takes octets, and returns all replies to them in one string. */
  receive(octets: Buffer): string {
    this.#replies = "";
    let position = 0;
    while (position < octets.length && !this.wantsTls) {
      if (this.#state === "chunk") position = this.#receiveChunk(octets, position);
      else if (this.#state === "data") position = this.#receiveData(octets, position);
      else position = this.#receiveLine(octets, position);
    }
    return this.#replies;
  }

  #receiveChunk(octets: Buffer, from: number): number {
    const taken = Math.min(this.#chunk.left, octets.length - from);
    this.#chunk.left -= taken;
    this.#totals.octets += taken;
    if (this.#chunk.left === 0) this.#endChunk();
    return from + taken;
  }

  #endChunk(): void {
    this.#state = "command";
    if (this.#chunk.isLast) this.#accept();
    else this.#replies += OK;
  }

  #receiveData(octets: Buffer, from: number): number {
    const seam = Buffer.concat([this.#tail, octets.subarray(from, from + END_OF_DATA.length - 1)]);
    const inSeam = seam.indexOf(END_OF_DATA);
    const inPiece = inSeam === -1 ? octets.indexOf(END_OF_DATA, from) : -1;
    if (inSeam === -1 && inPiece === -1) {
      this.#totals.octets += octets.length - from;
      const recent =
        octets.length - from < END_OF_DATA.length ? Buffer.concat([this.#tail, octets.subarray(from)]) : octets;
      this.#tail = Buffer.from(recent.subarray(1 - END_OF_DATA.length));
      return octets.length;
    }
    // The end of DATA may have begun before this piece.
    const end = inSeam === -1 ? inPiece : from + inSeam - this.#tail.length;
    this.#totals.octets += Math.max(0, end - from);
    this.#state = "command";
    this.#accept();
    return end + END_OF_DATA.length;
  }

  #accept(): void {
    this.messages += 1;
    this.#totals.messages += 1;
    this.#replies += OK;
  }

  #receiveLine(octets: Buffer, from: number): number {
    const end = octets.indexOf(LF, from);
    if (end === -1) {
      this.#line = Buffer.concat([this.#line, octets.subarray(from)]);
      return octets.length;
    }
    if (this.#line.length === 0) {
      this.#obey(octets, from, end);
    } else {
      const line = Buffer.concat([this.#line, octets.subarray(from, end + 1)]);
      this.#line = NOTHING;
      this.#obey(line, 0, line.length - 1);
    }
    return end + 1;
  }

  /** The first letter distinguishes nearly all commands, and the second the others. */
  #obey(octets: Buffer, from: number, end: number): void {
    if (this.#state === "login") return this.#login(octets.toString("latin1", from, end).trim());
    if (this.hasMail) this.commands += 1;
    switch ((octets[from] ?? 0) & UPPER_CASE) {
      case letter("M"):
        if (!this.hasMail) this.commands += 1;
        this.hasMail = true;
        this.#replies += OK;
        return undefined;
      case letter("B"):
        return this.#beginChunk(octets.toString("latin1", from, end).trim());
      case letter("D"):
        this.#state = "data";
        this.#tail = LINE_END;
        this.#replies += "354 Go on\r\n";
        return undefined;
      case letter("E"):
      case letter("H"):
        this.#replies += this.#capabilities();
        return undefined;
      case letter("A"):
        return this.#beginLogin(octets.toString("latin1", from, end).trim().split(" "));
      case letter("S"):
        this.wantsTls = true;
        this.#replies += "220 2.0.0 Go on\r\n";
        return undefined;
      case letter("Q"):
        this.commands -= this.hasMail ? 1 : 0;
        this.hasQuit = true;
        this.#replies += "221 2.0.0 Bye\r\n";
        return undefined;
      default:
        this.#replies += OK;
        return undefined;
    }
  }

  #beginChunk(line: string): void {
    const [, size = "0", last] = line.split(" ");
    this.#chunk = { left: Number(size), isLast: last !== undefined };
    this.#state = "chunk";
    if (this.#chunk.left === 0) this.#endChunk();
  }

  #capabilities(): string {
    const lines = ["sink.example", "PIPELINING", "SIZE 104857600", "8BITMIME", "ENHANCEDSTATUSCODES"];
    if (this.#setup.chunking) lines.push("CHUNKING");
    lines.push(this.#isSealed ? `AUTH ${this.#setup.mechanism}` : "STARTTLS");
    return lines.map((line, index) => `250${index === lines.length - 1 ? " " : "-"}${line}\r\n`).join("");
  }

  #beginLogin([, mechanism = "", initial]: readonly string[]): void {
    if (mechanism.toUpperCase() !== this.#setup.mechanism) {
      this.#replies += "504 5.5.4 Not that one\r\n";
      return;
    }
    const { password } = this.#setup;
    // PLAIN takes any password. A SCRAM client checks the server's signature, so that exchange has to be a real one.
    const isPlain = mechanism.toUpperCase() === "PLAIN";
    this.#exchange = isPlain ? wait(() => over("")) : scram({ hash: "sha256", passwordOf: () => password });
    this.#state = "login";
    if (initial === undefined) this.#replies += "334 \r\n";
    else this.#login(initial);
  }

  #login(response: string): void {
    if ("hear" in this.#exchange) this.#exchange = this.#exchange.hear(Buffer.from(response, "base64"));
    if ("challenge" in this.#exchange) {
      this.#replies += `334 ${this.#exchange.challenge.toString("base64")}\r\n`;
    } else {
      this.#state = "command";
      this.#replies += this.#exchange.username === undefined ? "535 5.7.8 No\r\n" : "235 2.7.0 Welcome\r\n";
    }
  }
}

const NOTHING: Buffer = Buffer.alloc(0);
const LF = 10;
const LINE_END: Buffer = Buffer.from("\r\n");
const END_OF_DATA: Buffer = Buffer.from("\r\n.\r\n");
const OK = "250 2.0.0 OK\r\n";
/** A mask that makes lower-case letters upper case. */
const UPPER_CASE = 0xdf;

function letter(text: string): number {
  return text.charCodeAt(0);
}
