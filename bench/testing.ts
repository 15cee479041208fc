/** `npm run bench:testing`: how long the test server takes for long messages, and how much memory, kept and streamed. */
import { once } from "node:events";
import { connect, type TLSSocket } from "node:tls";
import { formatTable } from "./report/table.ts";
import { isRecordWith, Worker } from "./rig/worker.ts";
import type { Cost, Place } from "./testing/server.ts";

/** MiB. */
const SIZES = [5, 20, 60, 100];
const MIB = 1024 * 1024;
const ROUNDS = 5;
/** As long as the lines of base64. */
const LINE = `${"A line of a long message. ".repeat(3).slice(0, 76)}\r\n`;
const HEAD = "Subject: long\r\n\r\n";
const LINES: Buffer = Buffer.from(LINE.repeat(10_000));

type Verb = "BDAT" | "DATA";

interface Measured extends Cost {
  readonly milliseconds: number;
}

const rows: string[][] = [];
for (const isStreamed of [false, true]) {
  for (const verb of ["BDAT", "DATA"] as const) {
    const all: Measured[] = [];
    for (const size of SIZES) all.push(await best(verb, isStreamed, size * MIB));
    process.stderr.write(`${verb}, ${isStreamed ? "streamed" : "kept"}\n`);
    rows.push([
      `${verb}, ${isStreamed ? "streamed" : "kept"}`,
      ...all.map(
        ({ milliseconds, work, memory }) =>
          `${Math.round(milliseconds)} ms (${Math.round(work)} CPU), ${Math.round(memory / MIB)} MiB`,
      ),
      `${ratio(all.map(({ milliseconds }) => milliseconds))} (${ratio(all.map(({ work }) => work))} CPU)`,
    ]);
  }
}
process.stdout.write(formatTable([["", ...SIZES.map((size) => `${size} MiB`), "100 to 5"], ...rows]));

/** How many times the first the last is. */
function ratio(times: readonly number[]): string {
  return ((times.at(-1) ?? 0) / (times[0] ?? 1)).toFixed(1);
}

/** The shortest time of some rounds, and the most memory. */
async function best(verb: Verb, isStreamed: boolean, size: number): Promise<Measured> {
  const rounds: Measured[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rounds.push(await measure(verb, isStreamed, size));
  return {
    size,
    milliseconds: Math.min(...rounds.map(({ milliseconds }) => milliseconds)),
    work: Math.min(...rounds.map(({ work }) => work)),
    memory: Math.max(...rounds.map(({ memory }) => memory)),
  };
}

async function measure(verb: Verb, isStreamed: boolean, about: number): Promise<Measured> {
  const lines = about - (about % LINE.length);
  const size = HEAD.length + lines;
  const server = new Worker(new URL("testing/server.ts", import.meta.url), true);
  try {
    const { ca, host, port, username, password } = await server.ask("start", isStreamed, isRecordWith<Place>("ca"));
    const socket = connect({ ca, host, port }).setNoDelay(true);
    const login = Buffer.from(`\0${username}\0${password}`).toString("base64");
    for (const command of ["", "EHLO bench.example\r\n", `AUTH PLAIN ${login}\r\n`]) await ask(socket, command);
    const began = performance.now();
    await ask(socket, "MAIL FROM:<a@example.org>\r\n");
    await ask(socket, "RCPT TO:<b@example.org>\r\n");
    if (verb === "DATA") await ask(socket, "DATA\r\n");
    else socket.write(`BDAT ${size} LAST\r\n`);
    socket.write(HEAD);
    await writeLines(socket, lines);
    await ask(socket, verb === "DATA" ? ".\r\n" : "");
    const milliseconds = performance.now() - began;
    socket.destroy();
    const cost = await server.ask("cost", undefined, isRecordWith<Cost>("memory"));
    if (cost.size !== size) throw new Error(`${cost.size} of ${size} octets came`);
    return { ...cost, milliseconds };
  } finally {
    await server.stop();
  }
}

/** Says a command, and waits for its whole reply. */
async function ask(socket: TLSSocket, command: string): Promise<void> {
  if (command !== "") socket.write(command);
  let heard = "";
  while (!/^\d\d\d .*\r\n$/m.test(heard)) {
    const event: readonly unknown[] = await Promise.race([once(socket, "data"), once(socket, "close")]);
    const [octets] = event;
    if (!(octets instanceof Buffer)) throw new Error("the server has closed the connection");
    heard += octets.toString();
  }
  if (/^[45]/.test(heard)) throw new Error(heard);
}

/** Whole lines, at the pace of the server. */
async function writeLines(socket: TLSSocket, size: number): Promise<void> {
  for (let left = size; left > 0; left -= LINES.length)
    if (!socket.write(LINES.subarray(0, left))) await once(socket, "drain");
}
