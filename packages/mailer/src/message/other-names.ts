/** What other libraries call the options of a message and of an attachment: errors say what they are called here. */

const READY = "a whole message is given ready: { envelope: { from, to }, message }";

const COMPOSED =
  "give what composeMessage returned itself, no copy of it; for other recipients, a ready message: { envelope, message: () => composed.octets() }";

const MESSAGE: ReadonlyMap<string, string> = new Map([
  ["size", COMPOSED],
  ["smtpUtf8", COMPOSED],
  ["raw", READY],
  ["body", "the body is text, html or both"],
  ["content", "the body is text, html or both"],
  ["amp", 'AMP is one of alternatives: [{ contentType: "text/x-amp-html", content }]'],
  ["watchHtml", 'it is one of alternatives: [{ contentType: "text/watch-html", content }]'],
  ["icalEvent", "an invitation is calendar: { method, content }"],
  ["reply_to", "it is replyTo here"],
  ["reply-to", "it is replyTo here"],
  ["replyto", "it is replyTo here"],
  ["recipients", "they are to, cc and bcc here"],
  ["attachment", "it is attachments here, an array"],
  ["unsubscribe", "it is list: { unsubscribe } here"],
]);

const ATTACHMENT: ReadonlyMap<string, string> = new Map([
  ["cid", "it is contentId here"],
  ["name", "it is filename here"],
  ["type", "it is contentType here"],
  ["mimeType", "it is contentType here"],
  ["data", "it is content here"],
  ["contentDisposition", "it is disposition here"],
  ["encoding", 'give the octets as content: Buffer.from(text, "base64")'],
  ["href", "nothing is fetched from the network: fetch it, and give it as content or source"],
  ["raw", "give the octets as content, with their contentType"],
]);

export function explainMessage(name: string): string | undefined {
  return explained(MESSAGE, name);
}

export function explainAttachment(name: string): string | undefined {
  return explained(ATTACHMENT, name);
}

function explained(names: ReadonlyMap<string, string>, name: string): string | undefined {
  const ours = names.get(name);
  return ours === undefined ? undefined : `there is no such option; ${ours}`;
}
