/**
 * A submission server that refuses a chunk without reading it, and then runs its octets as commands. It reads wrongly on
 * purpose, so it is not the lab's.
 */
import type { Socket } from "node:net";
import { createSecureContext, TLSSocket } from "node:tls";
import { type Issued, type Listener, listen } from "@postseal/lab";

/** How the server finds lines, and commands in them. */
export interface Reader {
  /** What ends a line: LF, or everything that any program takes for a line end. */
  readonly ends: "LF" | "every";
  /** Octets of the line buffer. A longer line is cut, and its remainder read as another line. */
  readonly buffer: number;
}

export interface Refusals {
  readonly reader: Reader;
  /** The reply code for BDAT. */
  readonly chunk: number;
  /** How many chunks of each connection it takes before it refuses one. */
  readonly honoured?: number;
  /** The only domain whose recipients it refuses. */
  readonly refusedDomain?: string | undefined;
}

/** What it delivered. */
export interface Delivery {
  readonly sender: string;
  readonly recipients: readonly string[];
  readonly body: string;
}

export interface UnreadChunkServer extends Listener {
  readonly deliveries: readonly Delivery[];
  /** Chunks that were refused. */
  readonly chunks: () => number;
}

const LF = /\n/g;
const EVERY = /\r\n|[\n\r\v\f\u001c-\u001e\u0085]|\u00e2\u0080[\u00a8\u00a9]/g;
const MAIL = /^(?:mail|send|soml|saml)[^a-z]*from(?![a-z0-9])[: ]*<?([^>\s]*)/i;
const RCPT = /^rcpt(?![a-z0-9])(?:[^<]*<([^>]*)>)?/i;

export async function startUnreadChunkServer(identity: Issued, refusals: Refusals): Promise<UnreadChunkServer> {
  const secureContext = createSecureContext({ cert: identity.chain, key: identity.key });
  const deliveries: Delivery[] = [];
  let chunks = 0;
  const listener = await listen((socket) => {
    const session = new Session(refusals, {
      delivered: (delivery) => deliveries.push(delivery),
      refused: () => (chunks += 1),
    });
    session.serve(socket, new TLSSocket(socket, { isServer: true, secureContext }));
  });
  return { ...listener, deliveries, chunks: () => chunks };
}

interface Events {
  delivered(delivery: Delivery): void;
  refused(): void;
}

class Session {
  readonly #refusals: Refusals;
  readonly #events: Events;
  #input = "";
  #sender: string | undefined;
  #recipients: string[] = [];
  /** The lines of a message after 354. */
  #lines: string[] | undefined;
  #honoured: number;
  /** Octets still to come of a chunk that is read. */
  #due = 0;
  #replies = "";
  /** Octets still to come of a refused chunk. Replies are held until they have come, so that a client cannot stop halfway. */
  #outstanding = 0;

  constructor(refusals: Refusals, events: Events) {
    this.#refusals = refusals;
    this.#events = events;
    this.#honoured = refusals.honoured ?? 0;
  }

  serve(raw: Socket, stream: TLSSocket): void {
    stream.on("error", () => raw.destroy());
    stream.on("end", () => stream.end());
    stream.once("secure", () => stream.write("220 mx.example ESMTP\r\n"));
    stream.on("data", (chunk: Buffer) => {
      this.#input += chunk.toString("latin1");
      this.#outstanding -= chunk.length;
      for (let reply = this.#next(); reply !== undefined; reply = this.#next()) this.#replies += reply;
      if (this.#outstanding > 0 || this.#replies === "") return;
      stream.write(this.#replies);
      if (this.#replies.endsWith("221 bye\r\n")) stream.end();
      this.#replies = "";
    });
  }

  /** The reply to what was read last; `undefined` if more octets are needed first. */
  #next(): string | undefined {
    if (this.#due > 0) return this.#chunk();
    const line = this.#line();
    return line === undefined ? undefined : this.#hear(line);
  }

  #chunk(): string | undefined {
    if (this.#input.length < this.#due) return undefined;
    const body = this.#input.slice(0, this.#due);
    this.#input = this.#input.slice(this.#due);
    this.#due = 0;
    if (this.#recipients.length === 0) return "554 5.5.1 no valid recipients\r\n";
    this.#deliver(body);
    return "250 2.0.0 queued\r\n";
  }

  #line(): string | undefined {
    const { ends, buffer } = this.#refusals.reader;
    const pattern = ends === "LF" ? LF : EVERY;
    pattern.lastIndex = 0;
    const found = pattern.exec(this.#input.slice(0, buffer + 2));
    const end = found === null || found.index > buffer ? buffer : found.index;
    if (found === null && this.#input.length <= buffer) return undefined;
    const line = this.#input.slice(0, end);
    this.#input = this.#input.slice(end === found?.index ? end + found[0].length : end);
    return line.replace(/\r$/, "");
  }

  #hear(line: string): string {
    if (this.#lines !== undefined) return this.#take(this.#lines, line);
    const command = line.replace(/^[^!-~]+/, "");
    const sender = MAIL.exec(command)?.[1];
    if (sender !== undefined) {
      if (this.#sender !== undefined) return "503 5.5.1 nested\r\n";
      this.#sender = sender;
      return "250 2.1.0 ok\r\n";
    }
    const recipient = RCPT.exec(command)?.[1];
    if (recipient !== undefined) return this.#addressed(recipient);
    return this.#obey(command);
  }

  #addressed(recipient: string): string {
    const { refusedDomain } = this.#refusals;
    if (this.#sender === undefined) return "503 5.5.1 no sender\r\n";
    if (refusedDomain !== undefined && recipient.endsWith(refusedDomain)) return "550 5.1.1 no such mailbox\r\n";
    this.#recipients.push(recipient);
    return "250 2.1.5 ok\r\n";
  }

  #obey(command: string): string {
    switch (/^[a-z]+(?![a-z0-9])/i.exec(command)?.[0].toUpperCase()) {
      case "EHLO":
        return "250-mx.example\r\n250-PIPELINING\r\n250-CHUNKING\r\n250-8BITMIME\r\n250 SIZE 10485760\r\n";
      case "RSET":
        this.#forget();
        return "250 2.0.0 flushed\r\n";
      case "DATA":
        if (this.#recipients.length === 0) return "554 5.5.1 no valid recipients\r\n";
        this.#lines = [];
        return "354 go\r\n";
      case "BDAT":
        return this.#announced(Number(/\d+/.exec(command)?.[0]));
      case "QUIT":
        return "221 bye\r\n";
      default:
        return "500 5.5.2 what\r\n";
    }
  }

  #take(lines: string[], line: string): string {
    if (line !== ".") {
      lines.push(line.replace(/^\./, ""));
      return "";
    }
    this.#deliver(lines.join("\r\n"));
    return "250 2.0.0 queued\r\n";
  }

  #announced(size: number): string {
    if (this.#honoured > 0 && size > 0) {
      this.#honoured -= 1;
      this.#due = size;
      return "";
    }
    this.#events.refused();
    this.#outstanding = size - this.#input.length;
    return `${this.#refusals.chunk} 5.5.1 no chunks\r\n`;
  }

  #deliver(body: string): void {
    this.#events.delivered({ sender: this.#sender ?? "", recipients: this.#recipients, body });
    this.#lines = undefined;
    this.#forget();
  }

  #forget(): void {
    this.#sender = undefined;
    this.#recipients = [];
  }
}
