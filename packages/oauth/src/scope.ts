/** Scopes as texts: names with a space between (RFC 6749 section 3.3). */
import { InputError } from "@postseal/mailer";

const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/;

/** Throws `InputError`. */
export function assertScope(scope: unknown): asserts scope is string {
  if (typeof scope === "string" && scope.length <= 4096 && SCOPE.test(scope)) return;
  throw new InputError("MAIL_INPUT_OPTION", "scope", "is one name or more, with one space between");
}

/** What of `asked` is not in `granted`. An issuer may grant offline access without naming it. */
export function missingScopes(asked: string, granted: string): readonly string[] {
  const names = new Set(granted.split(" ").map((name) => name.toLowerCase()));
  return asked.split(" ").filter((name) => name !== "offline_access" && !names.has(name.toLowerCase()));
}
