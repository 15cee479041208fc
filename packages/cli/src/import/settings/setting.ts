/** One setting of a file, whatever the file's own grammar is. */

export interface Setting {
  /** As written. It is printed only if a table has it. */
  readonly name: string;
  readonly value: Value;
  /** From 1. */
  readonly line: number;
}

/** The name of a line that is no setting, which is reported as unknown. */
export const NO_SETTING = "no setting";

export interface Value {
  /** Empty if it is not known. */
  readonly text: string;
  /** The environment variable that it comes from; `text` is then what is used if that is not set. */
  readonly variable?: string | undefined;
  /** Whether a word in it has a character that some programs take for the beginning of a comment: `pass#word`. */
  readonly hasMark?: boolean;
  /** The value of an expression that only its own program can compute. */
  readonly isUnknown?: boolean;
}
