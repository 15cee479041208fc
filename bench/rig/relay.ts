/** A wire with a delay. Not every kernel can add one, so a process passes octets on, each half a round trip later. */
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { answerQuestions, isRecordWith } from "./worker.ts";

export interface RelaySetup {
  readonly port: number;
  /** Milliseconds, one way. */
  readonly delay: number;
}

answerQuestions({
  listen: (setup) => {
    if (!isSetup(setup)) throw new TypeError("not a setup");
    return listen(setup);
  },
});

function listen({ port, delay }: RelaySetup): Promise<number> {
  const server = createServer({ noDelay: true }, (client) => {
    const target = connect({ port, host: "127.0.0.1", noDelay: true });
    passOn(client, target, delay);
    passOn(target, client, delay);
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(portOf(server.address())));
  });
}

/** A timer for each piece keeps their order: timers of one length run in the order in which they were set. */
function passOn(from: Socket, to: Socket, delay: number): void {
  from.on("data", (octets) => setTimeout(() => to.write(octets), delay));
  from.on("end", () => setTimeout(() => to.end(), delay));
  from.on("error", () => to.destroy());
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new TypeError("no port");
  return address.port;
}

function isSetup(value: unknown): value is RelaySetup {
  return isRecordWith<RelaySetup>("delay")(value);
}
