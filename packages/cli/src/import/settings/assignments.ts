/** Reads assignments of Python: literals, and what comes from the environment. Nothing is run. */
import type { Setting, Value } from "./setting.ts";
import { isVariable, readValue, withoutComment } from "./value.ts";

export function readAssignments(text: string): readonly Setting[] {
  const own = new Map<string, Value>();
  return text.split(/\r?\n/).flatMap((written, index) => {
    const [, name, raw] = /^[ \t]*([A-Z_][A-Z0-9_]*)[ \t]*(?::[ \t]*\w+[ \t]*)?=([^=].*)$/.exec(written) ?? [];
    if (name === undefined || raw === undefined) return [];
    const value = valueOf(raw.trim(), own);
    own.set(name, value);
    return [{ name, value, line: index + 1 }];
  });
}

function valueOf(raw: string, own: ReadonlyMap<string, Value>): Value {
  const text = raw.replace(/^(?:int|bool|str|r|u)(?=["'(])/, "");
  if (/^["']/.test(text)) return readValue(text);
  const bare = withoutComment(text, "#");
  if (/^(?:\d+|True|False|None)$/.test(bare)) return { text: bare };
  // DEFAULT_FROM_EMAIL = EMAIL_HOST_USER
  return own.get(bare) ?? fromEnvironment(bare) ?? { text: "", isUnknown: true };
}

/** `os.environ["X"]`, `os.getenv("X", "…")`, `config("X", default="…")`, `env.str("X")`. */
function fromEnvironment(text: string): Value | undefined {
  const [, variable, otherwise = ""] =
    /^\(?(?:_?os\.)?(?:environ|getenv|get_env|config|env)(?:\.\w+)?[([]["'](\w+)["'](?:,[ \t]*(?:default=)?([^,)]*))?/.exec(
      text,
    ) ?? [];
  if (variable === undefined || !isVariable(variable)) return undefined;
  const value = readValue(otherwise).text;
  return { text: /^\w+\(|^None$/.test(value) ? "" : value, variable };
}
