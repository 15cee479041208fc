/** A defence: how to remove it, and the tests that must then fail. Text that is no longer found is an error. */

export interface Defence {
  /** The threat, as docs/security/attacks.md has it. */
  readonly threat: string;
  readonly defence: string;
  /** The file (below packages/mailer/src, or from packages/ on), what stands there once, and what stands there without the defence. */
  readonly edits: readonly (readonly [file: string, find: string, replace: string])[];
  /** A test file, and which of its tests. */
  readonly test: string;
  readonly names: string;
}

export const VECTORS = "test/attack/vectors.test.ts";
export const PROOF = "test/attack/proof.test.ts";
