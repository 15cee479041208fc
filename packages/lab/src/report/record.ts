/** Connections for the report: no more of them than anybody would read, with the leaks marked. */
import type { Canaries } from "../verdict/canary.ts";
import { type Leak, findLeaks } from "../verdict/leaks.ts";
import type { ConnectionRecord, EntryRecord } from "./report.ts";
import {
  type ChannelName,
  type ConnectionTranscript,
  type Entry,
  type Transcript,
  said,
} from "../verdict/transcript.ts";

export interface RecordOptions {
  readonly canaries: Canaries;
  /** Whether a channel was sealed as it has to be, so that nothing said on it leaked. */
  readonly trust: (turn: number, channel: ChannelName) => boolean;
}

export function recordConnections(
  transcript: Transcript,
  { canaries, trust }: RecordOptions,
): readonly ConnectionRecord[] {
  return transcript.connections.map((connection) => {
    const marked = (["clear", "tls"] as const).flatMap((channel) =>
      markEntries(connection, channel, trust(connection.turn, channel) ? undefined : canaries),
    );
    const entries = limit(marked.toSorted((one, other) => one.order - other.order));
    return {
      handshake: connection.handshake,
      ...(connection.tls === undefined ? {} : { tls: connection.tls }),
      entries: entries.map(({ channel, by, text, leaks }) => ({ channel, by, text, leaks })),
      omitted: octetsIn(connection.entries) - octetsIn(entries),
    };
  });
}

type MarkedEntry = EntryRecord & Pick<Entry, "order">;

function markEntries(
  connection: ConnectionTranscript,
  channel: ChannelName,
  canaries: Canaries | undefined,
): readonly MarkedEntry[] {
  const leaks =
    canaries === undefined
      ? []
      : findLeaks(
          { client: said(connection, "client", channel), server: said(connection, "server", channel) },
          canaries,
        );
  let start = 0;
  return connection.entries
    .filter((entry) => entry.channel === channel)
    .map((entry) => {
      if (entry.by === "server") return { ...entry, leaks: [] };
      const from = start;
      start += entry.text.length;
      return { ...entry, leaks: clip(leaks, from, start) };
    });
}

/** The parts of the leaks from `start` to before `end`, with places counted from `start`. */
function clip(leaks: readonly Leak[], start: number, end: number): readonly Leak[] {
  return leaks
    .filter(({ from, to }) => from < end && to > start)
    .map(({ from, to, what }) => ({ from: Math.max(from, start) - start, to: Math.min(to, end) - start, what }));
}

// defence: records-have-a-limit
const ENTRY_OCTETS = 4096;
/** For each side, so that a server that floods the client does not displace what the client said: 64 KiB a connection. */
const SIDE_OCTETS = 32_768;
const SIDE_ENTRIES = 256;

function limit(entries: readonly MarkedEntry[]): readonly MarkedEntry[] {
  const room = {
    client: { octets: SIDE_OCTETS, entries: SIDE_ENTRIES },
    server: { octets: SIDE_OCTETS, entries: SIDE_ENTRIES },
  };
  return entries.flatMap((entry) => {
    const left = room[entry.by];
    const text = entry.text.slice(0, Math.min(ENTRY_OCTETS, left.octets));
    if (text === "" || left.entries === 0) return [];
    left.octets -= text.length;
    left.entries -= 1;
    return [{ ...entry, text, leaks: clip(entry.leaks, 0, text.length) }];
  });
}

function octetsIn(entries: readonly Pick<Entry, "text">[]): number {
  return entries.reduce((sum, { text }) => sum + text.length, 0);
}
