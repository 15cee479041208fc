/** Turns a shell line that fetches a secret into a key of an account. */
import type { DraftValue } from "../account/draft.ts";
import { secretFileOf } from "../account/secret-file.ts";
import type { Finding } from "./draft.ts";
import { isVariable, withoutComment } from "./settings/value.ts";
import { mayHoldSecret } from "./secret-in-line.ts";

export interface ProgramLine {
  /** The name of the setting. */
  readonly label: string;
  /** What the shell would run. */
  readonly text: string;
  readonly line: number;
  readonly use: "password" | "token";
  /** The account's. */
  readonly name: string;
}

export interface FetchedBy {
  readonly key: readonly [string, DraftValue];
  readonly findings: readonly Finding[];
}

export function fetchedBy({ label, text: written, line, use, name }: ProgramLine): FetchedBy {
  const text = withoutShellComment(written);
  const variable = printedVariable(text);
  if (variable !== undefined) {
    const what = `${label} prints an environment variable`;
    const now = `${use}-env reads it: it has to be set where postseal runs, and cron and services do not have the variables of a login`;
    return { key: [`${use}-env`, variable], findings: [{ line, kind: "left-out", what, now }] };
  }
  // defence: no-secret-of-a-program-is-copied
  if (mayHoldSecret(text)) {
    const what = `${label} seems to hold the password itself (echo, printf, <<<, NAME=… and the like)`;
    const now = `The line was not copied. Put the password into the file ${secretFileOf(name)}, mode 600; and change it: anybody who has read this file knows it. If no secret is in the line, write it as password-command yourself`;
    return { key: [`${use}-file`, secretFileOf(name)], findings: [{ line, kind: "unsafe", what, now }] };
  }
  if (isPlain(text)) return { key: [`${use}-command`, text.trim().split(/ +/)], findings: [] };
  const now = 'It still gets one: ["/bin/sh", "-c", …]';
  return {
    key: [`${use}-command`, ["/bin/sh", "-c", text]],
    findings: [{ line, kind: "left-out", what: `${label} needs a shell`, now }],
  };
}

/** A comment may hold anything, and does nothing. Between quotation marks a # begins none. */
function withoutShellComment(written: string): string {
  const text = withoutComment(written, "#");
  const isOpen = ["'", '"', "`"].some((mark) => text.split(mark).length % 2 === 0);
  return isOpen ? written : text;
}

/** Whether a shell would do nothing but split it into words. */
function isPlain(text: string): boolean {
  return /^[\w@%+=:,./ -]+$/.test(text);
}

/** `echo $MAIL_PASSWORD`, `printf %s "$MAIL_PASSWORD"`, `printenv MAIL_PASSWORD`: nothing else is in the line. */
function printedVariable(text: string): string | undefined {
  const [, printed] = /^(?:echo(?: -n)?|printf (?:%s|"%s(?:\\n)?"|'%s(?:\\n)?')) +(.*)$/s.exec(text.trim()) ?? [];
  const [, named] = /^printenv +(\w+)$/.exec(text.trim()) ?? [];
  const name =
    named ??
    /^"?(?:\$(\w+)|\$\{(\w+)\})"?$/
      .exec(printed ?? "")
      ?.slice(1)
      .find((one) => one !== undefined);
  return name !== undefined && isVariable(name) ? name : undefined;
}
