/** Everything that is public. What makes a session out of a TLS handshake is not. */
export { type Observer, observe } from "./diagnostics/channels.ts";
export type * from "./diagnostics/events.ts";
export { mailErrorCodes, type MailErrorCode } from "./errors/codes.ts";
export { MailError, receiptOf, type Disposition } from "./errors/mail-error.ts";
export { AbortedError } from "./errors/aborted-error.ts";
export { AuthenticationError } from "./errors/authentication-error.ts";
export { CapabilityError } from "./errors/capability-error.ts";
export { FaultError } from "./errors/fault-error.ts";
export { InputError } from "./errors/input-error.ts";
export { NetworkError, type Phase } from "./errors/network-error.ts";
export { ProtocolError } from "./errors/protocol-error.ts";
export { ReplyError } from "./errors/reply-error.ts";
export { RuntimeError } from "./errors/runtime-error.ts";
export { SessionError } from "./errors/session-error.ts";
export { shown } from "./errors/shown.ts";
export { TlsError, type UnverifiedReason } from "./errors/tls-error.ts";
export { UnknownOutcomeError } from "./errors/unknown-outcome-error.ts";
export { UnreadResultsError } from "./errors/unread-results-error.ts";
export { createMailer, type Mailer, type MailerOptions, type Verification } from "./mailer.ts";
export { composeMessage } from "./message/compose-message.ts";
export type { Composed } from "./message/composed.ts";
export type { DsnOptions } from "./message/envelope.ts";
export type * from "./message/input.ts";
export type { ConnectHook, ConnectTarget } from "./net/connect.ts";
export type { Outcome, Receipt, RecipientOutcome, ReplyFacts, Stage } from "./outcome/receipt.ts";
export type { RootOrigin, Seal } from "./outcome/seal.ts";
export type { ServerOptions, Transport } from "./policy/server.ts";
export type { Timeouts } from "./policy/timeouts.ts";
export type { TlsOptions } from "./policy/tls-policy.ts";
export type { SendResult } from "./pool/send-all.ts";
export type { Capabilities } from "./protocol/capabilities.ts";
export type {
  Credentials,
  CredentialsFunction,
  CredentialsSource,
  ExternalCredentials,
  PasswordCredentials,
  RefusedLogin,
  TokenCredentials,
} from "./sasl/credentials.ts";
export type { MechanismName } from "./sasl/mechanism.ts";
export { Secret } from "./sasl/secret.ts";
export type { AuthenticationOptions } from "./session/authenticate.ts";
export type { Progress } from "./net/body-writer.ts";
export type { ClearSession } from "./session/clear-session.ts";
export { connect, connectSealed } from "./session/connect.ts";
export type { SessionOptions } from "./session/context.ts";
export type { SendOptions } from "./session/call-options.ts";
export type { SealedSession } from "./session/sealed-session.ts";
