/**
 * `npm run soak -- --messages N`: sends N messages through one mailer. After each tenth it reads the heap after garbage
 * collection, and counts listeners. It fails if either grows.
 */
import { subscribe } from "node:diagnostics_channel";
import { type EventEmitter, getEventListeners } from "node:events";
import { Socket } from "node:net";
import { setImmediate as turn } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createMailer, type Message } from "@postseal/mailer";
import { Rig, fastSink } from "./rig/rig.ts";
import { formatTable } from "./report/table.ts";

const TENTHS = 10;
/** Messages before the first reading. */
const WARM_UP = 2_000;
/** Callers, each of which awaits its own message before the next. */
const CALLERS = 64;
/** Octets that the heap may grow by in a tenth, and in the whole run: warming up is slow, and one connection more or less shows. */
const TENTH_TOLERANCE = 128 * 1024;
const TOLERANCE = 1024 * 1024;
/** The default of a mailer. */
const MOST_CONNECTIONS = 5;
const LINE = "A line of text such as people write: it says little, but says it nicely.\r\n";

const { values } = parseArgs({ options: { messages: { type: "string", default: "1000000" } } });
const count = Number(values.messages);
if (!Number.isInteger(count) || count < TENTHS * CALLERS)
  throw new TypeError(`--messages takes a number of at least ${TENTHS * CALLERS}`);
const { gc } = globalThis;
if (gc === undefined) throw new Error("run this with --expose-gc, as npm run soak does");

interface Reading {
  readonly messages: number;
  /** Octets. */
  readonly heap: number;
  readonly signal: number;
  readonly process: number;
  readonly sockets: number;
  /** The most listeners on one socket. */
  readonly socket: number;
}

const sockets = new Set<Socket>();
subscribe("net.client.socket", (event) => {
  if (typeof event !== "object" || event === null || !("socket" in event)) return;
  const { socket } = event;
  if (!(socket instanceof Socket)) return;
  sockets.add(socket);
  socket.once("close", () => sockets.delete(socket));
});
const warnings: string[] = [];
process.on("warning", ({ name, message }) => warnings.push(`${name}: ${message}`));

await using rig = await Rig.create();
await using sink = await rig.startSink(fastSink);
const { host, port, transport, username, password, ca } = sink.endpoint;
const mailer = createMailer(
  { host, port, transport },
  { credentials: { username, password }, tls: { ca: { only: ca } } },
);
/** One signal for all sends: a listener that is never removed would stay on it. */
const { signal } = new AbortController();

let sent = 0;
const readings: Reading[] = [];
const began = performance.now();
await sendUpTo(WARM_UP);
for (let tenth = 1; tenth <= TENTHS; tenth += 1) {
  await sendUpTo(WARM_UP + Math.round((count * tenth) / TENTHS));
  readings.push(await read());
  process.stderr.write(`${sent} messages, ${Math.round((performance.now() - began) / 1000)} s\n`);
}
const { messages } = await sink.tally();
await mailer.close();
const faults = faultsIn(readings);
process.stdout.write(`${table()}\n${messages} messages taken. ${faults.join(" ") || "Nothing grew."}\n`);
if (faults.length > 0) process.exitCode = 1;

async function sendUpTo(end: number): Promise<void> {
  const caller = async (): Promise<void> => {
    while (sent < end) {
      sent += 1;
      await mailer.send(messageOf(sent), { signal });
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
}

/** Kinds of messages that take different paths through the mailer. */
function messageOf(index: number): Message {
  const [from, to] = ["reports@example.com", "recipient@example.org"];
  const subject = `Report number ${index}`;
  if (index % 10 > 0) return { from, to, subject, text: LINE.repeat(20) };
  const ready = `From: ${from}\r\nTo: ${to}\r\nSubject: ${subject}\r\n\r\n${LINE}`;
  return { envelope: { from, to }, message: () => piecesOf(ready) };
}

async function* piecesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text.slice(0, 50));
  yield Buffer.from(text.slice(50));
}

/** Reads between two tenths, while no message is under way and the connections are idle. */
async function read(): Promise<Reading> {
  for (let round = 0; round < 3; round += 1) {
    await turn();
    gc?.();
  }
  const ofSockets = [...sockets].map(listenersOf);
  return {
    messages: sent,
    heap: process.memoryUsage().heapUsed,
    signal: getEventListeners(signal, "abort").length,
    process: listenersOf(process),
    sockets: ofSockets.length,
    socket: Math.max(0, ...ofSockets),
  };
}

function listenersOf(emitter: EventEmitter): number {
  return emitter.eventNames().reduce((sum, name) => sum + emitter.listenerCount(name), 0);
}

function faultsIn(all: readonly Reading[]): readonly string[] {
  const grown = (what: Exclude<keyof Reading, "messages">): number => (all.at(-1)?.[what] ?? 0) - (all[0]?.[what] ?? 0);
  return [
    // The median, because V8 gives back some megabytes at once at some moment, which would hide a leak in the mean.
    ...(medianOf(growths(all)) > TENTH_TOLERANCE || grown("heap") > TOLERANCE ? ["THE HEAP GREW."] : []),
    ...(all.some((one) => one.signal > 0) ? ["LISTENERS ARE LEFT ON THE SIGNAL."] : []),
    ...(grown("process") > 0 || grown("socket") > 0 ? ["LISTENERS GREW."] : []),
    ...(all.some((one) => one.sockets > MOST_CONNECTIONS) ? ["SOCKETS ARE LEFT."] : []),
    ...(messages === WARM_UP + count ? [] : ["THE SINK COUNTED ANOTHER NUMBER OF MESSAGES."]),
    ...warnings,
  ];
}

/** The growth of the heap from each reading to the next. */
function growths(all: readonly Reading[]): readonly number[] {
  return all.slice(1).map(({ heap }, index) => heap - (all[index]?.heap ?? heap));
}

function medianOf(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;
}

function table(): string {
  return formatTable([
    ["Messages", "Heap after gc (MB)", "on the signal", "on the process", "Sockets", "most on a socket"],
    ...readings.map((one) => [
      String(one.messages),
      (one.heap / 1e6).toFixed(2),
      ...[one.signal, one.process, one.sockets, one.socket].map(String),
    ]),
  ]);
}
