/** A connection whose other end is the test: what it says arrives in the same tick. This file has no tests. */
import { Duplex } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import { Witness } from "../diagnostics/witness.ts";
import type { MailError } from "../errors/mail-error.ts";
import { NetworkError } from "../errors/network-error.ts";
import { ProtocolError } from "../errors/protocol-error.ts";
import { parseServer } from "../policy/server.ts";
import type { Action } from "../protocol/command.ts";
import { Concealment } from "../wire/concealment.ts";
import { Channel } from "./channel.ts";
import type { ChannelNature } from "./nature.ts";

export class ScriptedStream extends Duplex {
  /** Everything the client wrote, latin1. */
  written = "";
  /** While true, what is written stays in the stream's buffer, as with a peer that reads nothing. */
  stalled = false;
  #go: (() => void) | undefined;

  say(...chunks: readonly (string | Uint8Array)[]): void {
    for (const chunk of chunks) this.push(Buffer.from(chunk));
  }

  hangUp(): void {
    this.push(null);
  }

  /** Lets what is stalled go through. */
  drain(): void {
    this.stalled = false;
    this.letOneThrough();
  }

  /** Lets one write that is stalled go through. */
  letOneThrough(): void {
    const go = this.#go;
    this.#go = undefined;
    go?.();
  }

  override _read(): void {}

  override _write(chunk: Buffer, _: BufferEncoding, done: () => void): void {
    this.written += chunk.toString("latin1");
    if (this.stalled) this.#go = done;
    else done();
  }
}

/** As inside TLS: an unsolicited 421 is a courtesy; everything else is an error. */
export const sealed: ChannelNature = {
  peer: "mx.example:587",
  witness: new Witness(parseServer("submission://mx.example")),
  concealment: new Concealment(),
  unsolicited: (evidence, idle): MailError | undefined =>
    idle?.code === 421 ? undefined : new ProtocolError("MAIL_PROTOCOL_UNSOLICITED_REPLY", "Unsolicited.", evidence),
  broken: (cause, phase) => new NetworkError("MAIL_NETWORK_LOST", phase, "Broken.", cause),
};

/** A channel without TLS that may say everything, and hands its stream over to any caller. */
export class OpenChannel extends Channel<Action> {
  override release(): { readonly stream: Duplex; readonly early: Uint8Array } {
    return super.release();
  }
}

/** A channel over a scripted stream that is ready: what the server says from now on arrives in the same tick. */
export async function openChannel(
  nature: ChannelNature = sealed,
  stream: ScriptedStream = new ScriptedStream(),
): Promise<{ readonly stream: ScriptedStream; readonly channel: OpenChannel }> {
  const channel = new OpenChannel(stream, nature);
  await turn();
  return { stream, channel };
}

/** The timers that would keep the process alive. */
export function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
}
