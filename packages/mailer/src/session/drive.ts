/** Runs one dialogue to its end. Before TLS only what may be said there; all else takes a channel that TLS has sealed. */
import { AbortedError } from "../errors/aborted-error.ts";
import type { Action, ClearAction } from "../protocol/command.ts";
import type { Dialogue } from "../protocol/dialogue.ts";
import type { ClearChannel } from "../tls/clear-channel.ts";
import type { SealedChannel } from "../tls/sealed-channel.ts";
import { Conversation, type ConversationOptions, type Told } from "./conversation.ts";

/** Rejects with what the dialogue throws, or with the reason of the signal, which ends the channel: a conversation cannot be left in the middle. */
export function drive<T>(dialogue: Dialogue<T>, channel: SealedChannel, options: ConversationOptions): Promise<T> {
  return settled((told) => new Conversation<T, Action>(dialogue, channel, options, told).begin());
}

/** As `drive`, before TLS. */
export function driveClear<T>(
  dialogue: Dialogue<T, ClearAction>,
  channel: ClearChannel,
  options: ConversationOptions,
): Promise<T> {
  return settled((told) => new Conversation<T, ClearAction>(dialogue, channel, options, told).begin());
}

function settled<T>(begin: (told: Told<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const failed = (error: unknown): void => reject(error instanceof AbortedError ? error.cause : error);
    begin({ written: () => {}, done: resolve, failed });
  });
}
