/** The results of a run, as the JSON file has them. Times are in seconds, sizes in octets. */
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
  /** The day, in ISO 8601. */
  readonly date: string;
  readonly processor: string;
  readonly cores: number;
  readonly memory: number;
  readonly system: string;
  readonly node: string;
  readonly openssl: string;
  /** The load average of the minute before the start. */
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
  /** Messages in one batch. */
  readonly messages: number;
  /** Messages a second. */
  readonly rate: number;
  readonly rateRatio: Spread;
  /** CPU seconds for each message. */
  readonly cpu: number;
  readonly cpuRatio: Spread;
  readonly peak: number;
  /** CPU seconds of the sink in each second, and the share of the time that it waited. */
  readonly sinkBusy: number;
  readonly sinkIdle: number;
}

export interface ColdRow {
  readonly name: string;
  /** From the start of the process to the server's acceptance; for an empty Node, to its end. */
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
