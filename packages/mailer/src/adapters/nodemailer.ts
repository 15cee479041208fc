/**
 * Nodemailer composes, Postseal sends: `nodemailer.createTransport(sealed("submission://mail.example.com", { credentials }))`.
 * Nothing here loads Nodemailer: the application does.
 */
export type { ComposedMail } from "./nodemailer/mail.ts";
export type { SentInfo } from "./nodemailer/sent-info.ts";
export { sealed, type SealedTransport } from "./nodemailer/transport.ts";
export { type NodemailerCode, TransportError } from "./nodemailer/transport-error.ts";
