/** What may be shown of a conversation: by the state of the protocol, and where that is in doubt, nothing but a count. */

export interface Command {
  /** Upper case; empty where it is none that is known. */
  readonly verb: string;
  /** The words behind the verb. */
  readonly words: readonly string[];
  /** With its line end. */
  readonly shown: string;
}

/** With parameters that are nobody's secret. */
const OPEN: ReadonlySet<string> = new Set(["EHLO", "HELO", "MAIL", "RCPT", "BDAT", "NOOP", "VRFY", "EXPN", "HELP"]);
const BARE: ReadonlySet<string> = new Set(["STARTTLS", "DATA", "RSET", "QUIT"]);
/** A word behind AUTH that is none of these may be a password in the wrong place. */
const MECHANISM: RegExp =
  /^(?:PLAIN|LOGIN|CRAM-MD5|DIGEST-MD5|SCRAM-SHA-(?:1|256|512)(?:-PLUS)?|XOAUTH2|OAUTHBEARER|EXTERNAL|GSSAPI|NTLM|ANONYMOUS)$/i;

export function parseCommand(line: Buffer): Command {
  const text = line.toString("latin1").replace(/\r?\n$/, "");
  const [first = ""] = text.split(" ", 1);
  const verb = first.toUpperCase();
  // defence: unknown-words-are-counted
  if (verb !== "AUTH" && !OPEN.has(verb) && !BARE.has(verb)) {
    return { verb: "", words: [], shown: `${counted(text.length)}\r\n` };
  }
  const words = text.split(" ").slice(1);
  if (verb === "AUTH") return parseAuth(words);
  if (OPEN.has(verb) || (BARE.has(verb) && words.length === 0)) return { verb, words, shown: `${text}\r\n` };
  return { verb, words, shown: `${verb} ${counted(words.join(" ").length)}\r\n` };
}

/** Its words are the mechanism and the initial response. */
function parseAuth(words: readonly string[]): Command {
  const [given = "", ...rest] = words;
  // defence: no-password-as-a-mechanism
  const isKnown = MECHANISM.test(given);
  const mechanism = isKnown ? given.toUpperCase() : "";
  const initial = (isKnown ? rest : words).join(" ");
  const shown = ["AUTH", mechanism, initial === "" ? "" : counted(initial.length)]
    .filter((part) => part !== "")
    .join(" ");
  return { verb: "AUTH", words: [mechanism, initial], shown: `${shown}\r\n` };
}

/** A server may say back what it was told: of a reply to a login, or to nobody knows what, only the codes are shown. */
export function codesOf(reply: Buffer): string {
  const text = reply.toString("latin1");
  const codes = /^\d{3}[ -](?:\d\.\d{1,3}\.\d{1,3}(?=[ \r\n]))?/.exec(text)?.[0].trimEnd() ?? "";
  const rest = text.slice(codes.length).trim();
  return `${[codes, rest === "" ? "" : counted(rest.length)].filter((part) => part !== "").join(" ")}\r\n`;
}

export function counted(octets: number, how: "readable" | "sealed" = "readable"): string {
  return `[${octets.toLocaleString("en")} ${octets === 1 ? "octet" : "octets"}, ${how}]`;
}
