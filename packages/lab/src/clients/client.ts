/** What the lab knows of a client: how to call it, and in which configurations. */
import type { Transport } from "../vectors/vector.ts";
import type { Remedies } from "../verdict/remedy.ts";

export interface Client {
  /** `curl`: what `--client` selects. */
  readonly id: string;
  /** As its makers write it. */
  readonly name: string;
  /** Its version in a few words, or `undefined` if this machine does not have the client. */
  readonly version: (surroundings: Surroundings) => Promise<string | undefined>;
  readonly configurations: readonly Configuration[];
  /** For all configurations. */
  readonly remedies?: Remedies;
}

export interface Configuration {
  /** Short, in the words of its users: `default`, `--ssl-reqd`, `starttls(context)`. */
  readonly name: string;
  /** `strict`: its makers or the lab mean it to be safe. */
  readonly intent: "default" | "strict";
  /**
   * Program and arguments; call it after `version` has found the client. `placeholders` are replaced in each argument.
   * {work}: the run's own empty directory, which is also HOME. The message is on standard input too.
   */
  readonly command: (surroundings: Surroundings) => readonly string[];
  readonly transports: readonly Transport[];
  /** For this configuration, in addition to the client's. */
  readonly remedies?: Remedies;
}

export interface Surroundings {
  /** How to call `postseal` itself: program and first arguments. */
  readonly postseal: readonly string[];
  /** Where to look for Node libraries, in this order. */
  readonly directories: readonly string[];
}
