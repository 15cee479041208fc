/** Decides what may be shown of a conversation by the state of the protocol; in doubt, it shows only a count of octets. */

export interface Command {
  /** Upper case; empty if it is unknown. */
  readonly verb: string;
  /** The words after the verb. */
  readonly words: readonly string[];
  /** With its line end. */
  readonly shown: string;
}

/** Verbs whose parameters are no secret. */
const OPEN: ReadonlySet<string> = new Set(["EHLO", "HELO", "MAIL", "RCPT", "BDAT"]);
/** Verbs after which a client that has lost its place may say anything, or that take no parameters. */
const BARE: ReadonlySet<string> = new Set(["STARTTLS", "DATA", "RSET", "QUIT", "NOOP", "VRFY", "EXPN", "HELP"]);
/** Any other word after AUTH may be a password in the wrong place. */
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

/** Of the command that it returns, `words` are the mechanism and the initial response. */
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

/** Only the codes of a reply to a login or to an unknown command: the server may repeat a secret in its text. */
export function codesOf(reply: Buffer): string {
  const text = reply.toString("latin1");
  const codes = /^\d{3}[ -](?:\d\.\d{1,3}\.\d{1,3}(?=[ \r\n]))?/.exec(text)?.[0].trimEnd() ?? "";
  const rest = text.slice(codes.length).trim();
  return `${[codes, rest === "" ? "" : counted(rest.length)].filter((part) => part !== "").join(" ")}\r\n`;
}

export function counted(octets: number, how: "readable" | "sealed" = "readable"): string {
  return `[${octets.toLocaleString("en")} ${octets === 1 ? "octet" : "octets"}, ${how}]`;
}
