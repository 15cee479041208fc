/** Explains keys that are more than misspellings: a secret in the account, or a switch that other programs have. */
import type { Problem } from "./problem.ts";

export const BY_REFERENCE =
  'Say where it is: password-command = ["pass", "show", "mail"], password-file, password-env or password-secret-tool';

export const literalKeys: readonly string[] = ["password", "pass", "passwd", "token"];

export function explainKey(key: string): Pick<Problem, "what" | "remedy"> | undefined {
  if (/^(pass|passwd|password|token|access-?token|secret)$/i.test(key)) {
    return {
      what: "a secret is written in this file, where backups keep it and anybody who sees the screen can read it",
      remedy: `Take it out, and change it. ${BY_REFERENCE}`,
    };
  }
  if (
    /^(tls|ssl|secure|insecure|starttls|tls-?starttls|tls-?certcheck|(require|ignore|no|use|opportunistic)-?(tls|ssl|starttls|verify)|verify|verification|check-?certificate|reject.*|plain-?text)$/i.test(
      key.replaceAll("_", "-"),
    )
  ) {
    return {
      what: `there is no key ${key}: TLS is always on, and always verified`,
      remedy: "Leave it out. For a private server give its authority (ca) or its key (trust-pins)",
    };
  }
  if (/cipher|priorit|curve|max-?tls|max-?version/i.test(key)) {
    return {
      what: `there is no key ${key}: TLS cannot be tuned here, since that could only weaken it`,
      remedy: 'Leave it out. min-tls = "1.3" and require-post-quantum = true ask for more',
    };
  }
  return undefined;
}
