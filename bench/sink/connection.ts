/** One client's connection to the sink: the wire, TLS on top of it, and the dialogue inside. */
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type SecureContext, TLSSocket } from "node:tls";
import { Dialogue, type Totals } from "./dialogue.ts";
import type { ConnectionTally, SinkSetup } from "./setup.ts";
import { WithholdingWire } from "./withholding-wire.ts";

export interface Shared {
  readonly setup: SinkSetup;
  readonly context: SecureContext;
  readonly totals: Totals & { lastAcceptedAt: bigint };
}

export class SinkConnection {
  readonly #shared: Shared;
  readonly #socket: Socket;
  readonly #counting: WithholdingWire | undefined;
  #dialogue: Dialogue;
  #before: Mark | undefined;
  #after: Mark | undefined;

  constructor(socket: Socket, shared: Shared) {
    this.#shared = shared;
    this.#socket = socket;
    this.#counting = shared.setup.withholds ? new WithholdingWire(socket) : undefined;
    this.#dialogue = new Dialogue(shared.setup, false, shared.totals);
    const wire = this.#counting ?? socket;
    if (shared.setup.transport === "implicit") this.#seal(wire, () => GREETING);
    else this.#talk(wire, GREETING);
  }

  get tally(): ConnectionTally {
    const before = this.#before ?? { roundTrips: 0, records: 0 };
    const after = this.#after ?? this.#mark();
    return {
      messages: this.#dialogue.messages,
      setUpRoundTrips: before.roundTrips,
      roundTrips: after.roundTrips - before.roundTrips,
      commands: this.#dialogue.commands,
      records: after.records - before.records,
    };
  }

  #talk(stream: Duplex, opening: string): void {
    const { totals } = this.#shared;
    const dialogue = this.#dialogue;
    if (opening !== "") stream.write(opening);
    const listen = (octets: Buffer): void => {
      const accepted = totals.messages;
      const replies = dialogue.receive(octets);
      if (dialogue.hasMail) this.#before ??= this.#mark();
      if (dialogue.hasQuit) this.#after ??= this.#mark();
      if (replies !== "") stream.write(replies, "latin1");
      if (totals.messages > accepted) totals.lastAcceptedAt = process.hrtime.bigint();
      if (dialogue.hasQuit) stream.end();
      if (!dialogue.wantsTls) return;
      stream.off("data", listen);
      this.#seal(stream, () => "");
    };
    stream.on("data", listen);
    // If a client hangs up, the count shows the missing messages.
    stream.on("error", () => this.#socket.destroy());
  }

  #seal(wire: Duplex, opening: () => string): void {
    this.#counting?.beginTls();
    this.#dialogue = new Dialogue(this.#shared.setup, true, this.#shared.totals);
    const sealed = new TLSSocket(wire, { isServer: true, secureContext: this.#shared.context });
    sealed.once("secure", () => this.#talk(sealed, opening()));
    sealed.on("error", () => this.#socket.destroy());
  }

  #mark(): Mark {
    return { roundTrips: this.#counting?.roundTrips ?? 0, records: this.#counting?.recordsAtRelease ?? 0 };
  }
}

interface Mark {
  readonly roundTrips: number;
  readonly records: number;
}

const GREETING = "220 sink.example ESMTP\r\n";
