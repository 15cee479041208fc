/** Parses an msmtprc into accounts, each with its settings and their lines. */

export interface Setting {
  readonly command: string;
  readonly argument: string;
  /** Whether the argument has several words, without quotation marks around them. */
  readonly isSeveral: boolean;
  /** From 1. */
  readonly line: number;
}

export interface MsmtpAccount {
  readonly name: string;
  readonly line: number;
  /** By command; the last one of a name counts. */
  readonly settings: ReadonlyMap<string, Setting>;
}

export interface Msmtprc {
  readonly accounts: readonly MsmtpAccount[];
  /** `account default : work`. */
  readonly defaultAccount: string | undefined;
  /** Lines that are not settings: `eval`, and an account that inherits from one that does not exist. */
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
      const [name = "", inherited = ""] = argument.split(":").map((part) => part.trim());
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
  // An account `default` that only inherits from another is that other one.
  const named = [...accounts].filter(([name]) => name !== "default" || defaultAccount === "default");
  return { accounts: named.map(([name, account]) => ({ name, ...account })), defaultAccount, odd };
}

function settingsOf(text: string): readonly Setting[] {
  return text.split(/\r?\n/).flatMap((raw, index) => {
    const line = withoutBlanks(raw);
    const [, command = "", rest = ""] = /^([^ \t]+)[ \t]*(.*)$/s.exec(line) ?? [];
    if (command === "" || command.startsWith("#")) return [];
    const quoted = /^"(.*)"$/.exec(rest)?.[1];
    const isSeveral = quoted === undefined && /\s/.test(rest);
    return [{ command: command.toLowerCase(), argument: quoted ?? rest, isSeveral, line: index + 1 }];
  });
}

/** Removes only the blanks of msmtp, and not a no-break space, which may be the end of a password. */
function withoutBlanks(text: string): string {
  const isBlank = (at: number): boolean => text[at] === " " || text[at] === "\t";
  let [begin, end] = [0, text.length];
  while (begin < end && isBlank(begin)) begin += 1;
  while (end > begin && isBlank(end - 1)) end -= 1;
  return text.slice(begin, end);
}
