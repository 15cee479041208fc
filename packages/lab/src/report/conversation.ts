/** A conversation for the terminal while it goes on: who says what on which channel, and what it came to. */
import type { InterceptorEvent, ProxyOutcome, Said } from "../interceptor/event.ts";
import type { Canaries } from "../verdict/canary.ts";
import { type ChannelName, type ConnectionTranscript, type Entry, said } from "../verdict/transcript.ts";
import type { Judgement } from "../verdict/verdict.ts";
import { type Ink, type Paper, paint, wrap } from "./layout.ts";
import { findLeaks } from "./leaks.ts";
import { terms } from "./outcome-terms.ts";
import type { EntryRecord, Outcome } from "./report.ts";
import { visible } from "./visible-text.ts";

export type ConversationEvent =
  | InterceptorEvent
  /** What an impostor hears and says. */
  | { readonly kind: "entry"; readonly connection: number; readonly entry: EntryRecord }
  /** What an impostor has seen so far, over all connections. */
  | { readonly kind: "judged"; readonly judgement: Judgement; readonly duty: string };

/** Each line ends with a line end. Says everything without colour too. */
export function formatEntry(event: ConversationEvent, paper: Paper): string {
  return rowsOf(event, paper)
    .map((row) => `${row}\n`)
    .join("");
}

/** An impostor's entry with what leaks in it, as far as one piece tells: the judgement looks at all of them together. */
export function markEntry(
  entry: Entry,
  connection: ConnectionTranscript,
  { sealed, canaries }: { readonly sealed: boolean; readonly canaries: Canaries },
): EntryRecord {
  const { channel, by, text } = entry;
  const server = said(connection, "server", channel);
  return { channel, by, text, leaks: sealed || by === "server" ? [] : findLeaks({ client: text, server }, canaries) };
}

function rowsOf(event: ConversationEvent, paper: Paper): readonly string[] {
  switch (event.kind) {
    case "opened":
      return labelled(event, "opened", `by ${event.from}`, "quiet", paper);
    case "said":
      return speech(event, paper);
    case "entry": {
      const { by, text, channel, leaks } = event.entry;
      const to = by === "client" ? "server" : "client";
      const what = [...new Set(leaks.map((leak) => leak.what))].join(", ");
      return [
        ...speech({ connection: event.connection, by, to, channel, text }, paper),
        ...(what === "" ? [] : labelled(event, "LEAK", `${what}: an attacker has it`, "bad", paper)),
      ];
    }
    case "attack":
      return labelled(event, "ATTACK", event.text, "strong", paper);
    case "tls": {
      const { protocol, cipherSuite, between } = event;
      const what = [protocol, cipherSuite].filter((part) => part !== undefined).join(", ");
      return labelled(
        event,
        "TLS",
        `between ${between}${what === "" ? ", unread from here on" : `: ${what}`}`,
        "good",
        paper,
      );
    }
    case "finding":
      return labelled(event, "LEAK", event.evidence, "bad", paper);
    case "failure":
      return labelled(event, "FAILURE", event.text, "doubtful", paper);
    case "closed":
      return verdict(event, event.outcome, [event.evidence], event.duty, paper);
    case "judged": {
      const { judgement, duty } = event;
      const evidence = judgement.findings.map((finding) => finding.evidence);
      return verdict(
        {},
        judgement.verdict,
        evidence.length === 0 ? [terms[judgement.verdict].meaning] : evidence,
        duty,
        paper,
      );
    }
  }
}

/** Of the first column; the others are as wide as their words. */
const NUMBER = 3;
const LABEL = 11;
const INDENT: string = " ".repeat(NUMBER + LABEL + 2);

interface Place {
  readonly connection?: number;
}

function labelled(place: Place, label: string, text: string, ink: Ink, paper: Paper): readonly string[] {
  const [first = "", ...rest] = wrap(visible(text.trimEnd()), paper.columns, {
    first: `${numberOf(place)}${label.padEnd(LABEL)}  `,
    rest: INDENT,
  });
  const head = NUMBER + label.length;
  return [`${first.slice(0, NUMBER)}${paint(label, ink, paper)}${first.slice(head)}`, ...rest];
}

/** Counted from 1, for people. */
function numberOf({ connection }: Place): string {
  return (connection === undefined ? "" : `#${connection + 1} `).padEnd(NUMBER);
}

const CHANNELS: Readonly<Record<ChannelName, readonly [name: string, ink: Ink]>> = {
  clear: ["clear", "doubtful"],
  tls: ["TLS  ", "good"],
};
const INITIALS: Readonly<Record<Said["by"], string>> = { client: "C", server: "S", proxy: "P" };
/** Of one piece: what is longer is read in the report of a run. */
const MOST_ROWS = 24;

function speech(entry: Omit<Said, "kind"> & Place, paper: Paper): readonly string[] {
  const { by, to, channel, text } = entry;
  // The client is on the left of whatever it talks to.
  const lane = to === "client" ? `C ← ${INITIALS[by]}` : `${INITIALS[by]} → S`;
  const [name, ink] = CHANNELS[channel];
  const rows = linesOf(text).flatMap((line) => cut(line, Math.max(20, paper.columns - INDENT.length)));
  const shown =
    rows.length > MOST_ROWS ? [...rows.slice(0, MOST_ROWS - 1), `… ${rows.length - MOST_ROWS + 1} lines more`] : rows;
  return shown.map((row, at) =>
    at === 0 ? `${numberOf(entry)}${paint(name, ink, paper)} ${lane}  ${row}` : INDENT + row,
  );
}

/** Where the last line has no end, three dots stand for it. */
function linesOf(text: string): readonly string[] {
  const lines = text.split("\r\n").map(visible);
  const last = lines.pop() ?? "";
  return last === "" ? lines : [...lines, `${last} …`];
}

function cut(line: string, columns: number): readonly string[] {
  if (line.length <= columns) return [line];
  const rows: string[] = [];
  for (let from = 0; from < line.length; from += columns) rows.push(line.slice(from, from + columns));
  return rows;
}

function verdict(
  place: Place,
  outcome: ProxyOutcome | Outcome,
  evidence: readonly string[],
  duty: string,
  paper: Paper,
): readonly string[] {
  const isLeak = !HARMLESS.has(outcome);
  const ink = isLeak ? "bad" : outcome === "inconclusive" ? "doubtful" : "good";
  return [
    ...labelled(place, "VERDICT", `${outcome}: ${evidence.join("; ")}`, ink, paper),
    ...(isLeak ? labelled(place, "duty", duty, "quiet", paper) : []),
  ];
}

const HARMLESS: ReadonlySet<ProxyOutcome | Outcome> = new Set([
  "held",
  "sealed",
  "delivered-sealed",
  "inconclusive",
  "over-strict",
]);
