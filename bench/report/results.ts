/** What a run has found: the shape of the JSON file. Times are in seconds, sizes in octets. */
import type { ScenarioId } from "../scenarios.ts";
import type { Spread } from "./statistics.ts";

export interface Results {
  readonly machine: Machine;
  readonly rounds: number;
  readonly races: readonly Race[];
  readonly cold: readonly ColdRow[];
  readonly counts: readonly CountRow[];
}

export interface Machine {
  /** ISO 8601, the day. */
  readonly date: string;
  readonly processor: string;
  readonly cores: number;
  readonly memory: number;
  readonly system: string;
  readonly node: string;
  readonly openssl: string;
  /** Average of the minute before the start. */
  readonly load: number;
  readonly versions: readonly string[];
}

export interface Race {
  readonly scenario: ScenarioId;
  readonly title: string;
  readonly rows: readonly Row[];
}

export interface Row {
  readonly id: string;
  readonly name: string;
  /** In one batch. */
  readonly messages: number;
  /** Messages a second. */
  readonly rate: number;
  readonly rateRatio: Spread;
  /** A message. */
  readonly cpu: number;
  readonly cpuRatio: Spread;
  readonly peak: number;
  /** CPU seconds of the sink a second, and the share of the time in which it waited. */
  readonly sinkBusy: number;
  readonly sinkIdle: number;
}

export interface ColdRow {
  readonly name: string;
  /** From the start of the process to the server's acceptance; of an empty Node, to its end. */
  readonly accepted: Spread;
  readonly ended: Spread;
  readonly aboveEmpty: number;
}

export interface CountRow {
  readonly id: string;
  readonly name: string;
  readonly setUpStartTls: number | undefined;
  readonly setUpImplicit: number;
  readonly roundTrips: number;
  readonly roundTripsTo100: number;
  readonly commands: number;
  readonly records: number;
}
