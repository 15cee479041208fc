/**
 * A channel before TLS: it can await the greeting, say EHLO and STARTTLS, be upgraded, and close. Its type lets nothing else
 * be written.
 *
 * Anybody on the path may have written what a server says here, so nothing unsolicited is excused.
 */
import type { Duplex } from "node:stream";
import type { Witness } from "../diagnostics/witness.ts";
import { Channel } from "../net/channel.ts";
import { describeServer, type Server } from "../policy/server.ts";
import type { TlsPolicy } from "../policy/tls-policy.ts";
import type { ClearAction } from "../protocol/command.ts";
import type { Concealment } from "../wire/concealment.ts";
import { injected, lost } from "./explain.ts";
import type { HandshakeOptions } from "./handshake.ts";
import { seal, type SealedChannel } from "./sealed-channel.ts";

export class ClearChannel extends Channel<ClearAction> {
  readonly #server: Server;
  readonly #witness: Witness;

  constructor(stream: Duplex, server: Server, witness: Witness, concealment: Concealment) {
    const peer = describeServer(server);
    super(stream, {
      peer,
      witness,
      concealment,
      unsolicited: (evidence) => injected(peer, evidence),
      broken: (cause, phase) => lost(peer, phase, cause),
    });
    this.#server = server;
    this.#witness = witness;
  }

  /** Upgrades to TLS. Call it in the tick of the 220: an octet that came early is an attack, not noise. */
  async upgrade(policy: TlsPolicy, options: HandshakeOptions): Promise<SealedChannel> {
    const { stream, early } = this.release();
    // defence: nothing-after-the-220
    if (early.length > 0) {
      stream.destroy();
      const error = injected(this.peer, options.concealment.excerpt(Buffer.from(early).toString("utf8"), 400));
      this.#witness.closed(error);
      throw error;
    }
    return seal(stream, this.#server, policy, options, this.#witness);
  }
}
