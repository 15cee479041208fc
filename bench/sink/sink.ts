/** The server that every client sends to, in a process of its own. It keeps nothing. */
import { type AddressInfo, createServer } from "node:net";
import { performance } from "node:perf_hooks";
import { createSecureContext } from "node:tls";
import { answerQuestions, isRecordWith } from "../rig/worker.ts";
import { type Shared, SinkConnection } from "./connection.ts";
import type { SinkSetup, Tally } from "./setup.ts";

const totals: Shared["totals"] = { messages: 0, octets: 0, lastAcceptedAt: 0n };
let connections: SinkConnection[] = [];
let began = snapshot();

answerQuestions({ listen, reset, tally });

function listen(setup: unknown): Promise<number> {
  if (!isSetup(setup)) throw new TypeError("not a setup");
  const context = createSecureContext({ cert: setup.certificate, key: setup.key });
  const shared: Shared = { setup, context, totals };
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on("error", () => socket.destroy());
    const connection = new SinkConnection(socket, shared);
    if (setup.withholds) connections.push(connection);
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve(portOf(server.address())));
  });
}

function reset(): void {
  connections = [];
  totals.messages = 0;
  totals.octets = 0;
  began = snapshot();
}

function tally(): Tally {
  const { user, system } = process.cpuUsage(began.cpu);
  return {
    messages: totals.messages,
    octets: totals.octets,
    connections: connections.map((connection) => connection.tally),
    cpu: (user + system) / 1e6,
    idle: 1 - performance.eventLoopUtilization(began.loop).utilization,
    lastAcceptedAt: totals.lastAcceptedAt,
  };
}

function snapshot(): { cpu: NodeJS.CpuUsage; loop: ReturnType<typeof performance.eventLoopUtilization> } {
  return { cpu: process.cpuUsage(), loop: performance.eventLoopUtilization() };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new TypeError("no port");
  return address.port;
}

function isSetup(value: unknown): value is SinkSetup {
  return isRecordWith<SinkSetup>("certificate")(value);
}
