/** A live conversation for the terminal: who says what on which channel, what leaks, and the outcome. */
import { isUtf8 } from "node:buffer";
import type { InterceptorEvent, ProxyOutcome, Said } from "../interceptor/event.ts";
import type { ChannelName } from "../verdict/transcript.ts";
import type { Verdict } from "../verdict/verdict.ts";
import { type Ink, type Paper, paint, wrap } from "./layout.ts";
import type { EntryRecord } from "./report.ts";
import { visible } from "./visible-text.ts";

/** Connections count from 0. */
export type ConversationEvent =
  | InterceptorEvent
  /** One piece that the impostor heard or said. */
  | { readonly kind: "entry"; readonly connection: number; readonly entry: EntryRecord }
  /** The impostor's judgement of a connection that has ended. */
  | {
      readonly kind: "judged";
      readonly connection: number;
      readonly outcome: Verdict | "inconclusive";
      readonly evidence: readonly string[];
      readonly duty: string;
    };

/** Every line has a line end. Colour carries no information that the words do not. */
export function formatEntry(event: ConversationEvent, paper: Paper): string {
  return rowsOf(event, paper)
    .map((row) => `${row}\n`)
    .join("");
}

function rowsOf(event: ConversationEvent, paper: Paper): readonly string[] {
  const { connection } = event;
  const row = (label: string, text: string, ink: Ink): readonly string[] =>
    labelled(connection, { label, text, ink }, paper);
  switch (event.kind) {
    case "opened":
      return row("opened", `by ${event.from}`, "quiet");
    case "said":
      return speech(event, paper);
    case "entry": {
      const { by, text, channel, leaks } = event.entry;
      const what = [...new Set(leaks.map((leak) => leak.what))].join(", ");
      return [
        ...speech({ connection, by, to: by === "client" ? "server" : "client", channel, text }, paper),
        ...(what === "" ? [] : row("LEAK", `${what}, for an attacker to read`, "bad")),
      ];
    }
    case "attack":
      return row("ATTACK", event.text, "strong");
    case "tls":
      return row(
        "TLS",
        event.protocol === undefined
          ? `between ${event.between}: unread from here on`
          : `between ${event.between}: ${event.protocol}, ${event.cipherSuite ?? "unknown"}`,
        "good",
      );
    case "finding":
      return row("LEAK", event.evidence, "bad");
    case "closed":
      return verdict(connection, event, [event.evidence], paper);
    case "judged":
      break;
  }
  return verdict(connection, event, event.evidence, paper);
}

const NUMBER = 3;
const LABEL = 11;
const INDENT: string = " ".repeat(NUMBER + LABEL + 2);

interface Labelled {
  readonly label: string;
  readonly text: string;
  readonly ink: Ink;
}

/** Coloured after wrapping, since escapes have no width. */
function labelled(connection: number, { label, text, ink }: Labelled, paper: Paper): readonly string[] {
  const number = numberOf(connection);
  const [first = "", ...rest] = wrap(visible(text), paper.columns, {
    first: `${number}${label.padEnd(LABEL)}  `,
    rest: INDENT,
  });
  return [`${number}${paint(label, ink, paper)}${first.slice(number.length + label.length)}`, ...rest];
}

/** Counted from 1, for people. */
function numberOf(connection: number): string {
  return `#${connection + 1} `.padEnd(NUMBER);
}

const CHANNELS: Readonly<Record<ChannelName, readonly [name: string, ink: Ink]>> = {
  clear: ["clear", "doubtful"],
  tls: ["TLS  ", "good"],
};
const INITIALS: Readonly<Record<Said["by"], string>> = { client: "C", server: "S", proxy: "P" };
/** The most rows of one piece: more would push everything else off the screen. */
const MOST_ROWS = 24;

function speech(piece: Omit<Said, "kind"> & { readonly connection: number }, paper: Paper): readonly string[] {
  const { connection, by, to, channel, text } = piece;
  // The client is always on the left.
  const lane = to === "client" ? `C ← ${INITIALS[by]}` : `${INITIALS[by]} → S`;
  const [name, ink] = CHANNELS[channel];
  const rows = linesOf(text).flatMap((line) => cut(line, Math.max(20, paper.columns - INDENT.length)));
  const left = rows.length - MOST_ROWS + 1;
  const shown = left > 1 ? [...rows.slice(0, MOST_ROWS - 1), `… ${left} lines more`] : rows;
  return shown.map((row, at) =>
    at === 0 ? `${numberOf(connection)}${paint(name, ink, paper)} ${lane}  ${row}` : `${INDENT}${row}`.trimEnd(),
  );
}

/** Dots mark a last line without an end. */
function linesOf(text: string): readonly string[] {
  const lines = text.split("\r\n").map((line) => visible(utf8Of(line)));
  const last = lines.pop() ?? "";
  return last === "" ? lines : [...lines, `${last} …`];
}

/** Valid UTF-8 is shown as text, anything else as latin1. */
function utf8Of(octets: string): string {
  const bytes = Buffer.from(octets, "latin1");
  return isUtf8(bytes) ? bytes.toString() : octets;
}

function cut(line: string, columns: number): readonly string[] {
  const rows = Array.from({ length: Math.ceil(line.length / columns) }, (_, at) =>
    line.slice(at * columns, (at + 1) * columns),
  );
  return rows.length === 0 ? [""] : rows;
}

interface Concluded {
  readonly outcome: ProxyOutcome | Verdict;
  readonly duty: string;
}

const INKS: Readonly<Partial<Record<Concluded["outcome"], Ink>>> = {
  held: "good",
  sealed: "good",
  "delivered-sealed": "good",
  inconclusive: "doubtful",
};

function verdict(
  connection: number,
  { outcome, duty }: Concluded,
  evidence: readonly string[],
  paper: Paper,
): readonly string[] {
  const ink = INKS[outcome] ?? "bad";
  const text = `${outcome}: ${evidence.join("; ")}`;
  return [
    ...labelled(connection, { label: "VERDICT", text, ink }, paper),
    ...(ink === "bad" ? labelled(connection, { label: "duty", text: duty, ink: "quiet" }, paper) : []),
  ];
}
