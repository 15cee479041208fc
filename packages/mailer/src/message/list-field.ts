/** Mailing list fields: RFC 2369, RFC 2919 and RFC 8058. */
import { InputError } from "../errors/input-error.ts";
import { shown } from "../errors/shown.ts";
import { readList, readOptions } from "../policy/own-options.ts";
import { judgeFlag } from "./flag.ts";
import { formatField } from "./header-field.ts";
import type { ListFields } from "./input.ts";
import { parsePhrase, phraseTokens } from "./phrase.ts";
import { judgeLine } from "./text-judge.ts";

const uriFields = [
  ["help", "List-Help"],
  ["unsubscribe", "List-Unsubscribe"],
  ["subscribe", "List-Subscribe"],
  ["post", "List-Post"],
  ["owner", "List-Owner"],
  ["archive", "List-Archive"],
] as const;
const KEYS: ReadonlySet<string> = new Set(["id", ...uriFields.map(([key]) => key), "unsubscribePost"]);
const ID_PLACE = { field: "list.id", code: "MAIL_INPUT_HEADER" } as const;
const ID = /^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+(?:\.[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+)+$/;
const URI = /^(?:https?|mailto|ftp|news):[!#-;=?-~]+$/i;
/** With its brackets and a comma it has to fit into a line of 998, since nothing may be put inside (RFC 2369 section 2). */
const LONGEST_URI = 990;

/** Empty if no list is given. Throws `InputError` (`MAIL_INPUT_HEADER`). */
export function formatListFields(given: ListFields | undefined): string {
  if (given === undefined) return "";
  const list = readOptions(given, KEYS, { field: "list", code: "MAIL_INPUT_MESSAGE" });
  const unsubscribe = urisOf(list.unsubscribe, "list.unsubscribe");
  const fields = uriFields.map(([key, name]) => {
    const input = list[key];
    if (input === undefined) return "";
    // The only value without angle brackets (RFC 2369 section 3.4).
    if (key === "post" && input === "NO") return formatField(name, ["NO"]);
    return formatField(
      name,
      bracketed(key === "unsubscribe" ? unsubscribe : urisOf(input, `list.${key}`), `list.${key}`),
    );
  });
  return [idField(list.id), ...fields, postField(list, unsubscribe)].join("");
}

function urisOf(input: string | readonly string[] | undefined, field: string): readonly string[] {
  if (input === undefined) return [];
  if (typeof input === "string") return [input];
  if (!Array.isArray(input)) throw refusal(field, "is neither a URI nor a list of them.");
  return readList<string>(input, { field, code: "MAIL_INPUT_HEADER" });
}

/** The identifier, or what the list is called and then the identifier in angle brackets (RFC 2919 section 3). */
function idField(given: string | undefined): string {
  if (given === undefined) return "";
  judgeLine(given, "list.id", "MAIL_INPUT_HEADER");
  const open = given.endsWith(">") ? given.lastIndexOf("<") : -1;
  const id = open === -1 ? given : given.slice(open + 1, -1);
  if (id.length > 255 || !ID.test(id)) {
    throw refusal(
      "list.id",
      `"${shown(given)}" is not a list identifier: write labels with dots, e.g. news.example.org, or Our news <news.example.org>.`,
    );
  }
  if (open === -1) return formatField("List-ID", [`<${id}>`]);
  const name = parsePhrase(
    given.slice(0, open).trim(),
    ID_PLACE,
    "and could be read as something else. Put it in quotes.",
  );
  return formatField("List-ID", name === "" ? [`<${id}>`] : [...phraseTokens(name), `<${id}>`]);
}

/** RFC 8058 section 3.1: one-click needs an HTTPS URI to post to. */
function postField(list: ListFields, uris: readonly string[]): string {
  if (!judgeFlag(list.unsubscribePost, "list.unsubscribePost")) return "";
  if (!uris.some((uri) => /^https:/i.test(uri))) {
    throw refusal("list.unsubscribePost", "needs an https: URI in list.unsubscribe, which the mail program posts to.");
  }
  return formatField("List-Unsubscribe-Post", ["List-Unsubscribe=One-Click"]);
}

function bracketed(uris: readonly string[], field: string): readonly string[] {
  if (uris.length === 0) throw refusal(field, "is empty. Leave it out instead.");
  return uris.map((uri, index) => {
    judgeLine(uri, field, "MAIL_INPUT_HEADER");
    if (uri.length > LONGEST_URI || !URI.test(uri)) {
      throw refusal(
        field,
        `"${shown(uri)}" is not a URI for a list field: https:, http:, mailto:, ftp: or news:, with everything but printable ASCII percent-encoded.`,
      );
    }
    return `<${uri}>${index < uris.length - 1 ? "," : ""}`;
  });
}

function refusal(field: string, why: string): InputError {
  return new InputError("MAIL_INPUT_HEADER", field, why);
}
