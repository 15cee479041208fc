/** Under what conditions workers are killed: who gets each message, what the server says, and at which points it happens. */
import { partPoints, type Point, points } from "./points.ts";
import type { Refuse } from "./server.ts";

export interface Scenario {
  readonly name: string;
  readonly points: readonly Point[];
  /** What stands before the number of the message in each recipient's address. */
  readonly recipients: readonly string[];
  /** To how many of them the message may go at once. */
  readonly atOnce: number;
  /** What the server announces of its limits. */
  readonly limits: readonly string[];
  /** What one server refuses. */
  readonly refusals: () => Refuse;
  /** The first attempt of each message is made before, by a process that is not killed. */
  readonly isSecondAttempt: boolean;
}

const LATE = "late";
const MOST_RECIPIENTS = 2;
const TOO_MANY = "452 4.5.3 Too many recipients";
const five = ["one", "two", "three", "four", "five"] as const;

export const oneRecipient: Scenario = {
  name: "one recipient",
  points,
  recipients: ["one"],
  atOnce: 1,
  limits: [],
  refusals: () => () => undefined,
  isSecondAttempt: false,
};

/** Some recipients are deferred in the first attempt, and the others are accepted. */
export const mixed: Scenario = {
  name: "some deferred before",
  points,
  recipients: ["one", LATE, "two", `${LATE}-too`],
  atOnce: 4,
  limits: [],
  refusals: greylist,
  isSecondAttempt: true,
};

/** The server announces that a transaction may have two recipients, and keeps to it. */
export const parts: Scenario = {
  name: "in parts",
  points: [...partPoints, ...points],
  recipients: five,
  atOnce: MOST_RECIPIENTS,
  limits: [`LIMITS RCPTMAX=${MOST_RECIPIENTS}`],
  refusals: () => few,
  isSecondAttempt: false,
};

/** The server does not announce it: it refuses the others, and they go in another transaction. */
export const unannouncedParts: Scenario = { ...parts, name: "in parts, unannounced", limits: [] };

/** Defers each of some recipients once. */
function greylist(): Refuse {
  const seen = new Set<string>();
  return (recipient) => {
    if (!recipient.startsWith(LATE) || seen.has(recipient)) return undefined;
    seen.add(recipient);
    return "450 4.2.0 Greylisted, try again later";
  };
}

function few(_recipient: string, others: number): string | undefined {
  return others < MOST_RECIPIENTS ? undefined : TOO_MANY;
}
