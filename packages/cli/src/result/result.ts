/** The result of a subcommand, before it becomes an exit code, a report or JSON. */
import type { Receipt, Verification } from "@postseal/mailer";
import type { OwnWords } from "./own-words.ts";

export type Result =
  | { readonly kind: "sent"; readonly receipt: Receipt }
  | { readonly kind: "verified"; readonly verification: Verification }
  | { readonly kind: "queued"; readonly queued: Queued }
  | Failed;

/** A message that is in the outbox. */
export interface Queued {
  readonly id: string;
  /** Whether the same message was there already, under the same key. */
  readonly duplicate: boolean;
  readonly account: string;
}

export interface Failed {
  readonly kind: "failed";
  readonly error: unknown;
  /** What became of each recipient, if a message was under way. */
  readonly receipt?: Receipt | undefined;
  /** If they are not those of `send` with a server of its own. */
  readonly words?: OwnWords | undefined;
}
