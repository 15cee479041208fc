/**
 * The attributes of spans and metrics: those of the semantic conventions if there is one (`server.*`, `network.*`, `tls.*`,
 * `error.type`), otherwise under `postseal.`. No mail address and no text of a server is in them: both would be personal data,
 * and in a metric each would be a series of its own.
 */
import type { Attributes } from "@opentelemetry/api";
import type { ConnectionEvent } from "../diagnostics/events.ts";
import { mailErrorCodes } from "../errors/codes.ts";
import { ReplyError } from "../errors/reply-error.ts";
import type { Outcome, Receipt } from "../outcome/receipt.ts";
import type { Seal } from "../outcome/seal.ts";

export function serverAttributes({ host, port }: ConnectionEvent["server"]): Attributes {
  return { "server.address": host, "server.port": port };
}

/** For spans only: in metrics each value would make a series of its own, so they have the server alone. */
export function protocolAttributes({ transport }: ConnectionEvent["server"]): Attributes {
  return { "network.protocol.name": "smtp", "network.transport": "tcp", "postseal.transport": transport };
}

export function sealAttributes(seal: Seal): Attributes {
  return {
    "tls.established": true,
    "tls.protocol.name": "tls",
    "tls.protocol.version": seal.protocol.replace(/^TLSv/, ""),
    "tls.cipher": seal.cipherSuite,
    "tls.curve": seal.keyExchange,
    // The conventions write fingerprints in upper case.
    "tls.server.hash.sha256": seal.certificate.fingerprint.toUpperCase(),
    ...issuerAttributes(seal.certificate.issuer),
    "tls.server.not_after": seal.certificate.notAfter,
    "postseal.tls.verified_by": seal.verifiedBy,
    "postseal.tls.post_quantum": seal.postQuantum,
  };
}

/** A private authority often has the address of its administrator in its name (`emailAddress=`). */
function issuerAttributes(issuer: string): Attributes {
  // defence: no-address-from-a-certificate
  return /[@\uFE6B\uFF20]/.test(issuer) ? {} : { "tls.server.issuer": issuer };
}

const OUTCOMES: Readonly<Record<Outcome, true>> = {
  accepted: true,
  deferred: true,
  refused: true,
  unsent: true,
  unknown: true,
};

/** How many recipients had each outcome. */
export function outcomesOf(receipt: Receipt | undefined): ReadonlyMap<Outcome, number> {
  const counts = new Map<Outcome, number>();
  for (const { outcome } of receipt?.recipients ?? []) {
    // Code of others can throw an error with a receipt that it has made up.
    // defence: outcomes-are-ours
    if (Object.hasOwn(OUTCOMES, outcome)) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  return counts;
}

export function receiptAttributes(receipt: Receipt): Attributes {
  const counts = Object.fromEntries(
    [...outcomesOf(receipt)].map(([outcome, count]) => [`postseal.recipients.${outcome}`, count]),
  );
  return { ...counts, ...(receipt.seal === undefined ? {} : sealAttributes(receipt.seal)) };
}

const CODES: ReadonlySet<unknown> = new Set(mailErrorCodes);

/**
 * A code of ours, or `_OTHER`, as the conventions have it. What a caller's function throws has a name, a class and perhaps a code
 * of anybody's choice. The class is not asked for: an error of another copy of this package has our codes, too.
 */
export function errorType(error: unknown): string {
  const code = fieldOf(error, "code");
  // defence: error-type-is-one-of-our-codes
  return typeof code === "string" && CODES.has(code) ? code : "_OTHER";
}

export function replyAttributes(error: unknown): Attributes {
  if (!isReplyError(error)) return {};
  const code = fieldOf(fieldOf(error, "reply"), "code");
  // defence: reply-code-is-a-number
  return typeof code === "number" ? { "postseal.reply.code": code } : {};
}

function isReplyError(error: unknown): boolean {
  try {
    return error instanceof ReplyError;
  } catch {
    return false;
  }
}

/** Anything can be thrown, and reading it may run code of others. */
function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  try {
    return Reflect.get(value, name);
  } catch {
    return undefined;
  }
}
