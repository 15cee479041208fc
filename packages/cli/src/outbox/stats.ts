/** `postseal outbox stats`: how many messages are in which state, and what is in trouble. */
import type { AccountFacts, Counts, LaneFacts, Outbox, WorkerSeen } from "@postseal/outbox";
import type { Arguments } from "../arguments.ts";
import { output } from "../output.ts";
import { exits } from "../result/exits.ts";
import { type Row, writeRows } from "../result/rows.ts";
import { type Subcommand, subcommand } from "../subcommand.ts";
import { formatMoment } from "./moment.ts";
import { withOutbox } from "./opening.ts";
import { outboxOptions, type PlaceOption } from "./options.ts";
import { existingOutbox } from "./outbox-file.ts";
import { reasonText, STATE_COLOURS, tellFacts } from "./telling.ts";

export const stats: Subcommand = subcommand({
  options: outboxOptions.stats,
  run: async (given: Arguments<PlaceOption>) =>
    withOutbox(await existingOutbox(given), {}, (outbox) => tellStats(outbox, given.has("json"))),
});

/** Returns the exit code. */
export async function tellStats(outbox: Outbox, asJson: boolean): Promise<number> {
  const counts = await outbox.stats();
  if (asJson) return tellFacts({ stats: counts });
  const rows = rowsOf(counts, Date.now());
  const none = new Set(rows.filter(([, value]) => value === "0").map(([label]) => label));
  writeRows(output, rows, new Map([...STATE_COLOURS].filter(([label]) => !none.has(label))));
  return exits.done.code;
}

function rowsOf({ states, unknown, oldestDue, accounts, lanes, workers }: Counts, now: number): readonly Row[] {
  const waiting = oldestDue === undefined || oldestDue > now ? "" : `, the oldest due since ${formatMoment(oldestDue)}`;
  return [
    // First, since only a person can end it.
    ["unknown", unknown === 0 ? "0" : `${unknown}: postseal outbox list --state held`],
    ...Object.entries(states).map(([state, count]): Row => [state, `${count}${state === "waiting" ? waiting : ""}`]),
    ...accounts.flatMap((account) => accountRows(account, now)),
    ...lanes.flatMap((lane) => laneRows(lane, now)),
    ...(workers.length === 0 ? [["worker", "none"] as const] : workers.map((worker) => workerRow(worker, now))),
  ];
}

/** A line for each account and stream that sends nothing before somebody resumes it. */
export function stopsOf({ accounts, lanes }: Counts): readonly string[] {
  return [
    ...accounts.filter(({ paused, locked }) => paused || locked).flatMap((account) => accountRows(account, 0)),
    ...lanes.filter(({ paused }) => paused).flatMap((lane) => laneRows(lane, 0)),
  ].map((row) => row.join(" "));
}

function accountRows({ name, paused, locked, restsUntil, reason }: AccountFacts, now: number): readonly Row[] {
  const why = reason === undefined ? "" : `: ${reasonText(reason)}`;
  if (paused) return [["account", `${name} is paused until postseal outbox resume --account ${name}`]];
  if (locked) return [["account", `${name} is stopped until postseal outbox resume --account ${name}${why}`]];
  return restsUntil > now ? [["account", `${name} rests until ${formatMoment(restsUntil)}${why}`]] : [];
}

function laneRows({ account, name, domain, paused, heldUntil, reason }: LaneFacts, now: number): readonly Row[] {
  if (paused)
    return [
      ["stream", `${name} of ${account} is paused until postseal outbox resume --account ${account} --stream ${name}`],
    ];
  if (domain === undefined || heldUntil <= now) return [];
  const why = reason === undefined ? "" : `: ${reasonText(reason)}`;
  return [["domain", `${domain} of ${account} is tried again at ${formatMoment(heldUntil)}${why}`]];
}

function workerRow({ host, pid, seen }: WorkerSeen, now: number): Row {
  const [machine = ""] = host.split(" ");
  return ["worker", `process ${pid} on ${machine}, heard of ${Math.max(0, Math.round((now - seen) / 1_000))} s ago`];
}
