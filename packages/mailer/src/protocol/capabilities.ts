/** What a server says it can do: the keywords of one EHLO reply (RFC 5321 section 4.1.1.1). */
import type { Concealment } from "../wire/concealment.ts";
import { type Reply, verbatimOf } from "../wire/reply.ts";

export class Capabilities {
  readonly #keywords: ReadonlyMap<string, readonly string[]>;
  readonly #limits: ReadonlyMap<string, number>;
  readonly #verbatim: readonly string[];
  /** All keywords, in upper case; a secret among them reads `[SECRET]`. */
  readonly keywords: readonly string[];
  /** The largest message in octets (RFC 1870); `undefined` if the server names no limit, or names zero. */
  readonly size: number | undefined;

  /** The first line is the server's name. The first token of each other line is a keyword, whatever its case (RFC 5321 section 2.4). */
  constructor(reply: Reply) {
    // A password may be any word, even "STARTTLS": striking it out must not change what is offered.
    this.#verbatim = verbatimOf(reply);
    const keywords = keywordsIn(this.#verbatim);
    this.#keywords = keywords;
    this.keywords = [...keywordsIn(reply.lines).keys()];
    this.#limits = limitsIn(keywords.get("LIMITS") ?? []);
    this.size = sizeIn(keywords.get("SIZE")?.[0] ?? "");
  }

  /** Whether the keyword was offered; its case does not matter. */
  has(keyword: string): boolean {
    return this.#keywords.has(keyword) || this.#keywords.has(keyword.toUpperCase());
  }

  /** The parameters of a keyword, e.g. the mechanisms of AUTH, word for word; empty if it was not offered. */
  parameters(keyword: string): readonly string[] {
    return this.#keywords.get(keyword.toUpperCase()) ?? [];
  }

  /** All keywords without the secrets that are known by now: some may have been fetched only after the server said the keywords. */
  keywordsWithout(concealment: Concealment): readonly string[] {
    return [...keywordsIn(concealment.strikeLines(this.#verbatim)).keys()];
  }

  /** A limit that the server announced (RFC 9422), such as MAILMAX; `undefined` if it named none. */
  limit(name: "MAILMAX" | "RCPTMAX" | "RCPTDOMAINMAX"): number | undefined {
    return this.#limits.get(name);
  }
}

function keywordsIn(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const keywords = new Map<string, string[]>();
  // defence: first-line-holds-no-keyword
  for (const line of lines.slice(1)) {
    const [keyword = "", ...parameters] = line.split(" ").filter((token) => token !== "");
    const known = keywords.get(keyword.toUpperCase());
    // defence: keywords-in-any-case
    if (known === undefined) keywords.set(keyword.toUpperCase(), parameters);
    else known.push(...parameters);
  }
  keywords.delete("");
  return keywords;
}

function sizeIn(limit: string): number | undefined {
  const octets = /^\d{1,15}$/.test(limit) ? Number(limit) : 0;
  return octets === 0 ? undefined : octets;
}

/** The first of each name counts; zero, or anything but a number, is no limit. */
function limitsIn(tokens: readonly string[]): ReadonlyMap<string, number> {
  const limits = new Map<string, number>();
  for (const token of tokens) {
    const [, name = "", value = ""] = /^([A-Z0-9-]+)=(\d{1,6})$/i.exec(token) ?? [];
    if (Number(value) > 0 && !limits.has(name.toUpperCase())) limits.set(name.toUpperCase(), Number(value));
  }
  return limits;
}
