/** What the lab knows of a client: how to call it, and in which configurations. */
import type { Transport } from "../vectors/vector.ts";

export interface Client {
  /** `curl`: what `--client` selects. */
  readonly id: string;
  /** As its makers write it. */
  readonly name: string;
  /** `undefined` where this machine does not have it. Otherwise its version, at most some words. */
  readonly version: (surroundings: Surroundings) => Promise<string | undefined>;
  readonly configurations: readonly Configuration[];
}

export interface Configuration {
  /** Short, and how its users would say it: `default`, `--ssl-reqd`, `starttls(context)`. */
  readonly name: string;
  /** Whether its makers or the lab mean it to be safe. */
  readonly intent: "default" | "strict";
  /**
   * Program and arguments, asked for after `version` has found the client. `placeholders` are replaced in each argument.
   * {work}: an empty directory of the run's own, which is also HOME. The message is on standard input too.
   */
  readonly command: (surroundings: Surroundings) => readonly string[];
  readonly transports: readonly Transport[];
}

export interface Surroundings {
  /** How `postseal` itself is called: program and first arguments. */
  readonly postseal: readonly string[];
  /** Where libraries for Node are looked up, first to last. */
  readonly directories: readonly string[];
}
