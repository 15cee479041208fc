/** Opens the outbox for one subcommand, and says its errors in the command's words. */
import type { Outbox, OutboxOptions } from "@postseal/outbox";
import { CommandError } from "../command-error.ts";

/** Throws `CommandError` for what goes wrong with the outbox itself. */
export async function withOutbox<T>(
  file: string,
  options: OutboxOptions,
  action: (outbox: Outbox) => Promise<T>,
): Promise<T> {
  const { createOutbox, OutboxError } = await import("@postseal/outbox");
  try {
    await using outbox = await createOutbox(`sqlite:${file}`, options);
    return await action(outbox);
  } catch (error) {
    throw error instanceof OutboxError ? new CommandError(error.code, error.message, error) : error;
  }
}
