/**
 * Reads a conversation script: the conversation as test data, so that a bug report becomes a file.
 *
 * A script is a header, an empty line, and the conversation. `#` begins a comment line anywhere. Header fields:
 * - `server`: `starttls` or `implicit`;
 * - `to`: the recipients, separated by spaces; `login`: name and password; `timeouts`: `name=milliseconds …`;
 * - `message`: `memory` (default), or `stream`, whose size the client does not know;
 * - `segments`: `one`, if the attack needs everything in one segment;
 * - `outcome`: `accepted`, or the code of the error that is thrown; alternatives are separated by ` | `;
 * - `fates`: each recipient's outcome, if there is a receipt.
 *
 * Lines of the conversation:
 * - `C: …` the client says this line and nothing else: `C:` is an empty line;
 * - `S: …` the server says this line; neighbouring ones are one write. A line that ends with `\` has no CRLF;
 * - `TLS` the handshake; `HELLO` the client begins one, and nobody answers;
 * - `CLOSE` the server closes the connection in order, `CUT` breaks it off;
 * - `AGAIN` a second connection: what follows, or the same again if nothing does.
 * Escapes in both: `\r`, `\n`, `\0`, `\\`, `\xNN`, and `\*N{…}` for N times the text in the braces.
 */

export type Act =
  | { readonly kind: "client" | "server"; readonly octets: string }
  | { readonly kind: "tls" | "hello" | "close" | "cut" };

export interface Script {
  readonly server: "starttls" | "implicit";
  readonly to: readonly string[];
  readonly login: { readonly username: string; readonly password: string } | undefined;
  readonly timeouts: Readonly<Record<string, number>>;
  readonly message: "memory" | "stream";
  readonly segments: "one" | "any";
  readonly outcomes: readonly string[];
  readonly fates: readonly string[] | undefined;
  /** The acts of each connection, in order. */
  readonly connections: readonly (readonly Act[])[];
}

const FIELDS = ["server", "to", "login", "timeouts", "message", "segments", "outcome", "fates"];

export function parseScript(text: string): Script {
  const lines = text.split("\n").filter((line) => !line.startsWith("#"));
  const start = lines.findIndex((line, index) => line === "" && lines.slice(0, index).some((before) => before !== ""));
  const header = new Map<string, string>();
  for (const line of lines.slice(0, start).filter((some) => some !== "")) {
    const [, name = "", value = ""] = /^([a-z]+): (.+)$/.exec(line) ?? [];
    if (!FIELDS.includes(name)) throw new Error(`not a header field: ${line}`);
    header.set(name, value);
  }
  const words = (name: string): readonly string[] => header.get(name)?.split(" ") ?? [];
  const [username, password] = words("login");
  const outcome = header.get("outcome");
  if (outcome === undefined) throw new Error("a script needs an outcome");
  return {
    server: header.get("server") === "implicit" ? "implicit" : "starttls",
    to: header.has("to") ? words("to") : ["a@x.example"],
    login: username === undefined || password === undefined ? undefined : { username, password },
    timeouts: Object.fromEntries(words("timeouts").map((one) => [one.split("=")[0] ?? "", Number(one.split("=")[1])])),
    message: header.get("message") === "stream" ? "stream" : "memory",
    segments: header.get("segments") === "one" ? "one" : "any",
    outcomes: outcome.split(" | "),
    fates: header.has("fates") ? words("fates") : undefined,
    connections: parseConnections(lines.slice(start + 1).join("\n")),
  };
}

function parseConnections(text: string): readonly (readonly Act[])[] {
  const [first = "", ...others] = text.split(/^AGAIN$/m);
  return [first, ...others.map((other) => (other.trim() === "" ? first : other))].map(parseActs);
}

/** Parses a conversation without a header. */
export function parseActs(text: string): readonly Act[] {
  return joined(
    text
      .split("\n")
      .filter((line) => line !== "")
      .map(actOf),
  );
}

function actOf(line: string): Act {
  switch (line) {
    case "TLS":
    case "HELLO":
    case "CLOSE":
    case "CUT":
      return { kind: ({ TLS: "tls", HELLO: "hello", CLOSE: "close", CUT: "cut" } as const)[line] };
    default: {
      const [, side, said = ""] = /^([CS]):(?: (.*))?$/.exec(line) ?? [];
      if (side === undefined) throw new Error(`not a line of a conversation: ${line}`);
      const octets = /(^|[^\\])(\\\\)*\\$/.test(said) ? unescaped(said.slice(0, -1)) : `${unescaped(said)}\r\n`;
      return { kind: side === "C" ? "client" : "server", octets };
    }
  }
}

/** Joins neighbouring lines of one side into one act. */
function joined(acts: readonly Act[]): readonly Act[] {
  const result: Act[] = [];
  for (const act of acts) {
    const before = result.at(-1);
    if (before !== undefined && "octets" in before && "octets" in act && before.kind === act.kind) {
      result[result.length - 1] = { kind: act.kind, octets: before.octets + act.octets };
    } else {
      result.push(act);
    }
  }
  return result;
}

/** Resolves the escapes; each octet becomes one character. */
function unescaped(text: string): string {
  const repeated = text.replace(/\\\*(\d+)\{([^}]*)\}/g, (_, times: string, what: string) => what.repeat(Number(times)));
  const octets = repeated.replace(/\\(?:x([0-9a-f]{2})|([rn0\\]))/g, (_, hexadecimal: string | undefined, letter: string) =>
    hexadecimal === undefined
      ? ({ r: "\r", n: "\n", "0": "\0", "\\": "\\" }[letter] ?? letter)
      : String.fromCharCode(Number.parseInt(hexadecimal, 16)),
  );
  return octets;
}
