/** What the lab has to find in a client, or must not find, and where that is documented. */
import type { Outcome } from "@postseal/lab";

export interface Expectation {
  readonly client: string;
  readonly configuration: string;
  readonly vectors: readonly string[];
  /** `safe`: nothing leaks to an attacker, and no false success is claimed. */
  readonly finding: "safe" | Outcome;
  readonly reason: string;
  /** Where the reason is documented. */
  readonly source: string;
  /** The first version that this is true of, and the first that it is no longer true of. */
  readonly since?: string;
  readonly before?: string;
}

/** STARTTLS is stripped or refused, and AUTH is offered in the clear. */
export const DOWNGRADES = ["A1-removed-auth", "A3-454"] as const;
export const IMPOSTORS = ["C1-self-signed", "C2-other-host"] as const;
export const IMPLICIT_IMPOSTORS = ["C-implicit-self-signed", "C-implicit-other-host"] as const;

export interface Documented extends Pick<Expectation, "since" | "before"> {
  readonly reason: string;
  readonly source: string;
}

export function opportunistic(
  client: string,
  configuration: string,
  { vectors, ...documented }: Documented & { readonly vectors: Readonly<Record<string, Outcome>> },
): readonly Expectation[] {
  return Object.entries(vectors).map(([vector, finding]) => ({
    client,
    configuration,
    vectors: [vector],
    finding,
    ...documented,
  }));
}

export function strict(
  client: string,
  configuration: string,
  vectors: readonly string[],
  documented: Documented,
): Expectation {
  return { client, configuration, vectors, finding: "safe", ...documented };
}
