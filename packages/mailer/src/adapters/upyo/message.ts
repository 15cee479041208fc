/** Turns Upyo's message into one for the composer, with all that Upyo's own SMTP transport would write. The composer judges it. */
import { InputError } from "../../errors/input-error.ts";
import type { AddressInput, Attachment, ComposedMessage, HeaderInput } from "../../message/input.ts";
import { withoutPrototype } from "../../policy/own-options.ts";

interface UpyoAddress {
  readonly name?: string;
  readonly address: string;
}

interface UpyoAttachment {
  readonly inline: boolean;
  readonly filename: string;
  readonly content: Uint8Array | Promise<Uint8Array>;
  readonly contentType: string;
  readonly contentId: string;
}

/** Upyo's `Message`, by shape. `tags` and `idempotencyKey` are for other services; SMTP has no place for them. */
export interface UpyoMessage {
  readonly sender: UpyoAddress;
  readonly recipients: readonly UpyoAddress[];
  readonly ccRecipients: readonly UpyoAddress[];
  readonly bccRecipients: readonly UpyoAddress[];
  readonly replyRecipients: readonly UpyoAddress[];
  readonly attachments: readonly UpyoAttachment[];
  readonly subject: string;
  readonly content: { readonly html: string; readonly text?: string } | { readonly text: string };
  readonly priority: "high" | "normal" | "low";
  readonly headers: Iterable<readonly [name: string, value: string]>;
}

/** The fields for which the composer has options, by the lower-case names that `Headers` gives. */
const OPTIONS: ReadonlyMap<string, "messageId" | "inReplyTo" | "references"> = new Map([
  ["message-id", "messageId"],
  ["in-reply-to", "inReplyTo"],
  ["references", "references"],
]);
export async function composed(given: UpyoMessage): Promise<ComposedMessage> {
  const message = withoutPrototype(given);
  const headers: HeaderInput[] = [];
  const options: { messageId?: string; inReplyTo?: string[]; references?: string[] } = {};
  for (const [name, value] of message.headers) {
    const option = OPTIONS.get(name.toLowerCase());
    if (option === undefined) headers.push({ name, value });
    else if (option === "messageId") options.messageId = value;
    else options[option] = value.split(" ").filter((id) => id !== "");
  }
  return {
    from: address(message.sender),
    to: message.recipients.map(address),
    cc: message.ccRecipients.map(address),
    bcc: message.bccRecipients.map(address),
    replyTo: message.replyRecipients.map(address),
    subject: message.subject,
    ...message.content,
    attachments: await Promise.all(message.attachments.map(attachment)),
    headers,
    priority: message.priority,
    ...options,
  };
}

/** Passes on only what the composer knows: Upyo's objects may have more. */
function address(given: UpyoAddress): AddressInput {
  const { name, address: mailbox } = withoutPrototype(given);
  return name === undefined ? { address: mailbox } : { name, address: mailbox };
}

async function attachment(given: UpyoAttachment, index: number): Promise<Attachment> {
  const { inline, filename, content, contentType, contentId } = withoutPrototype(given);
  const octets = await Promise.resolve(content).catch((cause: unknown) => {
    throw new InputError("MAIL_INPUT_ATTACHMENT", `attachments[${index}].content`, "could not be read.", cause);
  });
  return { content: octets, filename, contentType, ...(inline ? { contentId, disposition: "inline" } : {}) };
}
