/**
 * Nodemailer composes, Postseal sends: `nodemailer.createTransport(sealed("submission://mail.example.com", { credentials }))`.
 * With an outbox of `@postseal/outbox` the message is queued: `sealed(outbox)`. Nothing here loads Nodemailer: the application does.
 */
export type { ComposedMail } from "./nodemailer/mail.ts";
export type { MessageQueue, Queued, QueuedInfo } from "./nodemailer/queue-destination.ts";
export type { SentInfo } from "./nodemailer/sent-info.ts";
export { sealed, type SealedTransport } from "./nodemailer/transport.ts";
export { type NodemailerCode, TransportError } from "./nodemailer/transport-error.ts";
