/** The ESMTP parameters of MAIL and RCPT, and the check, before MAIL, that the server can do what the message needs. */
import { CapabilityError } from "../errors/capability-error.ts";
import type { DsnOptions, PreparedMessage } from "../message/envelope.ts";
import { encodeXtext } from "../wire/xtext.ts";
import type { Capabilities } from "./capabilities.ts";

/** Throws `CapabilityError` if the message needs what was not offered inside TLS. */
export function mailParameters(message: PreparedMessage, offered: Capabilities, peer: string): readonly string[] {
  const { content, dsn } = message;
  const parameters: string[] = [];
  if (message.smtpUtf8) {
    need(offered, "SMTPUTF8", peer, "an address or a header is not ASCII, and changing it would change who is meant");
    parameters.push("SMTPUTF8");
  }
  if (content.eightBit === true) {
    need(offered, "8BITMIME", peer, eightBitReason(content.eightBitIn));
  }
  // RFC 6531 section 1.2 wants it with SMTPUTF8, whatever the content.
  const eightBit = message.smtpUtf8 || content.eightBit !== false;
  if (eightBit && offered.has("8BITMIME")) parameters.push("BODY=8BITMIME");
  const limit = offered.size;
  if (limit !== undefined && content.size !== undefined && content.size > limit) {
    throw new CapabilityError(
      "MAIL_MESSAGE_TOO_LARGE",
      "SIZE",
      `The message has ${content.size} octets, and ${peer} takes at most ${limit}. Send less, or put the large part where it can be downloaded.`,
    );
  }
  if (content.size !== undefined && offered.has("SIZE")) parameters.push(`SIZE=${content.size}`);
  if (dsn !== undefined) {
    need(offered, "DSN", peer, "a delivery status notification was asked for");
    if (dsn.return !== undefined) parameters.push(`RET=${dsn.return === "full" ? "FULL" : "HDRS"}`);
    if (dsn.envelopeId !== undefined) parameters.push(`ENVID=${encodeXtext(dsn.envelopeId)}`);
  }
  if (message.requireTls) {
    // defence: requiretls-has-to-be-offered
    need(offered, "REQUIRETLS", peer, "the message has to stay inside TLS all the way, which nothing else promises");
    parameters.push("REQUIRETLS");
  }
  return parameters;
}

function eightBitReason(attached: string | undefined): string {
  return attached === undefined
    ? "the message has octets over 127, and re-encoding it would break its signatures"
    : `${attached} is a message with octets over 127, and RFC 2046 lets no attached message be encoded. Attach it with the content type application/octet-stream and a filename that ends in .eml`;
}

export function recipientParameters(recipient: string, dsn: DsnOptions | undefined): readonly string[] {
  if (dsn === undefined) return [];
  const parameters: string[] = [];
  if (dsn.notify !== undefined) {
    parameters.push(`NOTIFY=${dsn.notify === "never" ? "NEVER" : dsn.notify.join(",").toUpperCase()}`);
  }
  if (dsn.originalRecipient === true) parameters.push(`ORCPT=${originalRecipient(recipient)}`);
  return parameters;
}

/** RFC 3461 section 4.2, and RFC 6533 section 3 for an address that is not ASCII (utf-8-addr-xtext). */
function originalRecipient(recipient: string): string {
  if (/^[\0-\x7f]*$/.test(recipient)) return `rfc822;${encodeXtext(recipient)}`;
  const characters = Array.from(recipient, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0x7e || "+=\\".includes(character) || code < 0x21
      ? `\\x{${code.toString(16).toUpperCase()}}`
      : character;
  });
  return `utf-8;${characters.join("")}`;
}

function need(offered: Capabilities, keyword: string, peer: string, why: string): void {
  if (offered.has(keyword)) return;
  throw new CapabilityError(
    "MAIL_CAPABILITY_MISSING",
    keyword,
    `${peer} does not offer ${keyword}, but ${why}. Nothing was sent.`,
  );
}
