/** Scopes as texts: names with a space between (RFC 6749 section 3.3). */
import { InputError } from "@postseal/mailer";

const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/;

/** Throws `InputError`. */
export function assertScope(scope: unknown): asserts scope is string {
  if (typeof scope === "string" && scope.length <= 4096 && SCOPE.test(scope)) return;
  throw new InputError("MAIL_INPUT_OPTION", "scope", "is one name or more, with one space between");
}

/** Issuers grant these without naming them, and none of them is about mail (OpenID Connect Core section 5.4 and 11). */
const UNNAMED: ReadonlySet<string> = new Set(["offline_access", "openid", "profile", "email"]);

/** What of `asked` is not in `granted`. */
export function missingScopes(asked: string, granted: string): readonly string[] {
  const names = new Set(granted.split(" ").map((name) => name.toLowerCase()));
  return asked.split(" ").filter((name) => !UNNAMED.has(name) && !names.has(name.toLowerCase()));
}
