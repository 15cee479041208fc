/** Draws the results as an SVG for light and dark pages: each client's rate and CPU as multiples of Nodemailer's. */
import { isBusy } from "./machine.ts";
import { figures } from "./page.ts";
import type { Race, Results, Row } from "./results.ts";
import type { Spread } from "./statistics.ts";

/** The clients that are drawn, in this order. Nodemailer's pool of 1 is the line at 1; ready-made messages are only in the tables. */
const DRAWN: readonly (readonly [id: string, look: Look])[] = [
  ["postseal-1", "ours"],
  ["postseal-64", "ours"],
  ["postseal-5", "ours"],
  ["nodemailer-5", "peer"],
  ["upyo-1", "peer"],
  ["upyo-5", "peer"],
  ["emailjs", "peer"],
  ["smtplib", "peer"],
  ["curl", "peer"],
  ["raw-1", "limit"],
  ["raw-64", "limit"],
];

type Look = "ours" | "peer" | "limit";

interface Panel {
  readonly title: string;
  readonly note: string;
  readonly left: number;
  readonly right: number;
  readonly of: (row: Row) => Spread;
  readonly scale: Scale;
}

interface Scale {
  /** The ends of the scale, as powers of ten. */
  readonly from: number;
  readonly to: number;
}

const WIDTH = 920;
const MARGIN = 24;
const LABELS = 262;
const ROW = 21;
const HEADING = 40;
const TOP = 118;

export function drawChart({ races, machine }: Results): string {
  const rows = races.flatMap((race) => drawnRows(race).map(([row]) => row));
  const panels: readonly Panel[] = [
    {
      title: "messages a second",
      note: "more is better",
      left: LABELS,
      right: 552,
      of: rateOf,
      scale: scaleOf(rows, rateOf),
    },
    { title: "CPU a message", note: "less is better", left: 630, right: 842, of: cpuOf, scale: scaleOf(rows, cpuOf) },
  ];
  const groups: string[] = [];
  let y = TOP;
  for (const race of races) {
    const drawn = drawnRows(race);
    const bottom = y + HEADING + drawn.length * ROW;
    groups.push(
      text("heading", MARGIN, y + 22, race.title),
      ...panels.map((panel) => grid(panel, y + HEADING - 6, bottom - 4)),
    );
    drawn.forEach(([row, look], index) => {
      const middle = y + HEADING + index * ROW + ROW / 2 - 4;
      groups.push(
        text(`label ${look}`, MARGIN, middle + 4, row.name),
        ...panels.map((panel) => mark(panel, row, look, middle)),
      );
    });
    y = bottom;
  }
  const height = y + 64;
  const foot = `${machine.processor}, ${machine.cores} cores, Node ${machine.node}, ${machine.date}. Dots are medians of the rounds, lines reach from the least to the most.${isBusy(machine) ? " The machine was busy." : ""}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title">`,
    '<title id="title">Postseal and its peers, as multiples of Nodemailer with a pool of 1</title>',
    `<style>${STYLE}</style>`,
    `<rect class="ground" width="${WIDTH}" height="${height}" rx="8"/>`,
    text("title", MARGIN, 38, "Postseal and its peers"),
    text(
      "quiet",
      MARGIN,
      60,
      "as multiples of Nodemailer with a pool of 1, on verified TLS, in turns against one sink; logarithmic",
    ),
    ...panels.flatMap((panel) => [
      text("heading", panel.left, 92, panel.title),
      text("quiet end", panel.right + 60, 92, panel.note),
    ]),
    ...panels.map((panel) => ticks(panel, 114)),
    ...groups,
    ...panels.map((panel) => ticks(panel, y + 14)),
    text("quiet small", MARGIN, height - 16, foot),
    "</svg>",
    "",
  ].join("\n");
}

function rateOf(row: Row): Spread {
  return row.rateRatio;
}

function cpuOf(row: Row): Spread {
  return row.cpuRatio;
}

function drawnRows({ rows }: Race): readonly (readonly [Row, Look])[] {
  return DRAWN.flatMap(([id, look]) =>
    rows.flatMap((row): readonly (readonly [Row, Look])[] => (row.id === id ? [[row, look]] : [])),
  );
}

/** A scale that has room for every line, and includes 1. */
function scaleOf(rows: readonly Row[], of: (row: Row) => Spread): Scale {
  const least = Math.min(1, ...rows.map((row) => of(row).low));
  const most = Math.max(1, ...rows.map((row) => of(row).high));
  return { from: Math.floor(Math.log10(least)), to: Math.ceil(Math.log10(most)) };
}

function place({ left, right, scale }: Panel, ratio: number): number {
  const share = (Math.log10(ratio) - scale.from) / Math.max(1, scale.to - scale.from);
  return Math.round((left + share * (right - left)) * 10) / 10;
}

function powers({ scale }: Panel): readonly number[] {
  return Array.from({ length: scale.to - scale.from + 1 }, (_, index) => 10 ** (scale.from + index));
}

function grid(panel: Panel, top: number, bottom: number): string {
  return powers(panel)
    .map((power) => {
      const x = place(panel, power);
      return `<line class="${power === 1 ? "one" : "grid"}" x1="${x}" x2="${x}" y1="${top}" y2="${bottom}"/>`;
    })
    .join("");
}

function ticks(panel: Panel, y: number): string {
  return powers(panel)
    .map((power) =>
      text(power === 1 ? "tick strong" : "tick", place(panel, power), y, `×${Number(power.toPrecision(1))}`),
    )
    .join("");
}

function mark(panel: Panel, row: Row, look: Look, y: number): string {
  const { median, low, high } = panel.of(row);
  const x = place(panel, median);
  return [
    `<line class="stem ${look}" x1="${place(panel, 1)}" x2="${x}" y1="${y}" y2="${y}"/>`,
    `<line class="spread ${look}" x1="${place(panel, low)}" x2="${place(panel, high)}" y1="${y}" y2="${y}"/>`,
    `<circle class="${look}" cx="${x}" cy="${y}" r="4.5"/>`,
    text(`value ${look}`, panel.right + 60, y + 4, `×${figures(median)}`),
  ].join("");
}

function text(look: string, x: number, y: number, words: string): string {
  const safe = words.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<text class="${look}" x="${x}" y="${y}">${safe}</text>`;
}

const STYLE = `
svg { --ground: #ffffff; --ink: #1d2430; --quiet: #5b6573; --grid: #e3e7ec; --one: #8d97a5; --ours: #0b6bcb; --peer: #6b7685; --limit: #b0741a; }
@media (prefers-color-scheme: dark) {
  svg { --ground: #12161c; --ink: #e6eaf0; --quiet: #9aa5b4; --grid: #262d37; --one: #6d7888; --ours: #5cb0ff; --peer: #97a3b3; --limit: #e0a84e; }
}
text { font: 13px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: var(--ink); }
.ground { fill: var(--ground); }
.title { font-size: 20px; font-weight: 650; }
.heading { font-size: 14px; font-weight: 650; }
.quiet, .tick { fill: var(--quiet); }
.small { font-size: 11.5px; }
.end, .value { text-anchor: end; }
.tick { text-anchor: middle; font-size: 11.5px; }
.strong { fill: var(--ink); font-weight: 650; }
.value { font-variant-numeric: tabular-nums; }
.label.ours, .value.ours { fill: var(--ours); font-weight: 650; }
.label.limit, .value.limit { fill: var(--limit); }
line.grid { stroke: var(--grid); }
line.one { stroke: var(--one); stroke-width: 1.5; }
line.ours, circle.ours { stroke: var(--ours); }
line.peer, circle.peer { stroke: var(--peer); }
line.limit, circle.limit { stroke: var(--limit); }
line.stem { stroke-width: 1.5; opacity: 0.35; }
line.spread { stroke-width: 4; opacity: 0.35; stroke-linecap: round; }
circle.ours { fill: var(--ours); }
circle.peer { fill: var(--peer); }
circle.limit { fill: var(--ground); stroke-width: 2; }
`;
