/** Which fields hold free text, and which hold addresses; all others have a format in which an encoded word has no place. */

export type FieldKind = "text" | "addresses" | "format";

const ADDRESSES: ReadonlySet<string> = new Set(
  (
    "from sender reply-to to cc bcc resent-from resent-sender resent-reply-to resent-to resent-cc resent-bcc errors-to " +
    "disposition-notification-to mail-followup-to mail-reply-to return-receipt-to x-confirm-reading-to"
  ).split(" "),
);
const FORMAT: ReadonlySet<string> = new Set(
  (
    "date resent-date message-id resent-message-id in-reply-to references received return-path mime-version authentication-results " +
    "received-spf autocrypt auto-submitted precedence importance priority x-priority mt-priority sensitivity expires expiry-date " +
    "reply-by deferred-delivery supersedes archived-at accept-language language original-message-id original-recipient " +
    "disposition-notification-options tls-required require-recipient-valid-since feedback-id x-auto-response-suppress x-smtpapi " +
    "x-mailgun-variables"
  ).split(" "),
);

export function kindOf(name: string): FieldKind {
  const lower = name.toLowerCase();
  if (ADDRESSES.has(lower)) return "addresses";
  // Their values have parameters, or addresses between angle brackets (RFC 2045, RFC 2369, RFC 2919).
  const hasFormat = /^(?:content-|list-|dkim-|domainkey-|arc-)/.test(lower) && lower !== "content-description";
  return hasFormat || FORMAT.has(lower) ? "format" : "text";
}
