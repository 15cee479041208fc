/** Reads an msmtprc into accounts, each with the settings that count for it and the lines where they stand. */

export interface Setting {
  readonly command: string;
  readonly argument: string;
  /** From 1. */
  readonly line: number;
}

export interface MsmtpAccount {
  readonly name: string;
  readonly line: number;
  /** By command; the last one counts. */
  readonly settings: ReadonlyMap<string, Setting>;
}

export interface Msmtprc {
  readonly accounts: readonly MsmtpAccount[];
  /** `account default : work`. */
  readonly defaultAccount: string | undefined;
  /** Lines that are no setting: `eval`, or an account that inherits from one that is not there. */
  readonly odd: readonly Setting[];
}

export function readMsmtprc(text: string): Msmtprc {
  const accounts = new Map<string, { readonly line: number; readonly settings: Map<string, Setting> }>();
  const odd: Setting[] = [];
  let defaults = new Map<string, Setting>();
  // Before the first account and without `defaults`, settings belong to an account of no name: msmtp calls it default.
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
  // An account default that only points at another is that other one.
  const named = [...accounts].filter(([name]) => name !== "default" || defaultAccount === "default");
  return { accounts: named.map(([name, account]) => ({ name, ...account })), defaultAccount, odd };
}

function settingsOf(text: string): readonly Setting[] {
  return text.split(/\r?\n/).flatMap((raw, index) => {
    const line = raw.trim();
    const [, command = "", rest = ""] = /^(\S+)\s*(.*)$/s.exec(line) ?? [];
    if (command === "" || command.startsWith("#")) return [];
    const argument = /^"(.*)"$/.exec(rest)?.[1] ?? rest;
    return [{ command: command.toLowerCase(), argument, line: index + 1 }];
  });
}
