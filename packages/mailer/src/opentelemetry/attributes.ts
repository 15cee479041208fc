/**
 * The attributes of spans and metrics: those of the semantic conventions if there is one (`server.*`, `network.*`, `tls.*`,
 * `error.type`), otherwise under `postseal.`. No address and no text of a server is in them: both would be personal data.
 */
import type { Attributes } from "@opentelemetry/api";
import type { ConnectionEvent } from "../diagnostics/events.ts";
import { MailError } from "../errors/mail-error.ts";
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
    "tls.server.issuer": seal.certificate.issuer,
    "tls.server.not_after": seal.certificate.notAfter,
    "postseal.tls.verified_by": seal.verifiedBy,
    "postseal.tls.post_quantum": seal.postQuantum,
  };
}

/** How many recipients had each outcome. */
export function outcomesOf(receipt: Receipt | undefined): ReadonlyMap<Outcome, number> {
  const counts = new Map<Outcome, number>();
  for (const { outcome } of receipt?.recipients ?? []) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return counts;
}

export function receiptAttributes(receipt: Receipt): Attributes {
  const counts = Object.fromEntries(
    [...outcomesOf(receipt)].map(([outcome, count]) => [`postseal.recipients.${outcome}`, count]),
  );
  return { ...counts, ...(receipt.seal === undefined ? {} : sealAttributes(receipt.seal)) };
}

/** One of few values: a code of ours, or the class of what the caller aborted with. */
export function errorType(error: unknown): string {
  if (error instanceof MailError) return error.code;
  return error instanceof Error ? error.name : "_OTHER";
}

export function replyAttributes(error: unknown): Attributes {
  return error instanceof ReplyError ? { "postseal.reply.code": error.reply.code } : {};
}
