/**
 * A mailer and a real server, while things go wrong around them. Each message's outcome is compared with what the server
 * delivered; how soon the mailer is back at work, and how often it tried, is measured.
 */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { toLoopback, password, user } from "../client.ts";
import { eximBinary, startExim } from "../servers/exim.ts";
import type { Authority } from "../servers/pki.ts";
import { startPostfix, writeSettled } from "../servers/postfix.ts";
import { type MailServer, serverName } from "../servers/server.ts";
import { childrenOf, nameOf, signal } from "./processes.ts";
import { type Idle, Tally, type Word } from "./tally.ts";
import { Weather, type WeatherOrder } from "./weather.ts";

export type ServerName = "Postfix" | "Exim";

/** Something that goes wrong for some milliseconds. */
interface Incident {
  readonly name: string;
  readonly longest: number;
  readonly servers?: readonly ServerName[];
  readonly happen: (world: World, milliseconds: number) => Promise<void>;
}

interface World {
  readonly server: MailServer;
  readonly weather: Weather;
  /** The process id of the server's first process. */
  readonly pid: number;
}

export interface ChaosOptions {
  readonly server: ServerName;
  readonly milliseconds: number;
  readonly seed: number;
  readonly authority: Authority;
  /** The names of the incidents. Default: all. */
  readonly only?: readonly string[] | undefined;
}

export interface Incidence {
  readonly name: string;
  /** Milliseconds that it lasted, and then until messages went at 90 % of the rate again. */
  readonly lasted: number;
  readonly recovered: number;
  /** Those of the minute before its end. Earlier incidents count too. */
  readonly idle: Idle;
}

export interface Report {
  readonly given: number;
  readonly accepted: number;
  readonly unknown: number;
  /** Accepted but not delivered; not accepted but delivered; delivered twice. */
  readonly missing: readonly string[];
  readonly denied: readonly string[];
  readonly doubled: readonly string[];
  /** How many sends did not end. */
  readonly hung: number;
  /** Sends that failed for want of a connection, though no outage was as long as the caller's patience. */
  readonly impatient: readonly Word[];
  /** The most of any minute. */
  readonly idle: Idle;
  readonly incidents: readonly Incidence[];
}

const SETTLE = 3_000;
/** Milliseconds over which the rate is measured. */
const STRETCH = 500;
const RECOVERY = 30_000;
const PATIENCE = 30_000;
const RATES: Readonly<Record<ServerName, number>> = { Postfix: 100, Exim: 40 };

const incidents: readonly Incident[] = [
  ...(
    [
      ["reset all", 0],
      ["reset one", 0],
      ["nobody there", 4_000],
      ["nothing moves", 4_000],
      ["all is lost", 2_000],
      ["server's side ends", 0],
      ["client's side ends", 0],
    ] as const
  ).map(([what, longest]) => ({
    name: what,
    longest,
    happen: ({ weather }: World, milliseconds: number) => weather.order({ what, milliseconds } satisfies WeatherOrder),
  })),
  {
    name: "its processes are killed",
    longest: 0,
    happen: async ({ pid }) => signal(conversing(pid), "SIGKILL"),
  },
  {
    name: "its processes are stopped",
    longest: 4_000,
    async happen({ pid }, milliseconds) {
      const stopped = conversing(pid);
      signal(stopped, "SIGSTOP");
      await sleep(milliseconds);
      signal(stopped, "SIGCONT");
    },
  },
  { name: "reload", longest: 0, happen: async ({ pid }) => signal([pid], "SIGHUP") },
  {
    name: "its disk is full",
    longest: 3_000,
    servers: ["Postfix"],
    happen: (world, milliseconds) => configured(world, "queue_minfree = 1000000000000000", milliseconds),
  },
  {
    name: "it takes two connections",
    longest: 4_000,
    servers: ["Postfix"],
    happen: (world, milliseconds) =>
      configured(world, "smtpd_client_connection_count_limit = 2\nsmtpd_client_event_limit_exceptions =", milliseconds),
  },
  {
    name: "the client is busy",
    longest: 3_000,
    async happen(_world, milliseconds) {
      const until = performance.now() + milliseconds;
      while (performance.now() < until);
    },
  },
];

/** The processes that speak SMTP. Processes that deliver are their children. */
function conversing(pid: number): readonly number[] {
  return childrenOf(pid).filter((one) => nameOf(one) === "smtpd" || nameOf(one) === "exim4");
}

/** Changes Postfix's settings for a time. */
async function configured({ server, pid }: World, lines: string, milliseconds: number): Promise<void> {
  const file = path.join(server.folder, "etc/main.cf");
  const before = await readFile(file, "utf8");
  await writeSettled(file, `${before}\n${lines}\n`);
  signal([pid], "SIGHUP");
  await sleep(milliseconds);
  await writeSettled(file, before);
  signal([pid], "SIGHUP");
}

export async function runChaos({ server: name, milliseconds, seed, authority, only }: ChaosOptions): Promise<Report> {
  const random = randomFrom(seed);
  // Postfix does not restart a service for a minute if one of its processes dies before it has served anybody.
  const settings = "service_throttle_time = 1s";
  await using server =
    name === "Postfix" ? await startPostfix({ authority, settings }) : await startExim({ authority });
  await using weather = await Weather.before(server.submissionPort);
  const pidFile = name === "Postfix" ? "spool/pid/master.pid" : "exim.pid";
  const pid = Number(readFileSync(path.join(server.folder, pidFile), "utf8").trim());
  const options = {
    tls: { ca: { only: readFileSync(authority.caFile, "utf8") } },
    credentials: { username: user, password },
    connect: toLoopback,
    pool: { patience: PATIENCE },
    timeouts: { finalReply: 20_000, envelope: 20_000, command: 20_000 },
  };
  const url = `submission://${serverName}:${weather.port}`;
  await using tally = new Tally(url, options, { atOnce: 64, aSecond: RATES[name], random });
  const chosen = incidents.filter((one) => (only?.includes(one.name) ?? true) && (one.servers?.includes(name) ?? true));
  tally.begin();
  await sleep(SETTLE);
  const found: Incidence[] = [];
  const until = performance.now() + milliseconds;
  for (let at = 0; performance.now() < until; at += 1) {
    // Each incident once, then at random.
    const incident = chosen[at < chosen.length ? at : Math.floor(random() * chosen.length)];
    if (incident === undefined) break;
    found.push(await suffer(incident, { server, weather, pid }, tally, random() * incident.longest));
    await sleep(SETTLE);
  }
  const isDone = await tally.end(PATIENCE + RECOVERY);
  if (name === "Exim") await runQueue(server);
  const delivered = await deliveries(server, tally.words);
  return judge(tally, delivered, isDone, found);
}

async function suffer(incident: Incident, world: World, tally: Tally, milliseconds: number): Promise<Incidence> {
  const began = performance.now();
  const rate = tally.accepted(began - SETTLE, began) / (SETTLE / STRETCH);
  await incident.happen(world, milliseconds);
  const over = performance.now();
  let recovered = Infinity;
  while (performance.now() < over + RECOVERY && recovered === Infinity) {
    await sleep(100);
    const now = performance.now();
    if (now - over >= STRETCH && tally.accepted(now - STRETCH, now) >= 0.9 * rate) recovered = now - STRETCH - over;
  }
  return { name: incident.name, lasted: over - began, recovered, idle: tally.idleBefore(over) };
}

/** Runs Exim's queue: what was taken but not delivered when a process was killed waits there. */
async function runQueue({ folder }: MailServer): Promise<void> {
  await promisify(execFile)(eximBinary, ["-C", path.join(folder, "exim.conf"), "-qff"]);
}

/** How often each message was delivered. Waits until all accepted ones are there, or nothing more comes. */
async function deliveries(server: MailServer, words: readonly Word[]): Promise<ReadonlyMap<string, number>> {
  const folder = path.join(server.folder, "mail/inbox/new");
  const accepted = words.filter(({ outcome }) => outcome === "accepted").length;
  for (let [seen, still] = [-1, 0]; still < 20; still += 1) {
    const { length } = await readdir(folder).catch(() => []);
    if (length !== seen) [seen, still] = [length, 0];
    if (seen > accepted && still > 4) break;
    await sleep(500);
  }
  const counts = new Map<string, number>();
  for (const file of await readdir(folder)) {
    const text = await readFile(path.join(folder, file), "latin1");
    const id = /^Message-ID: <(chaos-\d+)@/im.exec(text)?.[1] ?? "?";
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

function judge(
  tally: Tally,
  delivered: ReadonlyMap<string, number>,
  isDone: boolean,
  found: readonly Incidence[],
): Report {
  const { words } = tally;
  const ids = (test: (word: Word, copies: number) => boolean): readonly string[] =>
    words
      .filter((word) => test(word, delivered.get(word.id) ?? 0))
      .map(({ id, outcome, error }) => `${id} ${outcome} ${error}`);
  const opening =
    /^MAIL_(GREETING|NETWORK_CONNECT|AUTH|NETWORK_(TIMEOUT|LOST) (greeting|ehlo|starttls|handshake|auth))/;
  return {
    given: tally.given,
    accepted: words.filter(({ outcome }) => outcome === "accepted").length,
    unknown: words.filter(({ outcome }) => outcome === "unknown").length,
    missing: ids(({ outcome }, copies) => outcome === "accepted" && copies === 0),
    denied: ids(({ outcome }, copies) => outcome !== "accepted" && outcome !== "unknown" && copies > 0),
    doubled: ids((_word, copies) => copies > 1),
    hung: isDone ? 0 : tally.given - words.length,
    impatient: words.filter(({ error }) => opening.test(error)),
    idle: tally.idleAMinute,
    incidents: found,
  };
}

/** Random numbers, the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
