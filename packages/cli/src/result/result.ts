/** The result of a subcommand, before it becomes an exit code, a report or JSON. */
import type { Receipt, Verification } from "@postseal/mailer";

export type Result =
  | { readonly kind: "sent"; readonly receipt: Receipt }
  | { readonly kind: "verified"; readonly verification: Verification }
  | Failed;

export interface Failed {
  readonly kind: "failed";
  readonly error: unknown;
  /** What became of each recipient, if a message was under way. */
  readonly receipt?: Receipt | undefined;
}
