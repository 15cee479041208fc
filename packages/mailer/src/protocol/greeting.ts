/** The greeting (RFC 5321 section 3.1): the server speaks first, and a client sends nothing to one that will not serve. */
import { ProtocolError } from "../errors/protocol-error.ts";
import { type Reply, severityOf } from "../wire/reply.ts";

/** Throws `MAIL_GREETING_REFUSED` for anything but 220; after a 4yz a retry may succeed. */
export function judgeGreeting(reply: Reply, peer: string): void {
  if (reply.code === 220) return;
  const severity = severityOf(reply);
  throw new ProtocolError(
    "MAIL_GREETING_REFUSED",
    `${peer} does not serve us: its greeting is ${reply.code} instead of 220. ` +
      (severity === "transient"
        ? "Try again later."
        : "It may not accept mail from this address, or the port may be wrong."),
    reply.lines.join(" "),
    severity === "transient" ? "retry" : "give-up",
  );
}
