/** What kind of field a name stands for: one that an option writes, one with addresses, one with a format, or free text. */
import { InputError } from "../errors/input-error.ts";
import { shown } from "../errors/shown.ts";
import { judgeLine } from "./text-judge.ts";

const LONGEST_NAME = 76;
const FTEXT = /^[!-9;-~]+$/;

/** Which option writes the fields that `headers` may not. */
const owners: ReadonlyMap<string, string> = new Map([
  ...["from", "sender", "to", "cc", "bcc", "subject", "date", "references"].map((name) => [name, name] as const),
  ["reply-to", "replyTo"],
  ["message-id", "messageId"],
  ["in-reply-to", "inReplyTo"],
  ...["help", "id", "unsubscribe", "subscribe", "post", "owner", "archive"].map(
    (name) => [`list-${name}`, `list.${name}`] as const,
  ),
  ["list-unsubscribe-post", "list.unsubscribePost"],
]);
/** Fields that only the composer or a server on the way writes, but for `Content-Language`, which is the author's (RFC 3282). */
const UNOFFERED = /^(?:mime-version|content-.*|return-path|received)$/;

/** `structured`: programs read it by a grammar in which an encoded word has no place. */
export type FieldKind = "text" | "addresses" | "structured";

/** Those with addresses: of RFC 8098 section 2.1, and what mail programs and lists have long used. */
const kinds: ReadonlyMap<string, FieldKind> = new Map([
  ...named("addresses", "disposition-notification-to errors-to mail-followup-to mail-reply-to return-receipt-to"),
  ...named("addresses", "x-confirm-reading-to"),
  ...named("structured", "arc-authentication-results arc-message-signature arc-seal authentication-results"),
  ...named("structured", "dkim-signature domainkey-signature received-spf autocrypt auto-submitted precedence"),
  ...named("structured", "importance priority x-priority mt-priority sensitivity expires expiry-date reply-by"),
  ...named("structured", "deferred-delivery supersedes archived-at accept-language content-language language"),
  ...named("structured", "disposition-notification-options original-message-id original-recipient tls-required"),
  ...named("structured", "require-recipient-valid-since feedback-id x-auto-response-suppress x-smtpapi"),
  ...named("structured", "x-mailgun-variables"),
]);

function named(kind: FieldKind, names: string): readonly (readonly [string, FieldKind])[] {
  return names.split(" ").map((name) => [name, kind] as const);
}

/** The kind of a field that a caller may add. Throws `InputError` (`MAIL_INPUT_HEADER`) for any other name. */
export function judgeFieldName(name: string, field: string): FieldKind {
  judgeLine(name, field, "MAIL_INPUT_HEADER");
  if (name.length > LONGEST_NAME || !FTEXT.test(name)) {
    throw refusal(
      field,
      `"${shown(name)}" is not a field name: 1 to 76 printable ASCII characters without space and colon.`,
    );
  }
  const lower = name.toLowerCase();
  const owner = owners.get(lower);
  if (owner !== undefined) throw refusal(field, `${name} is written from the option ${owner}: use that.`);
  if (lower.startsWith("resent-")) {
    throw refusal(
      field,
      `${name} belongs only on a message that is sent on as it was (RFC 5322 section 3.6.6). Pass that as a ready-made message.`,
    );
  }
  if (UNOFFERED.test(lower) && lower !== "content-language")
    throw refusal(field, `${name} cannot be set. Leave it out, or pass a ready-made message.`);
  return kinds.get(lower) ?? "text";
}

function refusal(field: string, why: string): InputError {
  return new InputError("MAIL_INPUT_HEADER", field, why);
}
