/** Each outcome as a mark, as a word and as a sentence, so that it never depends on colour alone. */
import { type Outcome, outcomes } from "./report.ts";

export interface Term {
  /** One character, for a grid in a terminal. Capitals are failures. */
  readonly mark: string;
  /** At most six characters, for a cell of the page. */
  readonly word: string;
  readonly meaning: string;
}

/** Each meaning fits a line of 80 columns after the name. */
export const terms: Readonly<Record<Outcome, Term>> = {
  "leaked-credentials": { mark: "P", word: "login", meaning: "the attacker got the login, or a proof of it" },
  "leaked-message": { mark: "M", word: "mail", meaning: "the attacker read the message" },
  "leaked-envelope": { mark: "E", word: "names", meaning: "the attacker read who writes to whom" },
  "weak-tls": { mark: "W", word: "weak", meaning: "secrets went over TLS that protects too little" },
  "false-success": { mark: "F", word: "false", meaning: "reported as sent, but no server took the message" },
  injected: { mark: "I", word: "inject", meaning: "acted inside TLS on what was said outside" },
  hang: { mark: "H", word: "hang", meaning: "still running when its time was up" },
  crash: { mark: "X", word: "crash", meaning: "ended by a signal that the lab did not send" },
  "control-failed": { mark: "?", word: "void", meaning: "no honest delivery of the lab's message: nothing is proved" },
  "over-strict": { mark: "o", word: "strict", meaning: "refused although delivery was safe: no failure" },
  "delivered-sealed": { mark: "+", word: "sent", meaning: "delivered, inside TLS as it has to be" },
  held: { mark: ".", word: "held", meaning: "nothing left the client that an attacker may not have" },
};

/** `undefined` if there is none. */
export function worstOf(among: readonly Outcome[]): Outcome | undefined {
  return outcomes.find((outcome) => among.includes(outcome));
}
