/** Runs one dialogue to its end. `driveClear` takes only what may be said before TLS; all else needs a sealed channel. */
import { AbortedError } from "../errors/aborted-error.ts";
import type { Action, ClearAction } from "../protocol/command.ts";
import type { Dialogue } from "../protocol/dialogue.ts";
import type { ClearChannel } from "../tls/clear-channel.ts";
import type { SealedChannel } from "../tls/sealed-channel.ts";
import { Conversation, type ConversationOptions, type DialogueOptions, type Listener } from "./conversation.ts";

/** Rejects with what the dialogue throws, or with the signal's reason. An abort ends the channel: a conversation cannot be left in the middle. */
export function drive<T>(dialogue: Dialogue<T>, channel: SealedChannel, options: DialogueOptions): Promise<T> {
  return settled((listener) => new Conversation<T, Action>(dialogue, channel, alone(options), listener).begin());
}

/** Like `drive`, before TLS. */
export function driveClear<T>(
  dialogue: Dialogue<T, ClearAction>,
  channel: ClearChannel,
  options: DialogueOptions,
): Promise<T> {
  return settled((listener) => new Conversation<T, ClearAction>(dialogue, channel, alone(options), listener).begin());
}

/** It carries no message, and shares no write. */
function alone(options: DialogueOptions): ConversationOptions {
  return { ...options, sighting: undefined, gathers: false };
}

function settled<T>(begin: (listener: Listener<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const failed = (error: unknown): void => reject(error instanceof AbortedError ? error.cause : error);
    begin({ written: () => {}, done: resolve, failed });
  });
}
