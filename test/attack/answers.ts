/** How a send may end against each vector of the lab: `sent`, or one of these codes. The lab demands less of other clients. */
import type { MailErrorCode } from "@postseal/mailer";

export type Answer = MailErrorCode | "sent";

const groups: readonly (readonly [ids: string, ...answers: readonly Answer[]])[] = [
  [
    "H-starttls H-implicit H-bare-220 H-220-space H-multi-line-220 H-dripped-220 H-dripped-ehlo H-few-capabilities " +
      "H-unknown-capabilities H-tls12 H-classical H-rsa H-intermediate H-wildcard H-address A5-lower-case " +
      "B3-other-mechanism C9-must-staple",
    "sent",
  ],
  [
    "A1-removed A1-removed-auth A1-nothing-offered A5-mangled A5-parameter A5-prefix A5-greeting A5-first-line",
    "MAIL_TLS_NOT_OFFERED",
  ],
  [
    "A2-999 A2-200 A2-250 A2-354 A2-2200 A2-220go A2-220-tab A2-22 A10-escapes",
    "MAIL_TLS_REFUSED",
    "MAIL_PROTOCOL_MALFORMED_REPLY",
  ],
  ["A3-454 A3-501 A3-502 A3-554 A3-421", "MAIL_TLS_REFUSED"],
  ["A4-502 A4-500 G-421-ehlo-clear G-421-ehlo", "MAIL_EHLO_REFUSED"],
  [
    "A6-command-close A6-handshake-close A6-command-reset A6-handshake-reset",
    "MAIL_NETWORK_LOST",
    "MAIL_TLS_HANDSHAKE",
    "MAIL_TLS_NOT_OFFERED",
  ],
  ["A7-plaintext", "MAIL_TLS_HANDSHAKE"],
  ["A8-banner A8-late-banner", "MAIL_TLS_NOT_SPOKEN"],
  [
    "A9-220-then-250 A9-250-then-220 A9-unterminated A9-unfinished A9-nul A9-bare-lf A9-bare-cr G-drip-greeting " +
      "G-drip-ehlo G-giant-line-greeting G-giant-line-ehlo G-endless-reply-clear G-endless-reply",
    "MAIL_PROTOCOL_MALFORMED_REPLY",
    "MAIL_NETWORK_TIMEOUT",
  ],
  [
    "B1-same-segment B1-one-octet B1-empty-line B1-after-hello B1-octets B1-merging " +
      "B1-command B1-whole-session B1-inside",
    "MAIL_TLS_INJECTION",
    "MAIL_TLS_HANDSHAKE",
    "MAIL_TLS_BROKEN",
  ],
  ["B2-greeting B2-greeting-stripped B2-starttls-answered", "MAIL_PROTOCOL_UNSOLICITED_REPLY", "MAIL_TLS_INJECTION"],
  ["B3-no-mechanism", "MAIL_AUTH_NOT_OFFERED"],
  ["B4-starttls-inside", "MAIL_PROTOCOL_STARTTLS_INSIDE_TLS"],
  ["B5-EHLO", "MAIL_PROTOCOL_UNSOLICITED_REPLY", "MAIL_PROTOCOL_UNEXPECTED_REPLY"],
  // The surplus reply may arrive after the next command was sent: it is then read as that command's reply, or not at all.
  [
    "B5-AUTH B5-MAIL B5-RCPT B5-final",
    "sent",
    "MAIL_PROTOCOL_UNSOLICITED_REPLY",
    "MAIL_PROTOCOL_UNEXPECTED_REPLY",
    "MAIL_OUTCOME_UNKNOWN",
  ],
  ["B6-code B6-line B6-digits G-drip-final G-loses G-loses-close G-loses-reset", "MAIL_OUTCOME_UNKNOWN"],
  [
    "C1-self-signed C1-unknown-authority C1-expired C1-not-yet-valid C1-client-auth C1-issuer-without-right C2-other-host " +
      "C3-common-name C3-uri C3-email C3-srv C3-partial-wildcard C3-two-labels C4-address-as-name " +
      "C-implicit-self-signed C-implicit-unknown-authority C-implicit-expired C-implicit-other-host",
    "MAIL_TLS_UNVERIFIED",
  ],
  ["C8-rsa-1024 C8-sha1", "MAIL_TLS_UNVERIFIED", "MAIL_TLS_HANDSHAKE", "MAIL_TLS_POLICY"],
  [
    "D-tls10 D-tls11 D-null D-anonymous D-static-rsa D-cbc D-dhe D-sha1-signature D-classical D-tls12-post-quantum " +
      "D-tls11-implicit",
    "MAIL_TLS_POLICY",
    "MAIL_TLS_HANDSHAKE",
  ],
  ["D-renegotiation", "MAIL_TLS_BROKEN"],
  ["G-code-changes", "MAIL_PROTOCOL_MALFORMED_REPLY"],
  ["G-code-changes-final", "MAIL_OUTCOME_UNKNOWN", "MAIL_PROTOCOL_MALFORMED_REPLY"],
  [
    "G-silence G-silence-implicit G-silent-ehlo G-silent-auth G-handshake-silence G-handshake-stalls " +
      "G-handshake-stalls-implicit",
    "MAIL_NETWORK_TIMEOUT",
  ],
  ["G-421-greeting G-554-greeting", "MAIL_GREETING_REFUSED"],
  ["G-421-auth", "MAIL_AUTH_DEFERRED"],
  [
    "G-421-MAIL-bdat G-421-RCPT-bdat G-421-BDAT-bdat G-421-final-bdat G-421-DATA-data G-421-final-data",
    "MAIL_DEFERRED",
    "MAIL_NETWORK_LOST",
  ],
  ["G-354-for-nobody", "MAIL_REFUSED"],
  ["G-keeps-sender", "sent", "MAIL_REFUSED"],
  ["G-250-for-nobody", "MAIL_REFUSED", "MAIL_PROTOCOL_UNSOLICITED_REPLY", "MAIL_PROTOCOL_UNEXPECTED_REPLY"],
  // A client that sent the body before the replies cannot know whether it was taken, nor under which sender.
  ["G-sender-refused", "MAIL_REFUSED", "MAIL_PROTOCOL_UNEXPECTED_REPLY", "MAIL_OUTCOME_UNKNOWN"],
  ["G-chunk-runs", "MAIL_REFUSED", "MAIL_PROTOCOL_UNSOLICITED_REPLY"],
];

/** By the vector's id. */
export const answers: ReadonlyMap<string, readonly Answer[]> = new Map(
  groups.flatMap(([ids, ...allowed]) => ids.split(" ").map((id) => [id, allowed] as const)),
);
