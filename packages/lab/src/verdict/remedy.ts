/** What to change in a client, for each outcome that it should not have. */
import { isFailure, type Outcome, outcomes } from "./outcome.ts";

/** `leak`: of the login, the message or the envelope. */
type Fault = "leak" | "weak-tls" | "false-success" | "injected" | "hang" | "crash";

/** What to change, in the words of the client's own options: a few words that go on after "What to change: ". */
export type Remedies = Readonly<Partial<Record<Fault, string>>>;

export interface Advice {
  readonly outcome: Outcome;
  readonly change: string;
}

/** The duty of any client, for those whose options the lab does not know. */
const duties: Readonly<Record<Fault, string>> = {
  leak: "give nothing away before TLS is on and the certificate has proved the server's name; if either fails, end with an error",
  "weak-tls": "accept only TLS 1.3, or TLS 1.2 with the cipher suites of RFC 9325",
  "false-success": "report success only after a reply of 250 to the whole message",
  injected: "when TLS begins, drop what came in the clear, and ask EHLO again inside TLS",
  hang: "limit the wait for each reply, and the time of the whole session",
  crash: "end with an error, however odd or long a reply is",
};

/** For each failure that occurred, the worst first. A failed control has advice of its own. */
export function adviceOn(occurred: readonly Outcome[], remedies: Remedies = {}): readonly Advice[] {
  return outcomes
    .filter((outcome) => occurred.includes(outcome) && isFailure(outcome))
    .flatMap((outcome) => {
      const fault = faultOf(outcome);
      return fault === undefined ? [] : [{ outcome, change: remedies[fault] ?? duties[fault] }];
    });
}

function faultOf(outcome: Outcome): Fault | undefined {
  switch (outcome) {
    case "leaked-credentials":
    case "leaked-message":
    case "leaked-envelope":
      return "leak";
    case "weak-tls":
    case "false-success":
    case "injected":
    case "hang":
    case "crash":
      return outcome;
    case "control-failed":
    case "over-strict":
    case "delivered-sealed":
    case "held":
      break;
  }
  return undefined;
}
