/** Whom a name without a domain means: `root`, as cron writes it, is nobody to a submission server. */
import type { Configuration } from "../account/configuration.ts";
import { CommandError } from "../command-error.ts";

/**
 * What a user of a machine is called. Postfix, Exim and sendmail run `|program`, write to `/file` and read `:include:/file`
 * if a name looks like these, and take `-f` for an option.
 */
const NAME = /^[\p{L}\p{N}_][\p{L}\p{M}\p{N}._+-]*$/u;

export class Names {
  readonly #aliases: Configuration["aliases"];
  readonly #domain: string | undefined;

  constructor({ aliases, domain }: Pick<Configuration, "aliases" | "domain">) {
    this.#aliases = aliases;
    this.#domain = domain;
  }

  /** The addresses it stands for; `undefined` if nobody knows, or if no user has such a name. A whole address is itself. */
  find(address: string): readonly string[] | undefined {
    if (isWhole(address)) return [address];
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
        `[aliases] ${/^[A-Za-z0-9_-]+$/.test(name) ? name : JSON.stringify(name)} = "admin@example.com"; or where such names belong: domain = "example.com"`,
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

  /** With the domain of the configuration, where it has one. */
  qualify(name: string): string | undefined {
    return this.#domain === undefined ? undefined : `${localName(name)}@${this.#domain}`;
  }
}

/** Whether it has a domain that is known outside of this machine. */
export function isWhole(address: string): boolean {
  return address.includes("@") && !/@localhost$/i.test(address);
}

/** The Kelvin sign is no other spelling of k. */
function isName(name: string): boolean {
  return NAME.test(name) && name.normalize("NFKC") === name;
}

function localName(address: string): string {
  return address.replace(/@localhost$/i, "");
}
