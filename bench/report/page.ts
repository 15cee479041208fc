/** Formats results as Markdown, for the terminal and for the marked places of docs/benchmarks.md. */
import { isBusy } from "./machine.ts";
import type { ColdRow, CountRow, Machine, Race, Results, Row } from "./results.ts";
import type { Spread } from "./statistics.ts";
import { formatTable } from "./table.ts";

/** Each section's text, by its mark in the page. */
export function sectionsOf(results: Results): ReadonlyMap<string, string> {
  const sections = new Map<string, string>([["machine", machineList(results.machine, results.rounds)]]);
  for (const race of results.races) sections.set(race.scenario, raceTable(race));
  if (results.cold.length > 0) sections.set("cold", coldTable(results.cold));
  if (results.counts.length > 0) sections.set("counts", countTable(results.counts));
  return sections;
}

/** Throws if the page has no place for a section. */
export function fillPage(page: string, sections: ReadonlyMap<string, string>): string {
  let filled = page;
  for (const [name, text] of sections) {
    const [opening, closing] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
    const from = filled.indexOf(opening);
    const to = filled.indexOf(closing);
    if (from === -1 || to < from) throw new Error(`the page has no place for ${name}`);
    filled = `${filled.slice(0, from)}${opening}\n\n${text}\n${filled.slice(to)}`;
  }
  return filled;
}

function machineList(machine: Machine, rounds: number): string {
  const lines = [
    `measured on ${machine.date}, ${rounds} rounds`,
    `${machine.processor}, ${machine.cores} cores, ${Math.round(machine.memory / 2 ** 30)} GB`,
    `load before the start ${machine.load.toFixed(2)}${isBusy(machine) ? ": **the machine was busy, and the rates mean little**" : ""}`,
    machine.system,
    `Node ${machine.node}, OpenSSL ${machine.openssl}`,
    machine.versions.join(", "),
  ];
  return lines.map((line) => `- ${line}\n`).join("");
}

function raceTable({ rows }: Race): string {
  const head = [
    "",
    "messages/s",
    "× Nodemailer",
    "spread",
    "CPU ms",
    "× Nodemailer",
    "spread",
    "memory MB",
    "sink CPU %",
    "sink idle %",
  ];
  return formatTable([head, ...rows.map(raceCells)]);
}

function raceCells(row: Row): readonly string[] {
  return [
    row.name,
    figures(row.rate),
    figures(row.rateRatio.median),
    spread(row.rateRatio),
    figures(row.cpu * 1000),
    figures(row.cpuRatio.median),
    spread(row.cpuRatio),
    String(Math.round(row.peak / 1e6)),
    percent(row.sinkBusy),
    percent(row.sinkIdle),
  ];
}

function coldTable(rows: readonly ColdRow[]): string {
  const cells = rows.map((row) => {
    const isEmpty = row.aboveEmpty === 0;
    return [
      row.name,
      isEmpty ? "" : milliseconds(row.accepted),
      milliseconds(row.ended),
      isEmpty ? "" : String(Math.round(row.aboveEmpty * 1000)),
    ];
  });
  return formatTable([["", "accepted after, ms", "ended after, ms", "accepted, above an empty Node, ms"], ...cells]);
}

function countTable(rows: readonly CountRow[]): string {
  const head = [
    "",
    "a connection, STARTTLS",
    "a connection, implicit TLS",
    "a message",
    "to 100 recipients",
    "commands",
    "TLS records",
  ];
  const cells = rows.map((row) => [
    row.name,
    row.setUpStartTls === undefined ? "" : figures(row.setUpStartTls),
    figures(row.setUpImplicit),
    figures(row.roundTrips),
    figures(row.roundTripsTo100),
    figures(row.commands),
    figures(row.records),
  ]);
  return formatTable([head, ...cells]);
}

function milliseconds({ median, low, high }: Spread): string {
  const [middle, least, most] = [median, low, high].map((value) => Math.round(value * 1000));
  return `${middle} (${least} to ${most})`;
}

function spread({ low, high }: Spread): string {
  return `${figures(low)} to ${figures(high)}`;
}

function percent(share: number): string {
  return String(Math.round(share * 100));
}

/** Two significant figures below 10, three above: another run would not reproduce more. */
export function figures(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(value < 10 ? 2 : 3)));
}
