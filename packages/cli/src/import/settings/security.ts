/** Works out how a program protected its sessions, from all that it says about TLS, and judges it. */
import type { Finding } from "../draft.ts";
import type { Dialect, Security, SecuritySaid } from "./meaning.ts";

/** What one setting says. */
export interface Vote {
  readonly security: SecuritySaid;
  /** As it is printed: `MAIL_ENCRYPTION: null`. */
  readonly said: string;
  readonly line: number;
}

export interface Secured {
  readonly security: Security;
  readonly findings: readonly Finding[];
}

const STRONGEST_FIRST = ["implicit", "either", "clear", "starttls", "opportunistic"] as const;
const UPGRADED = "submission:// begins in the clear and is upgraded, or nothing is sent";

/** `line`: of the host, for a finding about what is not said. */
export function secured(votes: readonly Vote[], port: number | undefined, dialect: Dialect, line: number): Secured {
  const chosen = STRONGEST_FIRST.find((one) => votes.some((vote) => vote.security === one));
  if (chosen === "either") return { security: port === 465 ? "implicit" : "starttls", findings: [] };
  const security = chosen ?? dialect.usual.security;
  const vote = votes.find((one) => one.security === (chosen ?? "as-usual"));
  // Programs that begin STARTTLS only if it is offered begin with TLS on port 465.
  if (security === "opportunistic" && port === 465) return { security: "implicit", findings: [] };
  const at = { line: vote?.line ?? line };
  const said = vote?.said ?? dialect.usual.said;
  return { security, findings: judged(security, port, said, at) };
}

function judged(
  security: Security,
  port: number | undefined,
  said: string,
  at: { readonly line: number },
): readonly Finding[] {
  if (security === "clear")
    return [{ ...at, kind: "unsafe", what: `${said}: password and mail went in the clear`, now: "TLS is always on" }];
  if (security === "opportunistic") {
    const what = `${said}: if STARTTLS is removed from the server's answer, password and mail go in the clear`;
    return [{ ...at, kind: "unsafe", what, now: "Without STARTTLS, nothing but EHLO is sent" }];
  }
  if (security === "implicit" && (port === 587 || port === 25)) {
    const what = `${said}, but port ${port} does not begin with TLS: it cannot work, and invites switching TLS off`;
    return [{ ...at, kind: "unsafe", what, now: UPGRADED }];
  }
  return security === "starttls" && port === 465
    ? [{ ...at, kind: "left-out", what: `${said}, but port 465 begins with TLS`, now: "submissions:// does" }]
    : [];
}
