/**
 * A channel with TLS up, the policy met, and a peer that proved who it is.
 *
 * The class has a private field, so no object literal has its type; its constructor asks for a token that this module
 * keeps, so nobody else can make one. To review who may hold a SealedChannel is to review this file.
 */
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { Witness } from "../diagnostics/witness.ts";
import { NetworkError } from "../errors/network-error.ts";
import { ProtocolError } from "../errors/protocol-error.ts";
import { Channel } from "../net/channel.ts";
import type { ChannelNature } from "../net/nature.ts";
import type { Seal } from "../outcome/seal.ts";
import { describeServer, type Server } from "../policy/server.ts";
import type { TlsPolicy } from "../policy/tls-policy.ts";
import type { Concealment } from "../wire/concealment.ts";
import { explainBroken, injected, lost } from "./explain.ts";
import { handshake, type HandshakeOptions } from "./handshake.ts";

const token: unique symbol = Symbol("SealedChannel");

export class SealedChannel {
  readonly #channel: Channel;
  readonly #socket: TLSSocket;
  readonly #seal: Seal;

  constructor(given: typeof token, socket: TLSSocket, proved: Seal, nature: ChannelNature) {
    if (given !== token) throw new TypeError("a SealedChannel comes only from a TLS handshake");
    this.#socket = socket;
    this.#seal = proved;
    nature.witness.sealed(proved);
    this.#channel = new Channel(socket, nature);
  }

  get channel(): Channel {
    return this.#channel;
  }

  get seal(): Seal {
    return this.#seal;
  }

  /** The channel binding of RFC 9266, which is for TLS 1.3 alone: in TLS 1.2 it may not be unique to the connection. */
  get channelBinding(): Uint8Array | undefined {
    if (this.#seal.protocol !== "TLSv1.3") return undefined;
    return this.#socket.exportKeyingMaterial(32, "EXPORTER-Channel-Binding", Buffer.alloc(0));
  }
}

/** TLS from the first octet (RFC 8314 section 3.3). */
export async function seal(
  stream: Duplex,
  server: Server,
  policy: TlsPolicy,
  options: HandshakeOptions,
  witness: Witness,
): Promise<SealedChannel> {
  try {
    const { socket, seal: proved } = await handshake(stream, server, policy, options);
    return new SealedChannel(token, socket, proved, sealedNature(describeServer(server), witness, options.concealment));
  } catch (error) {
    witness.closed(error);
    throw error;
  }
}

/** Moves a clear channel into TLS, in the tick of the 220. An octet that came early is an attack, not noise. */
export async function upgrade(
  clear: Channel,
  server: Server,
  policy: TlsPolicy,
  options: HandshakeOptions,
): Promise<SealedChannel> {
  const { stream, early } = clear.release();
  if (early.length > 0) {
    stream.destroy();
    const error = injected(clear.peer, options.concealment.excerpt(Buffer.from(early).toString("utf8"), 400));
    clear.witness.closed(error);
    throw error;
  }
  return seal(stream, server, policy, options, clear.witness);
}

/** The clear side of a session: what was not asked for is never excused. */
export function clearNature(peer: string, witness: Witness, concealment: Concealment): ChannelNature {
  return {
    peer,
    witness,
    concealment,
    unsolicited: (evidence) => injected(peer, evidence),
    broken: (cause, phase) => lost(peer, phase, cause),
  };
}

function sealedNature(peer: string, witness: Witness, concealment: Concealment): ChannelNature {
  return {
    peer,
    witness,
    concealment,
    unsolicited: (evidence, idleReply) =>
      idleReply?.code === 421
        ? undefined
        : new ProtocolError(
            "MAIL_PROTOCOL_UNSOLICITED_REPLY",
            `${peer} sent a reply that nobody had asked for. From here on replies could be taken for those to other commands, so the connection was closed.`,
            evidence,
          ),
    broken: (cause, phase) => (cause instanceof NetworkError ? cause : explainBroken(cause, peer, phase)),
  };
}
