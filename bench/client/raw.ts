/**
 * The limit: a TLS socket that writes the same octets again and again, envelope and body at once by BDAT, and counts the
 * ends of lines that come back. It composes nothing, checks next to nothing, and forgives nothing.
 */
import { connect, type TLSSocket } from "node:tls";
import type { Driver, Endpoint, Habits } from "./driver.ts";
import { type Letter, readyMade } from "./letter.ts";

export async function openRaw(endpoint: Endpoint, write: (index: number) => Letter, habits: Habits): Promise<Driver> {
  const letter = write(0);
  const message = readyMade(letter);
  const recipients = letter.to.map((address) => `RCPT TO:<${address}>\r\n`).join("");
  const envelope = `MAIL FROM:<${letter.from}>\r\n${recipients}BDAT ${message.length} LAST\r\n`;
  const transaction = Buffer.concat([Buffer.from(envelope), message]);
  const flight = Buffer.concat(Array.from({ length: habits.window }, () => transaction));
  const session = await RawSession.open(endpoint);
  return {
    run: async (count) => {
      await session.run(count, habits.window, letter.to.length + 2, flight);
      return undefined;
    },
    close: async () => session.close(),
  };
}

class RawSession {
  readonly #socket: TLSSocket;
  #isDone = false;
  #lines = 0;
  #wanted = 0;
  #answered: () => void = () => {};

  private constructor(socket: TLSSocket) {
    this.#socket = socket;
    // Nothing is mended here: an end that nobody asked for ends the process, and the bench says so.
    socket.on("close", () => {
      if (!this.#isDone) throw new Error("the sink hung up");
    });
    socket.on("data", (octets: Buffer) => {
      for (let at = octets.indexOf(LF); at !== -1; at = octets.indexOf(LF, at + 1)) this.#lines += 1;
      if (this.#lines >= this.#wanted) this.#answered();
    });
  }

  static async open({ host, port, ca, username, password }: Endpoint): Promise<RawSession> {
    const socket = connect({ host, port, ca });
    socket.setNoDelay(true);
    await new Promise<void>((resolve, reject) => {
      socket.once("secureConnect", resolve);
      socket.once("error", reject);
    });
    const session = new RawSession(socket);
    await session.#say("", 1);
    await session.#say("EHLO raw.example\r\n", 7);
    await session.#say(`AUTH PLAIN ${Buffer.from(`\0${username}\0${password}`).toString("base64")}\r\n`, 1);
    return session;
  }

  /** Keeps `window` transactions on the wire; as many as were answered follow in one write. */
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

  close(): void {
    this.#isDone = true;
    this.#socket.destroy();
  }

  #say(text: string, lines: number): Promise<void> {
    this.#wanted = this.#lines + lines;
    return new Promise((resolve) => {
      this.#answered = resolve;
      if (text !== "") this.#socket.write(text);
      if (this.#lines >= this.#wanted) resolve();
    });
  }
}

const LF = 10;
