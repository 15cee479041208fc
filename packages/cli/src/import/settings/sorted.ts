/** Sorts settings by what they mean, takes URLs apart, and collects what is said about each. */
import type { Finding } from "../draft.ts";
import type { Dialect, Meaning, Named, Said, TlsWords } from "./meaning.ts";
import type { Vote } from "./security.ts";
import type { Setting, Value } from "./setting.ts";
import { urlParts } from "./url.ts";

type Plain = Extract<Meaning, string>;

export interface Sorted {
  /** The last one that has a value. */
  readonly one: (meaning: Plain) => LabelledSetting | undefined;
  readonly votes: readonly Vote[];
  readonly findings: readonly Finding[];
}

export interface LabelledSetting {
  /** From a table, so that it can be printed. */
  readonly label: string;
  readonly value: Value;
  readonly line: number;
}

/** Throws `CommandError` (`CLI_INPUT`) for a URL that is not a submission server's. */
export function sorted(settings: readonly Setting[], dialect: Dialect): Sorted {
  const known = new Map<Plain, LabelledSetting>();
  const votes: Vote[] = [];
  const findings: Finding[] = [];
  const put = (meaning: Plain, setting: LabelledSetting): void => {
    if (isGiven(setting.value)) known.set(meaning, setting);
  };
  const take = (setting: Setting, { label, meaning }: Named): void => {
    const value = withoutNull(setting.value);
    const labelled = { label, value, line: setting.line };
    if (value.variable !== undefined && value.text !== "" && meaning !== "password")
      findings.push(mayComeFromVariable(label, setting.line));
    if (meaning === "url") expand(labelled);
    else if (typeof meaning === "string") put(meaning, labelled);
    else if ("tls" in meaning) votes.push(...voteOf(labelled, meaning.tls, findings));
    else findings.push(...judged(labelled, meaning.judge(value)));
  };
  const expand = ({ label, value, line }: LabelledSetting): void => {
    if (value.text === "") return;
    const parts = urlParts(value.text, line, dialect.schemes);
    const partOf = (part: Value, what: string): LabelledSetting =>
      part.text === "" ? { label: `the ${what} in ${label}`, value: part, line } : inUrl(part);
    const inUrl = (part: Value): LabelledSetting => ({ label, value: part, line });
    votes.push({ security: parts.scheme, said: label, line });
    put("host", inUrl({ text: parts.host }));
    put("port", inUrl({ text: parts.port }));
    put("user", partOf(parts.user, "user"));
    put("password", partOf(parts.password, "password"));
    for (const option of parts.options) {
      const named = dialect.options?.get(option.name.toLowerCase());
      if (named === undefined) findings.push(unknown(option.line, "an option of the URL"));
      else take(option, named);
    }
  };
  for (const setting of settings) {
    const named = dialect.meanings.get(setting.name.toLowerCase());
    if (named !== undefined) take(setting, named);
    else if (dialect.own?.test(setting.name) === true) findings.push(unknown(setting.line, "this setting"));
  }
  return { one: (meaning) => known.get(meaning), votes, findings };
}

/** `${SMTP_PORT:-587}` */
export function mayComeFromVariable(label: string, line: number): Finding {
  const what = `${label} may come from an environment variable`;
  return { line, kind: "left-out", what, now: "What the file has without it is used" };
}

export function isGiven({ text, variable, isUnknown }: Value): boolean {
  return text !== "" || variable !== undefined || isUnknown === true;
}

/** Laravel's null and Python's None are nothing; a password is never that. */
function withoutNull(value: Value): Value {
  return /^(?:null|\(null\)|None)$/.test(value.text) ? { ...value, text: "" } : value;
}

function voteOf({ label, value, line }: LabelledSetting, table: TlsWords, findings: Finding[]): readonly Vote[] {
  const word = value.text.toLowerCase();
  if (value.variable !== undefined && word === "") {
    findings.push({ line, kind: "left-out", what: `${label} comes from the environment`, now: "TLS is always on" });
    return [];
  }
  const security = table.get(word);
  if (security !== undefined)
    return [{ security, said: word === "" ? `${label} says nothing` : `${label}: ${word}`, line }];
  const said = `${label} has a value that is not known`;
  findings.push({ line, kind: "left-out", what: said, now: "TLS is always on" });
  return [{ security: "as-usual", said, line }];
}

function judged({ label, line }: LabelledSetting, said: Said | undefined): readonly Finding[] {
  if (said === undefined) return [];
  const [kind, what, now] = said;
  return [{ line, kind, what: `${label}: ${what}`, now }];
}

/** Its name is not quoted: it may be a password that was pasted there. */
function unknown(line: number, what: string): Finding {
  return { line, kind: "left-out", what: `${what} is not known here`, now: "Check what it was for" };
}
