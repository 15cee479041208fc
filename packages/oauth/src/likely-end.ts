/** Why a sign-in may have ended, judged by its age. As of November 2026: what Google and Microsoft say of refresh tokens. */
import type { StoredTokens } from "./tokens.ts";

const DAY = 86_400_000;
/** In days. Google ends what it allowed for a test after seven. */
const [SHORTEST_WEEK, LONGEST_WEEK] = [6.5, 8.5] as const;

/** A sentence; `undefined` if its age says nothing. */
export function likelyEnd({ issuer, signedInAt, renewedAt, ended }: StoredTokens): string | undefined {
  const end = (ended?.at ?? new Date()).getTime();
  const daysSince = (time: Date): number => (end - time.getTime()) / DAY;
  const [age, idle] = [daysSince(signedInAt), daysSince(renewedAt)];
  if (issuer === "https://accounts.google.com") {
    if (age > SHORTEST_WEEK && age < LONGEST_WEEK)
      return "It lasted for a week: publish the application (In production), since Google ends those in Testing then.";
    return idle >= 180 ? "Google ends it if it is not used for 6 months." : undefined;
  }
  const isMicrosoft = issuer.startsWith("https://login.microsoftonline.com/");
  return isMicrosoft && idle >= 90 ? "Microsoft ends it if it is not used for 90 days." : undefined;
}
