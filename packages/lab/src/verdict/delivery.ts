/** What a server took, compared with what the client was given to send. */
import type { Canaries } from "./canary.ts";
import type { StoredMessage } from "./transcript.ts";

/** `other-message`: none of the lab's text was in it. `without-login`: the lab's message, but the client had not logged in. */
export type Shortfall = "other-message" | "without-login";

/** `whole`: the lab's message, after a login if `login` is true. `undefined`: no message at all. */
export function deliveryOf(
  messages: readonly StoredMessage[],
  { username, body: text }: Canaries,
  login: boolean,
): "whole" | Shortfall | undefined {
  const own = messages.filter(({ body }) => holds(body, text));
  if (own.some((message) => !login || message.username === username)) return "whole";
  if (own.length > 0) return "without-login";
  return messages.length > 0 ? "other-message" : undefined;
}

/** A message without the canary text does not count: a leak of it could not be seen. */
function holds(body: string, text: string): boolean {
  return [
    body,
    body.replaceAll("=\r\n", ""),
    Buffer.from(body.split("\r\n\r\n").slice(1).join(""), "base64").toString(),
  ].some((form) => form.includes(text));
}
