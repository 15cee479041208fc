/**
 * The limit: a TLS socket that writes the same octets again and again, and counts the line ends that come back. It
 * composes nothing, checks next to nothing, and recovers from nothing. By BDAT, envelope and body are one write; by DATA the
 * body waits for its 354, and with more than one in flight the next envelope follows the final dot.
 */
import { connect, type TLSSocket } from "node:tls";
import type { Driver, Endpoint, Habits } from "./driver.ts";
import { type Letter, readyMade } from "./letter.ts";

export async function openRaw(endpoint: Endpoint, write: (index: number) => Letter, habits: Habits): Promise<Driver> {
  const letter = write(0);
  const message = readyMade(letter);
  const recipients = letter.to.map((address) => `RCPT TO:<${address}>\r\n`).join("");
  const envelope = `MAIL FROM:<${letter.from}>\r\n${recipients}`;
  const replies = letter.to.length + 1;
  const { session, chunking } = await openSession(endpoint);
  const transaction = [Buffer.from(`${envelope}BDAT ${message.length} LAST\r\n`), message];
  const flight = Buffer.concat(Array.from({ length: habits.window }, () => transaction).flat());
  return {
    run: async (count) => {
      if (chunking) await session.run(count, habits.window, replies + 1, flight);
      else await session.take(turnsByData({ envelope, replies, message }, count, habits.window > 1));
      return undefined;
    },
    close: async () => session.close(),
  };
}

/** One write, and how many lines answer it. */
interface Turn {
  readonly octets: Buffer;
  readonly lines: number;
}

interface Transaction {
  readonly envelope: string;
  /** Replies to MAIL and each RCPT. */
  readonly replies: number;
  /** No line of it begins with a dot, so nothing is stuffed. */
  readonly message: Buffer;
}

function* turnsByData(
  { envelope, replies, message }: Transaction,
  count: number,
  ahead: boolean,
): Generator<Turn, void> {
  const first = { octets: Buffer.from(`${envelope}DATA\r\n`), lines: replies + 1 };
  const body = { octets: Buffer.concat([message, Buffer.from(".\r\n")]), lines: 1 };
  const both = { octets: Buffer.concat([body.octets, first.octets]), lines: body.lines + first.lines };
  yield first;
  for (let left = count; left > 1; left -= 1) {
    if (ahead) yield both;
    else yield* [body, first];
  }
  yield body;
}

async function openSession(endpoint: Endpoint): Promise<{ readonly session: RawSession; readonly chunking: boolean }> {
  const { host, port, ca, username, password } = endpoint;
  const socket = connect({ host, port, ca });
  socket.setNoDelay(true);
  await new Promise<void>((resolve, reject) => {
    socket.once("secureConnect", resolve);
    socket.once("error", reject);
  });
  await ask(socket, "");
  const offer = await ask(socket, "EHLO raw.example\r\n");
  await ask(socket, `AUTH PLAIN ${Buffer.from(`\0${username}\0${password}`).toString("base64")}\r\n`);
  return { session: new RawSession(socket), chunking: offer.includes("CHUNKING") };
}

/** Writes the text, and resolves with one reply. */
function ask(socket: TLSSocket, text: string): Promise<string> {
  return new Promise((resolve) => {
    let reply = "";
    const listen = (octets: Buffer): void => {
      reply += octets.toString("latin1");
      if (!/^\d{3} .*\r\n$/m.test(reply)) return;
      socket.off("data", listen);
      resolve(reply);
    };
    socket.on("data", listen);
    if (text !== "") socket.write(text);
  });
}

class RawSession {
  readonly #socket: TLSSocket;
  #isDone = false;
  #lines = 0;
  #wanted = 0;
  #answered: () => void = () => {};

  constructor(socket: TLSSocket) {
    this.#socket = socket;
    // An unexpected close ends the process, and the bench reports it.
    socket.on("close", () => {
      if (!this.#isDone) throw new Error("the sink hung up");
    });
    socket.on("data", (octets: Buffer) => {
      for (let at = octets.indexOf(LF); at !== -1; at = octets.indexOf(LF, at + 1)) this.#lines += 1;
      if (this.#lines >= this.#wanted) this.#answered();
    });
  }

  /** Keeps `window` transactions on the wire: each write adds as many as were answered. */
  run(count: number, window: number, lines: number, flight: Buffer): Promise<void> {
    const size = flight.length / window;
    return new Promise((resolve) => {
      let sent = 0;
      let accepted = 0;
      this.#lines = 0;
      this.#wanted = 0;
      this.#answered = () => {
        accepted = Math.floor(this.#lines / lines);
        if (accepted === count) return resolve();
        const more = Math.min(count - sent, window - (sent - accepted));
        this.#wanted = (accepted + 1) * lines;
        if (more > 0) this.#socket.write(flight.subarray(0, more * size));
        sent += more;
      };
      this.#answered();
    });
  }

  /** Writes one turn after the other, each once the one before it is answered. */
  take(turns: Iterator<Turn, void>): Promise<void> {
    return new Promise((resolve) => {
      this.#lines = 0;
      this.#wanted = 0;
      this.#answered = () => {
        const turn = turns.next();
        if (turn.done === true) return resolve();
        this.#wanted += turn.value.lines;
        this.#socket.write(turn.value.octets);
      };
      this.#answered();
    });
  }

  close(): void {
    this.#isDone = true;
    this.#socket.destroy();
  }
}

const LF = 10;
