/** How often a server took each message, by its Message-ID. */
import { setTimeout as delay } from "node:timers/promises";
import type { ArrivingMessage } from "@postseal/testing";

/** Milliseconds. Each message is answered a little later, so that there is something between handing over and answer. */
const LONGEST_ANSWER = 8;

export class Tally {
  readonly taken: Map<string, number> = new Map();
  readonly #onTaken: (() => void) | undefined;

  constructor(onTaken?: () => void) {
    this.#onTaken = onTaken;
  }

  /** For a test server. */
  readonly receive = async ({ octets }: ArrivingMessage): Promise<void> => {
    const pieces: Uint8Array[] = [];
    for await (const piece of octets) pieces.push(piece);
    const [, id = ""] = /^Message-ID: (<[^>]+>)/im.exec(Buffer.concat(pieces).toString("latin1")) ?? [];
    this.taken.set(id, (this.taken.get(id) ?? 0) + 1);
    this.#onTaken?.();
    await delay(Math.random() * LONGEST_ANSWER);
  };
}
