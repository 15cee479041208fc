/** What a shape of settings is: how a file of it is known, and how it becomes accounts. */
import type { Draft } from "./draft.ts";

export interface SettingsFile {
  /** Without its folder. */
  readonly name: string;
  readonly text: string;
}

export interface Shape {
  /** As help lists it. */
  readonly title: string;
  /** Where such settings stand, for help. */
  readonly where: string;
  /** The line, from 1, that shows that the file is of this shape; `undefined` if none does. */
  readonly found: (file: SettingsFile) => number | undefined;
  /** `name`: of the account if the file gives it none. Throws `CommandError` (`CLI_INPUT`) if the file names no server. */
  readonly read: (file: SettingsFile, name: string) => Draft;
}

/** The first line, from 1, that the expression fits. */
export function lineLike(text: string, expression: RegExp): number | undefined {
  const index = text.split("\n").findIndex((line) => expression.test(line));
  return index === -1 ? undefined : index + 1;
}
