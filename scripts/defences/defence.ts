/**
 * A defence: the markers at which it is removed, how, and the test that then fails. A marker is a line `// defence: its-id` above
 * the statement, property, member or element that defends, or the end of its first line. Nothing here names a file, a function or a variable of the source.
 */

export interface Defence {
  /** The threat, as docs/security/attacks.md has it. */
  readonly threat: string;
  readonly defence: string;
  readonly removals: readonly Removal[];
  /** A test file, and which of its tests. */
  readonly test: string;
  readonly names: string;
}

/** What becomes of the code at one marker. */
export type Removal = { readonly marker: string } & (
  | { readonly how: "remove" | "never" | "always" | "first" | "second" | "receiver" }
  | { readonly how: "without" | "unwrap"; readonly place: number }
  | { readonly how: "value" | "body" | "instead"; readonly text: string }
  | { readonly how: "swap"; readonly pairs: readonly (readonly [find: string, replacement: string])[] }
);

export const VECTORS = "test/attack/vectors.test.ts";
export const PROOF = "test/attack/proof.test.ts";

/** The marked statement, property, member or element goes away. */
export const remove = (marker: string): Removal => ({ marker, how: "remove" });

/** The condition of the marked `if` or `while` is false; of anything else, its value: what it returns, assigns or is. */
export const never = (marker: string): Removal => ({ marker, how: "never" });

export const always = (marker: string): Removal => ({ marker, how: "always" });

/** The only `?:` in what is marked is what stands before its colon. */
export const first = (marker: string): Removal => ({ marker, how: "first" });

/** The only `?:` in what is marked is what stands after its colon. */
export const second = (marker: string): Removal => ({ marker, how: "second" });

/** The only chain of `&&`, `||` or `??` in what is marked has no longer this operand, counted from 1. */
export const without = (marker: string, place: number): Removal => ({ marker, how: "without", place });

/** `f(x)` becomes `x`; with a place, `f(a, g(x))` becomes `f(a, x)`. */
export const unwrap = (marker: string, place = 0): Removal => ({ marker, how: "unwrap", place });

/** `x.f(y)` becomes `x`. */
export const receiver = (marker: string): Removal => ({ marker, how: "receiver" });

/**
 * What is returned, assigned, thrown or iterated becomes the text, in which `$` is what stood there, `$1` the first argument of the
 * call that it is, `$object` what the method is called on, `$left` what it is assigned to, and `$given` the first parameter of the function
 * around it.
 */
export const value = (marker: string, text: string): Removal => ({ marker, how: "value", text });

/** What the marked `if` does becomes the text, in which `$` is what it did. */
export const body = (marker: string, text: string): Removal => ({ marker, how: "body", text });

/** All that is marked becomes the text, in which `$` is what stood there, `$name` its name and `$value` its value. */
export const instead = (marker: string, text: string): Removal => ({ marker, how: "instead", text });

/** If nothing else fits: a few tokens, which stand once in what is marked and hold no name of ours. */
export const swap = (marker: string, ...pairs: readonly (readonly [find: string, replacement: string])[]): Removal => ({
  marker,
  how: "swap",
  pairs,
});
