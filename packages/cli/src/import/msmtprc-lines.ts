/** Parses an msmtprc into accounts, each with its settings and their lines. */
import { withoutComment } from "./settings/value.ts";

export interface Setting {
  readonly command: string;
  readonly argument: string;
  /** Whether the argument has several words, without quotation marks around them. */
  readonly isSeveral: boolean;
  /** From 1. */
  readonly line: number;
  /** What the file has for it: `tls_nocertcheck`, which is `tls_certcheck off`. */
  readonly spelling?: string;
  /** Whether a comment seems to stand after a password, which msmtp takes for a part of it. */
  readonly hasMark?: boolean;
}

export interface MsmtpAccount {
  readonly name: string;
  readonly line: number;
  /** By command; the last one of a name counts. */
  readonly settings: ReadonlyMap<string, Setting>;
}

export interface Msmtprc {
  readonly accounts: readonly MsmtpAccount[];
  /** `work` of `account default : work`; its account `default` may add settings to those of `work`. */
  readonly defaultAccount: string | undefined;
  /** Lines that are not settings: `eval`, an account that inherits from one that does not exist, or whose name has several words. */
  readonly odd: readonly Setting[];
}

export function readMsmtprc(text: string): Msmtprc {
  const accounts = new Map<string, { readonly line: number; readonly settings: Map<string, Setting> }>();
  const odd: Setting[] = [];
  let defaults = new Map<string, Setting>();
  // Settings before the first `account` or `defaults` belong to an account without a name, which msmtp calls default.
  let current: Map<string, Setting> | undefined;
  let defaultAccount: string | undefined;
  for (const setting of settingsOf(text)) {
    const { command, argument, line } = setting;
    if (command === "defaults") {
      defaults = new Map();
      current = defaults;
    } else if (command === "account") {
      const [names = "", inherited = ""] = argument.split(":").map((part) => part.trim());
      const [name = "", ...words] = names.split(/[ \t]+/);
      if (words.length > 0) odd.push(setting);
      const parents = inherited
        .split(",")
        .map((part) => part.trim())
        .filter((part) => part !== "");
      if (parents.some((parent) => !accounts.has(parent))) odd.push(setting);
      const settings = new Map([
        ...defaults,
        ...parents.flatMap((parent) => [...(accounts.get(parent)?.settings ?? [])]),
      ]);
      current = settings;
      accounts.set(name, { line, settings });
      if (name === "default") defaultAccount = parents.at(-1) ?? name;
    } else if (command === "eval") {
      odd.push(setting);
    } else {
      if (current === undefined) {
        current = new Map();
        accounts.set("default", { line, settings: current });
        defaultAccount = "default";
      }
      current.set(command, setting);
    }
  }
  return { accounts: [...accounts].map(([name, account]) => ({ name, ...account })), defaultAccount, odd };
}

/** msmtp still takes these, which it had before 1.4. */
const OLDER: ReadonlyMap<string, string> = new Map([
  ["tls_nocertcheck", "tls_certcheck"],
  ["tls_nostarttls", "tls_starttls"],
]);
/** Their arguments are shell lines or secrets, where a # is no comment. */
const WHOLE: ReadonlySet<string> = new Set(["password", "passwordeval", "eval"]);

function settingsOf(text: string): readonly Setting[] {
  return text.split(/\r?\n/).flatMap((raw, index): readonly Setting[] => {
    const written = withoutBlanks(raw);
    const [, first = ""] = /^([^ \t]+)/.exec(written) ?? [];
    const command = first.toLowerCase();
    if (command === "" || command.startsWith("#")) return [];
    const rest = withoutBlanks(written.slice(first.length));
    const line = index + 1;
    const older = OLDER.get(command);
    if (older !== undefined) return [{ command: older, argument: "off", isSeveral: false, line, spelling: command }];
    // msmtp knows no comment after a setting and refuses the line; people write them all the same.
    const bare = WHOLE.has(command) ? rest : withoutComment(rest, "#");
    const quoted = /^"(.*)"$/.exec(bare)?.[1];
    const argument = quoted ?? bare;
    const isSeveral = quoted === undefined && /\s/.test(bare);
    const hasMark = command === "password" && quoted === undefined && withoutComment(rest, "#") !== rest;
    return [{ command, argument: SWITCH.test(command) ? inWords(argument) : argument, isSeveral, line, hasMark }];
  });
}

const SWITCH =
  /^(?:tls|tls_starttls|tls_certcheck|tls_force_sslv3|auth|auto_from|keepbcc|remove_bcc_headers|set_from_header|undisclosed_recipients|allow_from_override)$/;

/** msmtp knows `on` and `off` only, and refuses what other programs write for them. */
function inWords(argument: string): string {
  if (/^(?:on|yes|true)$/i.test(argument)) return "on";
  return /^(?:off|no|false)$/i.test(argument) ? "off" : argument;
}

/** Removes only the blanks of msmtp, and not a no-break space, which may be the end of a password. */
function withoutBlanks(text: string): string {
  const isBlank = (at: number): boolean => text[at] === " " || text[at] === "\t";
  let [begin, end] = [0, text.length];
  while (begin < end && isBlank(begin)) begin += 1;
  while (end > begin && isBlank(end - 1)) end -= 1;
  return text.slice(begin, end);
}
