/**
 * `npm run bench:counts`: counts how often Postseal waits for the server. The counts are the same on every machine, so each
 * has a limit, and the command fails if one is exceeded.
 */
import { count, type Counting, type Counts } from "./rig/count.ts";
import { Rig } from "./rig/rig.ts";
import { formatTable } from "./report/table.ts";

interface Case {
  readonly name: string;
  readonly sink: Counting["sink"];
  readonly recipients?: number;
  /** How many messages, and how many sends are started at once. */
  readonly count: number;
  readonly open: number;
  readonly window: number;
  readonly gates: Readonly<Partial<Record<keyof Counts, Gate>>>;
}

/** Fewer than `least` means that the count itself is wrong. */
interface Gate {
  readonly least: number;
  readonly most: number;
}

const chunking: Counting["sink"] = { transport: "implicit", chunking: true, mechanism: "PLAIN" };
const pipelining: Counting["sink"] = { ...chunking, chunking: false };
const startTls: Counting["sink"] = { ...chunking, transport: "starttls" };
const awaited = { count: 20, open: 1, window: 1 };
/** A MAIL that is written before the last reply is in needs an RSET before it: a refused transaction may still be open. */
const pipelined: Gate = { least: 3, most: 4 };
const hello = { count: 2, open: 1, window: 1 };

const cases: readonly Case[] = [
  {
    name: "CHUNKING, each awaited",
    sink: chunking,
    ...awaited,
    gates: { roundTrips: exactly(1), commands: exactly(3), records: exactly(1) },
  },
  {
    name: "CHUNKING, each awaited, 10 recipients",
    sink: chunking,
    recipients: 10,
    ...awaited,
    gates: { roundTrips: exactly(1), commands: exactly(12), records: exactly(1) },
  },
  {
    name: "CHUNKING, window 32, all at once",
    sink: chunking,
    count: 320,
    open: 320,
    window: 32,
    gates: {
      roundTrips: { least: 1 / 32, most: 0.1 },
      commands: pipelined,
      // A record holds at most 16 KiB: seven of these messages.
      records: { least: 0.1, most: 0.25 },
    },
  },
  {
    name: "PIPELINING only, each awaited",
    sink: pipelining,
    ...awaited,
    gates: { roundTrips: exactly(2), commands: exactly(3), records: exactly(2) },
  },
  {
    name: "PIPELINING only, the next already waits",
    sink: pipelining,
    count: 40,
    open: 40,
    window: 32,
    gates: { roundTrips: { least: 1, most: 1.05 }, commands: pipelined },
  },
  { name: "STARTTLS, AUTH PLAIN", sink: startTls, ...hello, gates: { setUpRoundTrips: exactly(6) } },
  { name: "implicit TLS, AUTH PLAIN", sink: chunking, ...hello, gates: { setUpRoundTrips: exactly(4) } },
  {
    name: "STARTTLS, SCRAM-SHA-256",
    sink: { ...startTls, mechanism: "SCRAM-SHA-256" },
    ...hello,
    gates: { setUpRoundTrips: exactly(8) },
  },
  {
    name: "implicit TLS, SCRAM-SHA-256",
    sink: { ...chunking, mechanism: "SCRAM-SHA-256" },
    ...hello,
    gates: { setUpRoundTrips: exactly(6) },
  },
];

const titles: Readonly<Record<keyof Counts, string>> = {
  roundTrips: "Round trips a message",
  setUpRoundTrips: "Round trips a connection (TLS 1.3; TCP's own is not counted)",
  commands: "Commands a message",
  records: "TLS records a message",
};
const order: readonly (keyof Counts)[] = ["roundTrips", "setUpRoundTrips", "commands", "records"];

await using rig = await Rig.create();
const rows: Record<keyof Counts, (readonly string[])[]> = {
  roundTrips: [],
  setUpRoundTrips: [],
  commands: [],
  records: [],
};
for (const each of cases) {
  const holds = (fact: keyof Counts, found: number): boolean => {
    const gate = each.gates[fact];
    return gate === undefined || (found >= gate.least && found <= gate.most);
  };
  const found = await count(rig, countingOf(each), (least) => order.every((fact) => holds(fact, least[fact])));
  for (const fact of order) {
    const gate = each.gates[fact];
    if (gate === undefined) continue;
    const isHeld = holds(fact, found[fact]);
    if (!isHeld) process.exitCode = 1;
    const verdict = isHeld ? "ok" : found[fact] < gate.least ? "too few" : "TOO MANY";
    rows[fact].push([each.name, shown(found[fact]), shown(gate.most), verdict]);
  }
}
for (const fact of order) {
  process.stdout.write(`${titles[fact]}\n\n${formatTable([["", "counted", "at most", ""], ...rows[fact]])}\n`);
}

function countingOf({ name, sink, recipients = 1, count: messages, open, window }: Case): Counting {
  return {
    contestant: { id: name, name, driver: "postseal", connections: 1, window, open, isReady: false },
    sink,
    letter: { recipients, text: 1536 },
    count: messages,
    open,
    fromSource: true,
  };
}

function exactly(number: number): Gate {
  return { least: number, most: number };
}

function shown(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
