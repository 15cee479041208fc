/** Works out who logs in and where the secret is, and never prints it. */
import type { DraftValue } from "../../account/draft.ts";
import { secretFileOf } from "../../account/secret-file.ts";
import { mechanismNamed } from "../../mechanism.ts";
import type { Finding } from "../draft.ts";
import { fetchedBy } from "../program-line.ts";
import { pathOf } from "./place.ts";
import type { LabelledSetting, Sorted } from "./sorted.ts";

type Key = readonly [string, DraftValue];

export interface Login {
  readonly user: string | undefined;
  readonly keys: readonly Key[];
  readonly secret: string | undefined;
}

/** What is said of every password that stands in a file. */
const WRITTEN = [
  "the password is written in this file",
  "Accounts hold no secrets. Remove it here, and change it: anybody who has read this file, or a backup of it, knows it",
] as const;

export function loginOf({ one }: Sorted, name: string, findings: Finding[]): Login {
  const user = one("user");
  const password = one("password");
  const { mechanism, use } = mechanismOf(one("mechanism"), findings);
  findings.push(...aboutPassword(password));
  if (user === undefined) {
    const source = password ?? one("password-file") ?? one("password-command");
    if (source !== undefined) findings.push(withoutUser(source));
    return { user: undefined, keys: [], secret: undefined };
  }
  const text = isOneWord(user.value.text) ? user.value.text : undefined;
  if (text === undefined) {
    const what = user.value.text === "" ? `${user.label} is not in this file` : `${user.label} has several words`;
    findings.push({
      line: user.line,
      kind: "left-out",
      what,
      now: "Write the user into server: submission://USER@HOST",
    });
  }
  const chosen: readonly Key[] = mechanism === undefined ? [] : [["mechanism", mechanism]];
  if (mechanism === "EXTERNAL") return { user: text, keys: chosen, secret: undefined };
  const command = one("password-command");
  if (command !== undefined) {
    const { line, label, value } = command;
    const fetched = fetchedBy({ label, line, text: value.text, use, name });
    findings.push(...fetched.findings);
    return { user: text, keys: [...chosen, fetched.key], secret: undefined };
  }
  if (password?.value.variable !== undefined)
    return { user: text, keys: [...chosen, [`${use}-env`, password.value.variable]], secret: undefined };
  const file = password === undefined ? pathOf(one("password-file"), findings) : undefined;
  const secret = password === undefined || password.value.text === "" ? undefined : password.value.text;
  return { user: text, keys: [...chosen, [`${use}-file`, file ?? secretFileOf(name)]], secret };
}

/** Further words may be a password that was pasted there. */
function isOneWord(text: string): boolean {
  // defence: no-further-words-of-a-user
  return /^\S+$/.test(text);
}

function mechanismOf(
  setting: LabelledSetting | undefined,
  findings: Finding[],
): { readonly mechanism: string | undefined; readonly use: "password" | "token" } {
  const word = setting?.value.text ?? "";
  const mechanism = mechanismNamed(word);
  if (mechanism === "XOAUTH2" || mechanism === "OAUTHBEARER") return { mechanism, use: "token" };
  if (mechanism === "EXTERNAL") return { mechanism, use: "password" };
  if (setting !== undefined && !/^(?:auto|any|on|true|yes|1|none|off|no|false|0)$/i.test(word)) {
    const now = "The strongest that the server offers is used; mechanism names one, minimum demands more";
    findings.push({ line: setting.line, kind: "left-out", what: `${setting.label}: one way to log in`, now });
  }
  return { mechanism: undefined, use: "password" };
}

function aboutPassword(password: LabelledSetting | undefined): readonly Finding[] {
  if (password === undefined) return [];
  const { label, line, value } = password;
  const at = { line };
  if (value.isUnknown === true) {
    const now = "Put the password into a file, or name the program that prints it: password-command";
    return [{ ...at, kind: "left-out", what: `${label} is an expression that only the program can compute`, now }];
  }
  if (value.variable !== undefined) {
    const comes = fromVariable(label, line);
    const also =
      value.text === "" ? [] : [{ ...at, kind: "unsafe" as const, what: `${label}: ${WRITTEN[0]}`, now: WRITTEN[1] }];
    return [comes, ...also];
  }
  const written: Finding = { ...at, kind: "unsafe", what: `${label}: ${WRITTEN[0]}`, now: WRITTEN[1] };
  if (value.hasMark !== true) return [written];
  const what = `${label}: a word in it has a # or a ;, which some programs take for the beginning of a comment`;
  return [written, { ...at, kind: "left-out", what, now: "All of it is taken: check the file of the secret" }];
}

/** Said of every secret that becomes password-env. */
export function fromVariable(label: string, line: number): Finding {
  const now =
    "password-env reads it: it has to be set where postseal runs, and cron and services do not have the variables of a login";
  return { line, kind: "left-out", what: `${label} comes from an environment variable`, now };
}

function withoutUser({ label, line }: LabelledSetting): Finding {
  const now = "The account does not log in. If it should, add USER@ to server, and say where the password is";
  return { line, kind: "left-out", what: `${label}: there is no user to log in with it`, now };
}
