/** The lab's results as plain values, from which every format is made. docs/reference/lab-report.md describes them. */
import type { Advice } from "../verdict/remedy.ts";
import type { Vector } from "../vectors/vector.ts";
import type { Leak } from "../verdict/leaks.ts";
import type { ChannelName } from "../verdict/transcript.ts";
import type { Canaries } from "../verdict/canary.ts";
import type { Outcome } from "../verdict/outcome.ts";
import type { Shortfall } from "../verdict/delivery.ts";
import type { Verdict } from "../verdict/verdict.ts";

export { isFailure, type Outcome, outcomes } from "../verdict/outcome.ts";

export interface Report {
  readonly format: "postseal-lab-report";
  /** Increases when a field changes its meaning or is removed. */
  readonly version: 1;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  /** `namespaces`: real ports, names and trust store, private to the lab. `loopback`: an address and another port. */
  readonly isolation: "namespaces" | "loopback";
  /** Why it is `loopback`, and what could not be tried because of that. */
  readonly isolationNote?: string;
  /** Every vector that a run refers to. */
  readonly vectors: readonly VectorFacts[];
  readonly clients: readonly ClientReport[];
  /** Clients of the catalogue that this machine does not have. */
  readonly absent: readonly AbsentClient[];
  /** Trials that have no result: the lab was interrupted, or failed. Absent if there are none. */
  readonly unfinished?: readonly UnfinishedTrial[];
}

export interface UnfinishedTrial {
  /** The client's `id`. */
  readonly client: string;
  readonly configuration: string;
  readonly vector: string;
  /** For people. */
  readonly reason: string;
}

export type VectorFacts = Pick<
  Vector,
  "id" | "title" | "attack" | "duty" | "sources" | "severity" | "transport" | "expected"
>;

/** One client in one configuration. */
export interface ClientReport {
  /** `curl`, or `command` for one from the command line. */
  readonly id: string;
  /** With its version, if that is known: `curl 7.88.1`. */
  readonly title: string;
  /** `--ssl`; empty for a command from the command line. */
  readonly configuration: string;
  /** With placeholders, as it was given. */
  readonly command: readonly string[];
  /** What to change, for each failure that occurred, the worst first. Absent if there is nothing to change. */
  readonly advice?: readonly Advice[];
  /** In the order of `vectors`, including the positive controls. */
  readonly runs: readonly Run[];
}

export interface Run {
  /** The vector's id. */
  readonly vector: string;
  readonly outcome: Outcome;
  /** Of `control-failed` and `over-strict`: what the server took, if it took something else than it should. */
  readonly shortfall?: Shortfall;
  /** What the attacker saw, the worst first. Empty if the outcome is `held`. */
  readonly findings: readonly { readonly verdict: Verdict; readonly evidence: string }[];
  /** The words that the client was given to send, for this trial only. */
  readonly canaries: Canaries;
  readonly client: ClientEnd;
  readonly durationMs: number;
  readonly connections: readonly ConnectionRecord[];
}

export interface ClientEnd {
  /** `null` if a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** True if the lab ended it: its time was up, or it had started more processes than any client needs. */
  readonly timedOut: boolean;
  /** The end of what it printed, both streams, at most 4,096 characters. */
  readonly output: string;
}

export interface ConnectionRecord {
  readonly handshake: "none" | "started" | "completed" | "failed";
  readonly tls?: { readonly protocol: string; readonly cipherSuite: string };
  readonly entries: readonly EntryRecord[];
  /** The number of octets left out, if there were too many. */
  readonly omitted: number;
}

export interface EntryRecord {
  readonly channel: ChannelName;
  readonly by: "client" | "server";
  /** One piece as it came or went, as latin1. */
  readonly text: string;
  /** The parts of `text` that only the host should get. Empty if the channel was sealed. */
  readonly leaks: readonly Leak[];
}

export interface AbsentClient {
  readonly id: string;
  readonly name: string;
}
