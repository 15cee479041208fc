/**
 * Splits a message to more recipients than one transaction may have: RCPTMAX recipients, in RCPTDOMAINMAX domains (RFC 9422).
 * Each part is a transaction of its own, and may go over any connection.
 */
import { CapabilityError } from "../errors/capability-error.ts";
import type { PreparedMessage } from "../message/envelope.ts";
import type { RecipientOutcome } from "../outcome/receipt.ts";

/** What one transaction may have. */
export interface TransactionLimits {
  readonly recipients: number;
  /** Different domains among them. */
  readonly domains: number;
}

/** The part that goes first, to at most `most` recipients: the message itself, if it fits. */
export function partOf(
  message: PreparedMessage,
  limits: TransactionLimits,
  most: number = limits.recipients,
): PreparedMessage {
  const { forwardPaths } = message.envelope;
  const within = limits.domains === Infinity ? forwardPaths : ofFewDomains(forwardPaths, limits.domains);
  const count = Math.min(limits.recipients, most, within.length);
  return count === forwardPaths.length ? message : addressedTo(message, within.slice(0, count));
}

/** The same message, to some of its recipients. */
export function addressedTo(message: PreparedMessage, forwardPaths: readonly string[]): PreparedMessage {
  return { ...message, envelope: { ...message.envelope, forwardPaths } };
}

/**
 * Whether recipients are left whom the server refused for being too many in one transaction. They go in another one, if this
 * one was accepted for somebody (so each round has fewer) and the message can be read again.
 */
export function hasTooMany({ content }: PreparedMessage, recipients: readonly RecipientOutcome[]): boolean {
  return (
    recipients.some(isOneTooMany) && content.replayable && recipients.some(({ outcome }) => outcome === "accepted")
  );
}

/** RFC 5321 section 4.5.3.1.10. With another status code than 4.5.3, 452 is about storage, and the same will be said again. */
export function isOneTooMany({ outcome, reply }: RecipientOutcome): boolean {
  if (outcome !== "deferred" || reply?.stage !== "recipient" || reply.code !== 452) return false;
  return reply.enhanced === undefined || reply.enhanced === "4.5.3";
}

/** Throws `CapabilityError` if the message goes in several parts, but can be read only once. */
export function assertRepeatable(message: PreparedMessage, part: PreparedMessage, peer: string): void {
  // defence: read-once-goes-whole
  if (part === message || message.content.replayable) return;
  const [some, all] = [part, message].map(({ envelope }) => envelope.forwardPaths.length);
  throw new CapabilityError(
    "MAIL_CAPABILITY_MISSING",
    "LIMITS",
    `A message to ${all} recipients goes to ${peer} in parts of ${some}, because of its limits (RCPTMAX, RCPTDOMAINMAX) or yours (recipientsPerMinute), and this one can be read only once. Pass a function that opens its stream. Nothing was sent.`,
  );
}

/** All recipients of the first domains. */
function ofFewDomains(forwardPaths: readonly string[], most: number): readonly string[] {
  const domains = new Set<string>();
  return forwardPaths.filter((path) => {
    const domain = path.slice(path.lastIndexOf("@") + 1).toLowerCase();
    if (domains.size < most) domains.add(domain);
    return domains.has(domain);
  });
}
