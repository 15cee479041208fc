/** Reads delivery status options from the column in which they are stored; the mailer judges them again. */
import type { DsnOptions } from "@postseal/mailer";

const EVENTS = ["success", "failure", "delay"] as const;

export function readDsn(column: string): DsnOptions {
  const given: unknown = JSON.parse(column);
  if (typeof given !== "object" || given === null) return {};
  const notify: unknown = Reflect.get(given, "notify");
  const whole: unknown = Reflect.get(given, "return");
  const envelopeId: unknown = Reflect.get(given, "envelopeId");
  return {
    ...(notify === "never" ? { notify } : {}),
    ...(Array.isArray(notify) ? { notify: EVENTS.filter((event) => notify.includes(event)) } : {}),
    ...(whole === "full" || whole === "headers" ? { return: whole } : {}),
    ...(typeof envelopeId === "string" ? { envelopeId } : {}),
    ...(Reflect.get(given, "originalRecipient") === true ? { originalRecipient: true } : {}),
  };
}
