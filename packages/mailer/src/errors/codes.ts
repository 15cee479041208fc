/** Every code an error can carry. docs/reference/errors.md has an entry for each; a test compares the two. */
export const inputCodes = [
  "MAIL_INPUT_ADDRESS",
  "MAIL_INPUT_HEADER",
  "MAIL_INPUT_MESSAGE",
  "MAIL_INPUT_ATTACHMENT",
  "MAIL_INPUT_OPTION",
  "MAIL_INPUT_URL",
] as const;
export const networkCodes = ["MAIL_NETWORK_CONNECT", "MAIL_NETWORK_LOST", "MAIL_NETWORK_TIMEOUT"] as const;
export const protocolCodes = [
  "MAIL_GREETING_REFUSED",
  "MAIL_EHLO_REFUSED",
  "MAIL_PROTOCOL_MALFORMED_REPLY",
  "MAIL_PROTOCOL_UNSOLICITED_REPLY",
  "MAIL_PROTOCOL_UNEXPECTED_REPLY",
  "MAIL_PROTOCOL_STARTTLS_INSIDE_TLS",
] as const;
export const tlsCodes = [
  "MAIL_TLS_NOT_OFFERED",
  "MAIL_TLS_REFUSED",
  "MAIL_TLS_INJECTION",
  "MAIL_TLS_NOT_SPOKEN",
  "MAIL_TLS_HANDSHAKE",
  "MAIL_TLS_UNVERIFIED",
  "MAIL_TLS_POLICY",
  "MAIL_TLS_BROKEN",
] as const;
export const authenticationCodes = [
  "MAIL_AUTH_REFUSED",
  "MAIL_AUTH_DEFERRED",
  "MAIL_AUTH_NOT_OFFERED",
  "MAIL_AUTH_SERVER_UNPROVEN",
  "MAIL_AUTH_PROTOCOL",
  "MAIL_AUTH_CREDENTIALS",
  "MAIL_AUTH_SIGN_IN",
] as const;
export const replyCodes = ["MAIL_REFUSED", "MAIL_DEFERRED"] as const;
export const capabilityCodes = ["MAIL_CAPABILITY_MISSING", "MAIL_MESSAGE_TOO_LARGE"] as const;
const otherCodes = [
  "MAIL_OUTCOME_UNKNOWN",
  "MAIL_ABORTED",
  "MAIL_SESSION_SPENT",
  "MAIL_RESULTS_UNREAD",
  "MAIL_RUNTIME_UNSUPPORTED",
  "MAIL_FAULT",
] as const;

export type MailErrorCode =
  | (typeof inputCodes)[number]
  | (typeof networkCodes)[number]
  | (typeof protocolCodes)[number]
  | (typeof tlsCodes)[number]
  | (typeof authenticationCodes)[number]
  | (typeof replyCodes)[number]
  | (typeof capabilityCodes)[number]
  | (typeof otherCodes)[number];

export const mailErrorCodes: readonly MailErrorCode[] = [
  ...inputCodes,
  ...networkCodes,
  ...protocolCodes,
  ...tlsCodes,
  ...authenticationCodes,
  ...replyCodes,
  ...capabilityCodes,
  ...otherCodes,
];
