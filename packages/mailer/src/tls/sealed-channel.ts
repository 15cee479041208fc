/**
 * A channel inside TLS: the policy is met, and the peer has proved who it is. It carries every action.
 *
 * The class has a private field, so no object literal has its type, and its constructor needs a token that only this module
 * has. So this file alone decides what becomes a SealedChannel.
 */
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";
import type { Witness } from "../diagnostics/witness.ts";
import { NetworkError } from "../errors/network-error.ts";
import { ProtocolError } from "../errors/protocol-error.ts";
import { Channel } from "../net/channel.ts";
import type { Seal } from "../outcome/seal.ts";
import { describeServer, type Server } from "../policy/server.ts";
import type { TlsPolicy } from "../policy/tls-policy.ts";
import type { Action } from "../protocol/command.ts";
import type { Concealment } from "../wire/concealment.ts";
import { explainBroken } from "./explain.ts";
import { handshake, type HandshakeOptions } from "./handshake.ts";

const token: unique symbol = Symbol("SealedChannel");

export class SealedChannel extends Channel<Action> {
  readonly #socket: TLSSocket;
  readonly #witness: Witness;
  readonly seal: Seal;

  constructor(
    given: typeof token,
    socket: TLSSocket,
    proved: Seal,
    server: Server,
    witness: Witness,
    concealment: Concealment,
  ) {
    if (given !== token) throw new TypeError("a SealedChannel comes only from a TLS handshake");
    const peer = describeServer(server);
    witness.sealed(proved);
    super(socket, {
      peer,
      witness,
      concealment,
      unsolicited: (evidence, idleReply) => (idleReply?.code === 421 ? undefined : unasked(peer, evidence)),
      broken: (cause, phase) => (cause instanceof NetworkError ? cause : explainBroken(cause, peer, phase)),
    });
    this.#socket = socket;
    this.#witness = witness;
    this.seal = proved;
  }

  /** The channel binding of RFC 9266. Only for TLS 1.3: in TLS 1.2 it may not be unique to the connection. */
  get channelBinding(): Uint8Array | undefined {
    // defence: binding-of-tls-1-3-alone
    if (this.seal.protocol !== "TLSv1.3") return undefined;
    return this.#socket.exportKeyingMaterial(32, "EXPORTER-Channel-Binding", Buffer.alloc(0));
  }

  /** Reports to observers that a login begins. */
  authenticating(): void {
    this.#witness.authenticating();
  }

  /** Sets the error that observers get when the connection closes, whatever the server still says to the failed login. */
  failing(error: unknown): void {
    this.#witness.failed(error);
  }

  /** Reports to observers that the login succeeded. */
  authenticated(mechanism: string): void {
    this.#witness.authenticated(mechanism);
  }
}

/** Starts TLS on a stream: from its first octet (RFC 8314 section 3.3), or after 220. */
export async function seal(
  stream: Duplex,
  server: Server,
  policy: TlsPolicy,
  options: HandshakeOptions,
  witness: Witness,
): Promise<SealedChannel> {
  try {
    const { socket, seal: proved } = await handshake(stream, server, policy, options);
    return new SealedChannel(token, socket, proved, server, witness, options.concealment);
  } catch (error) {
    // Needed if the signal was aborted before the handshake began.
    // defence: stream-ends-without-a-handshake
    stream.destroy();
    witness.closed(error);
    throw error;
  }
}

function unasked(peer: string, evidence: string): ProtocolError {
  return new ProtocolError(
    "MAIL_PROTOCOL_UNSOLICITED_REPLY",
    `${peer} sent a reply that nobody had asked for. Later replies could be taken for answers to the wrong commands, so the connection was closed.`,
    evidence,
  );
}
