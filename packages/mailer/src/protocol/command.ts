/** Every command that this client can send (RFC 5321 section 4.1), as it goes over the wire. */
import { InputError } from "../errors/input-error.ts";
import type { Phase } from "../errors/network-error.ts";
import { shown } from "../errors/shown.ts";
import type { Content } from "../message/content.ts";

export type Command =
  | { readonly verb: "EHLO"; readonly clientName: string }
  | { readonly verb: "STARTTLS" }
  | { readonly verb: "RSET" | "NOOP" | "QUIT" | "DATA" }
  | { readonly verb: "AUTH"; readonly mechanism: string; readonly initialResponse?: string }
  /** The answer to a 334: base64, or `*` to cancel (RFC 4954 section 4). It has no verb on the wire. */
  | { readonly verb: "AUTH-RESPONSE"; readonly response: string }
  | { readonly verb: "MAIL"; readonly reversePath: string; readonly parameters?: readonly string[] }
  | { readonly verb: "RCPT"; readonly forwardPath: string; readonly parameters?: readonly string[] }
  /** `smtpUtf8`: the argument is not ASCII, and the reply need not be either (RFC 6531 section 3.7.4.2). */
  | { readonly verb: "VRFY" | "EXPN"; readonly argument: string; readonly smtpUtf8?: boolean }
  | { readonly verb: "HELP"; readonly argument?: string };

/** A message after 354 (DATA), or after its own command line (BDAT, RFC 3030); without content, only the final dot. */
export interface Body {
  readonly verb: "BODY";
  readonly framing: "dot" | "bdat";
  readonly content: Content | undefined;
  /** False if the server lacks 8BITMIME. */
  readonly eightBit: boolean;
}

/** All that a client can put on the wire. */
export type Action = Command | Body;
/** What a reply can answer: a command, a message, or, for the greeting, nothing. */
export type Awaited = Action["verb"] | "GREETING";
/** All that may be sent before TLS. */
export type ClearAction = Extract<Command, { readonly verb: "EHLO" | "STARTTLS" }>;

/** The line with its CRLF. No input can make a second command of it. */
export function encodeCommand(command: Command): string {
  const line = lineOf(command);
  // defence: no-line-end-in-a-command
  if (/[\r\n\0]/.test(line)) {
    throw new InputError(
      "MAIL_INPUT_OPTION",
      command.verb,
      `a command may not hold CR, LF or NUL, but this one would: "${shown(isSecret(command) ? "[secret]" : line)}"`,
    );
  }
  return `${line}\r\n`;
}

function lineOf(command: Command): string {
  switch (command.verb) {
    case "EHLO":
      return `EHLO ${command.clientName}`;
    case "AUTH":
      return withArgument(`AUTH ${command.mechanism}`, command.initialResponse);
    case "AUTH-RESPONSE":
      return command.response;
    case "MAIL":
      return withParameters(`MAIL FROM:<${command.reversePath}>`, command.parameters);
    case "RCPT":
      return withParameters(`RCPT TO:<${command.forwardPath}>`, command.parameters);
    case "VRFY":
    case "EXPN":
      return withParameters(`${command.verb} ${command.argument}`, command.smtpUtf8 === true ? ["SMTPUTF8"] : []);
    case "HELP":
      return withArgument(command.verb, command.argument);
    default:
      return command.verb;
  }
}

function withArgument(line: string, argument: string | undefined): string {
  return argument === undefined ? line : `${line} ${argument}`;
}

function withParameters(line: string, parameters: readonly string[] = []): string {
  return parameters.length === 0 ? line : `${line} ${parameters.join(" ")}`;
}

/** Whether the line carries a secret, so that no transcript may show it. The kind of command decides, never the text. */
export function isSecret(command: Command): boolean {
  return command.verb === "AUTH" || command.verb === "AUTH-RESPONSE";
}

/** The line as an observer may see it. The kind of command decides what is left out, never the text. */
export function visibleLine(command: Command): string {
  switch (command.verb) {
    // defence: initial-response-is-not-shown
    case "AUTH":
      return `AUTH ${command.mechanism}${command.initialResponse === undefined ? "" : ` ${SECRET}`}`;
    // defence: response-is-not-shown
    case "AUTH-RESPONSE":
      return command.response === CANCEL ? CANCEL : SECRET;
    default:
      return shown(lineOf(command));
  }
}

const SECRET = "[secret]";
/** RFC 4954 section 4. */
const CANCEL = "*";

/** The phase in which the answer to a verb is awaited: it names the deadline and the error. */
export function phaseOf(verb: Awaited): Phase {
  switch (verb) {
    case "GREETING":
      return "greeting";
    case "EHLO":
      return "ehlo";
    case "STARTTLS":
      return "starttls";
    case "AUTH":
    case "AUTH-RESPONSE":
      return "auth";
    case "MAIL":
    case "RCPT":
    case "DATA":
      return "envelope";
    case "BODY":
      return "final-reply";
    case "QUIT":
      return "quit";
    default:
      return "command";
  }
}
