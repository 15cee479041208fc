/** The configuration: accounts, the default account, and what names without a domain stand for. */
import type { Account } from "./account.ts";
import { accountOf } from "./account-table.ts";
import { placeOf } from "./place.ts";
import type { Problem } from "./problem.ts";
import { type Reading, TableReader } from "./table-reader.ts";
import { isTable, SyntaxProblem, TomlDocument } from "./toml-document.ts";

export interface Configuration {
  /** File by file: an account of an earlier file replaces one of the same name. */
  readonly accounts: readonly Account[];
  readonly defaultAccount: string | undefined;
  /** Keyed by the name, or the whole address, in lower case. */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
  /** The domain of names that have neither a domain nor an alias. */
  readonly domain: string | undefined;
  /** The absolute path of the outbox. */
  readonly outbox: string | undefined;
}

export interface ConfigurationFile extends Configuration {
  readonly file: string;
  readonly text: string;
  readonly problems: readonly Problem[];
  readonly lineOfDefault: number | undefined;
}

const ADDRESS = /^[^\s<>,@]+@[^\s<>,@]+$/;
const KEYS = ["accounts", "default-account", "aliases", "domain", "outbox"] as const;

export function parseConfiguration(text: string, file: string): ConfigurationFile {
  const problems: Problem[] = [];
  const nothing = { accounts: [], defaultAccount: undefined, aliases: new Map(), domain: undefined, outbox: undefined };
  try {
    const reading = { file, document: new TomlDocument(text), problems };
    return { file, text, problems, ...readRoot(reading) };
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    problems.push({
      file,
      line: error.line,
      what: `this is not TOML: ${error.message}`,
      remedy: "Put text in quotes, and begin each account with [accounts.NAME]",
    });
    return { file, text, problems, lineOfDefault: undefined, ...nothing };
  }
}

function readRoot(reading: Reading): Omit<ConfigurationFile, "file" | "text" | "problems"> {
  const reader = new TableReader<(typeof KEYS)[number]>(reading.document.root, [], reading);
  reader.refuseUnknown(KEYS, (key) => explainTable(key, reading.document.root[key]));
  const accounts = accountsOf(reader, reading);
  judgeSenders(accounts, reading);
  return {
    accounts,
    defaultAccount: reader.text("default-account", 'Write default-account = "NAME", above the first table'),
    lineOfDefault: reader.lineOf("default-account"),
    aliases: aliasesOf(reader, reading),
    domain: domainOf(reader),
    outbox: outboxOf(reader, reading.file),
  };
}

/** `[work]` and `[account.work]` may both be meant as accounts. */
function explainTable(key: string, table: unknown): Pick<Problem, "what" | "remedy"> | undefined {
  if (!isTable(table)) return undefined;
  const inner = Object.keys(table).find((name) => isTable(table[name]));
  return { what: `there is no table [${key}]`, remedy: `Write [accounts.${inner ?? key}] if it is an account` };
}

function accountsOf(reader: TableReader<(typeof KEYS)[number]>, reading: Reading): readonly Account[] {
  const table = reader.table("accounts", "Write [accounts.NAME], and the keys of the account below it") ?? {};
  return Object.entries(table).flatMap(([name, value]) => {
    if (isTable(value)) return accountOf(name, value, reading) ?? [];
    const line = reading.document.lineOf(["accounts", name]);
    const remedy = "Write [accounts.NAME], and the keys of the account below it";
    reading.problems.push({ file: reading.file, line, what: `accounts.${name} is not a table`, remedy });
    return [];
  });
}

/** A sender must not choose two accounts. */
function judgeSenders(accounts: readonly Account[], { file, problems }: Reading): void {
  const owners = new Map<string, string>();
  for (const { name, from, lineOf } of accounts) {
    for (const address of from) {
      const owner = owners.get(address.toLowerCase());
      if (owner === undefined) owners.set(address.toLowerCase(), name);
      else if (owner !== name) {
        const what = `${address} already chooses the account ${owner}`;
        problems.push({ file, line: lineOf("from"), what, remedy: "Leave it out of one of the two" });
      }
    }
  }
}

function aliasesOf(reader: TableReader<(typeof KEYS)[number]>, reading: Reading): Configuration["aliases"] {
  const remedy = 'Write root = "admin@example.com", or a list of addresses';
  const table = reader.table("aliases", `Write [aliases], and below it ${remedy.slice("Write ".length)}`) ?? {};
  const aliases = new TableReader<string>(table, ["aliases"], reading);
  const found = new Map<string, readonly string[]>();
  for (const name of Object.keys(table)) {
    const addresses = aliases.texts(name, remedy) ?? [];
    const odd = addresses.find((address) => !ADDRESS.test(address));
    if (odd !== undefined)
      aliases.problem(name, `"${odd}" is not a whole address`, "An alias stands for addresses, not for other names");
    if (name.includes("@") && !ADDRESS.test(name))
      aliases.problem(name, `"${name}" is neither a name nor a whole address`, 'Write root, or "root@box.lan"');
    found.set(name.toLowerCase(), addresses);
  }
  return found;
}

function domainOf(reader: TableReader<(typeof KEYS)[number]>): string | undefined {
  const remedy = 'Write domain = "example.com"';
  const domain = reader.text("domain", remedy);
  if (domain === undefined || /^[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+$/u.test(domain)) return domain;
  reader.problem("domain", `"${domain}" is not a domain`, remedy);
  return undefined;
}

function outboxOf(reader: TableReader<(typeof KEYS)[number]>, file: string): string | undefined {
  const remedy = 'Write the path of a file, such as outbox = "/var/lib/postseal/outbox.db"';
  const written = reader.text("outbox", remedy);
  if (written === undefined || written.includes("/")) return written === undefined ? undefined : placeOf(written, file);
  reader.problem("outbox", "outbox is not the path of a file", remedy);
  return undefined;
}
