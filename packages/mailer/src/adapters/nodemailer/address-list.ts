/**
 * Reads the addresses that an application gave to Nodemailer, which takes whole lists in one string and cleans up what it
 * does not understand. Here a list that could be read in two ways is refused.
 */
import { InputError } from "../../errors/input-error.ts";
import { shown } from "../../errors/shown.ts";
import { type Mailbox, parseMailbox } from "../../message/mailbox.ts";
import { judgeName } from "../../message/text-judge.ts";
import { withoutPrototype } from "../../policy/own-options.ts";

const PAIRS: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ["<", ">"],
  ["[", "]"],
  ["(", ")"],
]);
const CLOSING: ReadonlySet<string> = new Set([">", "]", ")"]);

/** Every mailbox of a value: a string, `{ name, address }`, or arrays of these. Throws `InputError` (`MAIL_INPUT_ADDRESS`). */
export function readAddresses(value: unknown, field: string): readonly Mailbox[] {
  if (value === undefined || value === null || value === false || value === "") return [];
  if (typeof value === "string") return parseList(value, field);
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    // By index: an array may have methods of its own, and a hole in it would inherit from the prototype.
    return Array.from({ length: items.length }, (_, index) =>
      Object.hasOwn(items, index) ? readAddresses(items[index], `${field}[${index}]`) : [],
    ).flat();
  }
  if (typeof value === "object") {
    const own: { readonly name?: unknown; readonly address?: unknown } = withoutPrototype(value);
    if (typeof own.name === "string") judgeName(own.name, `${field}.name`, "MAIL_INPUT_ADDRESS");
    if (typeof own.address === "string") return [parseMailbox(withoutSpaces(own.address), `${field}.address`)];
  }
  throw refusal(field, "is neither text nor { name, address }.");
}

/** `Alice <alice@example.org>, "Bob, B." <bob@example.org>; Team: carol@example.org;` (RFC 5322 section 3.4). */
function parseList(text: string, field: string): readonly Mailbox[] {
  judgeName(text, field, "MAIL_INPUT_ADDRESS");
  const mailboxes: Mailbox[] = [];
  let item = new Item(text, field);
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === "," || character === ";") {
      mailboxes.push(...item.mailboxes());
      item = new Item(text, field);
    } else if (character === ":") {
      // The name of a group ends here: what comes before the colon is no address.
      item.judgeGroupName();
      item = new Item(text, field);
    } else if (PAIRS.has(character)) {
      const end = endOf(text, at, field);
      item.enclosed(text.slice(at, end + 1));
      at = end;
    } else if (CLOSING.has(character)) {
      throw refusal(field, `has a "${character}" that closes nothing: ${shown(text)}`);
    } else {
      const end = endOfRun(text, at);
      item.outside(text.slice(at, end));
      at = end - 1;
    }
  }
  return [...mailboxes, ...item.mailboxes()];
}

/** The text between two commas. */
class Item {
  readonly #text: string;
  readonly #field: string;
  /** A name, or an address without angle brackets; without comments. */
  #bare = "";
  #angle: string | undefined;

  constructor(text: string, field: string) {
    this.#text = text;
    this.#field = field;
  }

  outside(run: string): void {
    if (this.#angle !== undefined && withoutSpaces(run) !== "") throw this.#refusal("goes on after an angle bracket");
    this.#bare += run;
  }

  enclosed(part: string): void {
    if (part.startsWith("(")) return;
    if (this.#angle !== undefined) throw this.#refusal("goes on after an angle bracket");
    if (part.startsWith("<")) this.#angle = part.slice(1, -1);
    else this.#bare += part;
  }

  judgeGroupName(): void {
    if (this.#angle !== undefined || this.#bare.includes("@")) {
      throw this.#refusal("has an address before a colon, which only the name of a group may have");
    }
  }

  /** None if there is nothing between two commas. */
  mailboxes(): readonly Mailbox[] {
    const text = this.#angle ?? withoutSpaces(this.#bare);
    return text === "" && this.#angle === undefined ? [] : [parseMailbox(text, this.#field)];
  }

  #refusal(why: string): InputError {
    return refusal(this.#field, `${why}: ${shown(this.#text)}`);
  }
}

function endOfRun(text: string, start: number): number {
  let end = start + 1;
  while (end < text.length && !/[,;:"<>[\]()]/.test(text.charAt(end))) end += 1;
  return end;
}

/** The place of the character that closes the one at `start`. Only comments nest, and they may hold any other closing character. */
function endOf(text: string, start: number, field: string): number {
  const opening = text.charAt(start);
  const closing = PAIRS.get(opening);
  let depth = 1;
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === "\\" && opening !== "<" && opening !== "[") at += 1;
    else if (character === closing && --depth === 0) return at;
    else if (character === opening && opening === "(") depth += 1;
  }
  throw refusal(field, `has a ${opening} that nothing closes: ${shown(text)}`);
}

/** Removes only spaces, in one pass: `trim` would remove what a mailbox may not hold, and ` +$` begins again at each space. */
function withoutSpaces(text: string): string {
  // defence: spaces-in-one-pass
  let [start, end] = [0, text.length];
  while (text.charAt(start) === " ") start += 1;
  while (end > start && text.charAt(end - 1) === " ") end -= 1;
  return text.slice(start, end);
}

function refusal(field: string, why: string): InputError {
  return new InputError("MAIL_INPUT_ADDRESS", field, why);
}
