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
  [
    "H-unknown-extension H-name-constraints H-no-purposes H-upper-case-name H-many-names H-no-expiry " +
      "H-no-subject H-extra-certificate H-unordered-chain H-expired-twin H-p384 H-hello-retry " +
      "H-asks-certificate H-asks-certificate-tls12 H-greeting-lines H-bare-greeting H-late-greeting " +
      "H-many-capabilities H-split-records H-size-zero H-size-bare H-trailing-spaces H-354-lines " +
      "H-bare-final H-final-lines H-long-final H-foreign-text H-quit-reset H-quit-close H-quit-refused " +
      "G-quit-silence",
    "sent",
  ],
  [
    "A11-handshake-failure A11-protocol-version A11-alert-goes-on A12-alert D-fallback-anonymous D-fallback-tls10",
    "MAIL_TLS_POLICY",
    "MAIL_TLS_HANDSHAKE",
  ],
  ["A11-close-notify A12-close A12-reset", "MAIL_NETWORK_LOST", "MAIL_TLS_HANDSHAKE", "MAIL_TLS_NOT_SPOKEN"],
  ["A12-http", "MAIL_TLS_NOT_SPOKEN"],
  ["A13-greeting", "MAIL_GREETING_REFUSED"],
  ["A13-MAIL C16-self-signed C16-other-host D-second-tls10", "MAIL_DEFERRED", "MAIL_NETWORK_LOST"],
  ["B9-reply B9-close-notify", "MAIL_OUTCOME_UNKNOWN"],
  ["B9-hello-request", "MAIL_TLS_BROKEN"],
  ["B9-cut", "MAIL_NETWORK_LOST"],
  ["B9-change-cipher-spec", "sent", "MAIL_TLS_BROKEN"],
  ["C17-negative-serial C17-long-serial", "sent", "MAIL_TLS_UNVERIFIED", "MAIL_TLS_HANDSHAKE"],
  [
    "C1-other-signer C1-key-usage C11-name-permitted C11-name-excluded C11-address-excluded " +
      "C11-path-length C11-issuer-key-usage C11-no-basic-constraints C11-issuer-purpose " +
      "C11-critical-unknown C11-critical-unknown-above C11-expired-intermediate " +
      "C11-missing-intermediate C8-rsa-1024-above C8-sha1-above C2-parent C2-suffix C2-prefix " +
      "C2-common-name-beside C3-nul C3-leading-dot C3-bare-wildcard C3-two-wildcards C3-inner-wildcard " +
      "C4-common-name C4-other-address C4-mapped C4-wildcard",
    "MAIL_TLS_UNVERIFIED",
  ],
  [
    "E1-wrong-signature E1-no-signature E1-foreign-nonce E1-one-iteration E1-endless-iterations " +
      "E1-empty-salt E1-at-once",
    "MAIL_AUTH_SERVER_UNPROVEN",
  ],
  ["E1-error-ignored E3-535 E3-504", "MAIL_AUTH_REFUSED"],
  ["E3-454", "MAIL_AUTH_DEFERRED"],
  ["E1-unknown-extension E2-challenges E2-not-base64 E2-empty-challenge", "MAIL_AUTH_PROTOCOL"],
  ["E3-530 G-data-554 G-final-550-ok G-final-550-escapes G-final-553-lines", "MAIL_REFUSED"],
  ["G-data-250", "MAIL_PROTOCOL_UNEXPECTED_REPLY"],
  [
    "G-MAIL-354 G-RCPT-354 G-final-354 G-final-150 G-final-no-code G-final-two-digits " +
      "G-final-four-digits G-final-seven-hundred G-final-other-digits",
    "MAIL_OUTCOME_UNKNOWN",
  ],
  ["G-final-bare-lf G-final-252 G-lmtp", "MAIL_OUTCOME_UNKNOWN"],
  ["G-final-5xx-in-250", "sent"],
  ["G-final-450 G-greylisted", "MAIL_DEFERRED"],
  ["G-size", "MAIL_MESSAGE_TOO_LARGE"],
];

/** By the vector's id. */
export const answers: ReadonlyMap<string, readonly Answer[]> = new Map(
  groups.flatMap(([ids, ...allowed]) => ids.split(" ").map((id) => [id, allowed] as const)),
);
