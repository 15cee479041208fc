/**
 * What Postseal's own packages share with the mailer, so that they judge, connect and conceal as it does. No promise is made about
 * it to anybody else: it may change in any version.
 */
export { kindOf } from "./errors/kind.ts";
export {
  createSealedHttps,
  type HttpsAnswer,
  type HttpsOptions,
  type HttpsRequest,
  type SealedHttps,
} from "./https/sealed-https.ts";
export { parseMailbox } from "./message/mailbox.ts";
export { readList, readOptions, withoutPrototype } from "./policy/own-options.ts";
export { LONGEST_TIMER } from "./policy/whole-numbers.ts";
export { parseServerName } from "./policy/server-name.ts";
export { formsOf } from "./sasl/secret-forms.ts";
export { checkSignal } from "./session/call-options.ts";
export { Concealment } from "./wire/concealment.ts";
