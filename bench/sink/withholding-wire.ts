/**
 * A wire that makes latency countable. It holds back what the server says until the client has been silent for 4 ms and so
 * must be waiting; each release is one round trip. It lies under TLS, so that handshakes are counted too.
 */
import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { TlsRecordCounter } from "./tls-records.ts";

const SILENCE = 4;

export class WithholdingWire extends Duplex {
  roundTrips = 0;
  /** TLS records from the client up to the last release; later ones belong to the next flight. */
  recordsAtRelease = 0;
  readonly #socket: Socket;
  readonly #records = new TlsRecordCounter();
  #held: Buffer[] = [];
  #timer: NodeJS.Timeout | undefined;
  #arrivals = 0;
  #isTls = false;

  constructor(socket: Socket) {
    super({ decodeStrings: true });
    this.#socket = socket;
    socket.on("data", (octets: Buffer) => {
      this.#arrivals += 1;
      if (this.#isTls) this.#records.receive(octets);
      this.#wait();
      this.push(octets);
    });
    socket.on("end", () => this.push(null));
    socket.on("error", () => this.destroy());
    socket.on("close", () => this.destroy());
  }

  /** Counts the client's octets as TLS from now on. */
  beginTls(): void {
    this.#isTls = true;
  }

  override _read(): void {
    // Octets are pushed as they come: if the wire stopped reading, a client with a full buffer would seem to be silent.
  }

  override _write(octets: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#held.push(octets);
    this.#wait();
    done();
  }

  override _final(done: () => void): void {
    this.#flush();
    this.#socket.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearTimeout(this.#timer);
    this.#socket.destroy();
    done(error);
  }

  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#expire(), SILENCE);
  }

  /** Timers run before sockets are read, so it looks at the socket first. Otherwise a busy machine would pass for a silent client. */
  #expire(): void {
    const seen = this.#arrivals;
    setImmediate(() =>
      setImmediate(() => {
        if (this.#arrivals === seen) this.#release();
      }),
    );
  }

  #release(): void {
    if (this.#held.length === 0) return;
    this.roundTrips += 1;
    this.recordsAtRelease = this.#records.count;
    this.#flush();
  }

  #flush(): void {
    if (this.#held.length > 0) this.#socket.write(Buffer.concat(this.#held));
    this.#held = [];
  }
}
