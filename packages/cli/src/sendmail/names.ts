/** Finds whom a name without a domain means: cron writes to `root`, which a submission server does not know. */
import type { Configuration } from "../account/configuration.ts";
import { CommandError } from "../command-error.ts";

/**
 * The name of a user of this machine. Anything else might be more than a name: Postfix, Exim and sendmail run `|program`,
 * write to `/file`, read `:include:/file`, and take `-f` for an option.
 */
const NAME = /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}._+-]*$/u;

export class Names {
  readonly #aliases: Configuration["aliases"];
  readonly #domain: string | undefined;

  constructor({ aliases, domain }: Pick<Configuration, "aliases" | "domain">) {
    this.#aliases = aliases;
    this.#domain = domain;
  }

  /**
   * Whether it means something on this machine only: a name without a domain, or an address that has an alias, such as
   * root@box.lan. No server takes it as a sender.
   */
  isLocal(address: string): boolean {
    return !isWhole(address) || this.#aliases.has(address.toLowerCase());
  }

  /** The addresses that it stands for; a whole address without an alias stands for itself. `undefined` if the name is unknown or odd. */
  find(address: string): readonly string[] | undefined {
    if (isWhole(address)) return this.#aliases.get(address.toLowerCase()) ?? [address];
    const name = localName(address);
    // defence: name-is-a-users-name
    if (!isName(name)) return undefined;
    return (
      this.#aliases.get(name.toLowerCase()) ?? (this.#domain === undefined ? undefined : [`${name}@${this.#domain}`])
    );
  }

  /** Throws `CommandError` (`CLI_NO_USER`). */
  resolve(address: string): readonly string[] {
    const found = this.find(address);
    if (found !== undefined) return found;
    this.assertName(address);
    const name = localName(address);
    throw new CommandError(
      "CLI_NO_USER",
      `"${name}" has no domain, and the server does not know the users of this machine. Say in the configuration who it is: ` +
        `[aliases] ${/^[A-Za-z0-9_-]+$/.test(name) ? name : JSON.stringify(name)} = "admin@example.com"; or give the domain of all such names: domain = "example.com"`,
    );
  }

  /** Throws `CommandError` (`CLI_INPUT`) for what is neither an address nor the name of a user. */
  assertName(name: string): void {
    // defence: words-are-names-or-addresses
    if (isWhole(name) || isName(localName(name))) return;
    throw new CommandError(
      "CLI_INPUT",
      `"${name}" is neither an address nor the name of a user; mail is not delivered to programs, files or lists (|program, /file, :include:/file). Nothing was sent`,
    );
  }

  /** Adds the domain of the configuration, if there is one. */
  qualify(name: string): string | undefined {
    if (isWhole(name)) return name;
    return this.#domain === undefined ? undefined : `${localName(name)}@${this.#domain}`;
  }
}

/** Whether it has a domain that other machines may know. */
function isWhole(address: string): boolean {
  return address.includes("@") && !/@localhost$/i.test(address);
}

/** NFKC: the Kelvin sign must not count as another spelling of k. */
function isName(name: string): boolean {
  return NAME.test(name) && name.normalize("NFKC") === name;
}

function localName(address: string): string {
  return address.replace(/@localhost$/i, "");
}
