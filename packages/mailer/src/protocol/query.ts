/** A command without effect on mail, in the form that this server allows: RFC 6531 says how to ask about what is not ASCII. */
import { CapabilityError } from "../errors/capability-error.ts";
import { InputError } from "../errors/input-error.ts";
import { judgeDomain } from "../message/domain.ts";
import { isAscii, judgeName } from "../message/text-judge.ts";
import type { Capabilities } from "./capabilities.ts";
import type { Command } from "./command.ts";

export type QueryVerb = "NOOP" | "RSET" | "VRFY" | "EXPN" | "HELP";

/** Throws `InputError`, or `CapabilityError` if the server did not offer inside TLS what the argument needs. */
export function queryCommand(
  verb: QueryVerb,
  argument: string | undefined,
  offered: Capabilities,
  peer: string,
): Command {
  switch (verb) {
    case "VRFY":
    case "EXPN":
      if (argument === undefined) throw refusal(`${verb} needs an argument: the name or mailbox to ask about`);
      return subjectCommand(verb, argument, offered, peer);
    case "HELP":
      if (argument === undefined) return { verb };
      if (!isAscii(argument)) throw refusal("HELP takes ASCII only: no extension of SMTP lets it hold more");
      return { verb, argument };
    default:
      return { verb };
  }
}

/** Asks about a mailbox, a name or a list (RFC 5321 section 3.5). Only an argument that is not ASCII needs a closer look. */
function subjectCommand(verb: "VRFY" | "EXPN", argument: string, offered: Capabilities, peer: string): Command {
  if (isAscii(argument)) return { verb, argument };
  judgeName(argument, FIELD, "MAIL_INPUT_OPTION");
  const written = withAsciiDomain(argument);
  if (isAscii(written)) return { verb, argument: written };
  // defence: smtputf8-has-to-be-offered
  if (!offered.has("SMTPUTF8")) {
    throw new CapabilityError(
      "MAIL_CAPABILITY_MISSING",
      "SMTPUTF8",
      `${peer} does not offer SMTPUTF8, but ${verb} asks about a name that is not ASCII, and changing it would change who is meant. Nothing was sent.`,
    );
  }
  return { verb, argument: written, smtpUtf8: true };
}

/** Writes the domain as A-labels, which every server knows, as in MAIL and RCPT; the rest stays as it is. */
function withAsciiDomain(argument: string): string {
  const bracketed = argument.endsWith(">");
  const end = bracketed ? argument.length - 1 : argument.length;
  const start = argument.lastIndexOf("@") + 1;
  const domain = argument.slice(start, end);
  if (start === 0 || isAscii(domain)) return argument;
  return `${argument.slice(0, start)}${judgeDomain(domain, FIELD)}${bracketed ? ">" : ""}`;
}

const FIELD = "argument";

function refusal(why: string): InputError {
  return new InputError("MAIL_INPUT_OPTION", FIELD, why);
}
