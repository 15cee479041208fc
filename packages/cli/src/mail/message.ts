/** Makes the message from the command line, or takes one that is ready-made. */
import type { ComposedMessage, Message } from "@postseal/mailer";
import type { Arguments } from "../arguments.ts";
import { CommandError } from "../command-error.ts";
import { nearest } from "@postseal/mailer/nearest";
import { type Input, readInput } from "./input.ts";
import { type MessageOption, priorities } from "./options.ts";
import { textsOf } from "./text.ts";

/** `own`: the sender if none is given, an account's address. Throws `CommandError`, or the signal's reason while reading standard input. */
export async function messageOf(
  given: Arguments<MessageOption>,
  own: string | undefined,
  input: Input,
): Promise<Message> {
  const from = given.one("from") ?? own;
  if (from === undefined)
    throw usage("there is no sender: give --from ADDRESS, or put an address into from of the account");
  const path = given.one("message");
  return path === undefined ? composed(given, from, input) : ready(given, from, path, input);
}

/** Options that a ready-made message cannot take: it is not changed, so they would be dropped silently. */
const COMPOSING: readonly MessageOption[] = [
  "cc",
  "bcc",
  "reply-to",
  "subject",
  "text",
  "text-file",
  "html",
  "html-file",
  "attach",
  "header",
  "in-reply-to",
  "references",
  "date",
  "priority",
];

async function ready(given: Arguments<MessageOption>, from: string, path: string, input: Input): Promise<Message> {
  const odd = COMPOSING.find((name) => given.has(name));
  if (odd !== undefined) {
    throw usage(
      `--message is sent as it is, so --${odd} cannot be added: --from and --to are its envelope, and everything else is in the message`,
    );
  }
  const to = given.all("to");
  if (to.length === 0)
    throw usage(
      "there is no recipient: with --message, give --to ADDRESS for each one; those in its header do not count",
    );
  const message = path === "-" ? await readInput(input) : { path };
  if (message instanceof Uint8Array && message.length === 0)
    throw new CommandError("CLI_INPUT", "--message -: standard input was empty, so there is no message");
  return { envelope: { from: from === "<>" ? "" : from, to }, message, requireTls: given.has("requiretls") };
}

async function composed(given: Arguments<MessageOption>, from: string, input: Input): Promise<Message> {
  const [to, cc, bcc] = [given.all("to"), given.all("cc"), given.all("bcc")];
  if (to.length + cc.length + bcc.length === 0) throw usage("there is no recipient: give --to ADDRESS");
  if (!BODIES.some((name) => given.has(name))) {
    throw usage(
      "there is nothing to send: give --text TEXT (or --text - to read it from standard input), --text-file FILE, --html, --html-file, --attach or --message",
    );
  }
  const { text, html } = await textsOf(given, input);
  return {
    from,
    to,
    cc,
    bcc,
    ...headerOf(given),
    headers: given.all("header").map(fieldOf),
    attachments: given.all("attach").map((path) => ({ path })),
    requireTls: given.has("requiretls"),
    ...(text === undefined ? {} : { text }),
    ...(html === undefined ? {} : { html }),
  };
}

const BODIES = ["text", "text-file", "html", "html-file", "attach"] as const;

type HeaderFields = Pick<ComposedMessage, "replyTo" | "subject" | "inReplyTo" | "references" | "date" | "priority">;

function headerOf(given: Arguments<MessageOption>): HeaderFields {
  const [subject, inReplyTo, date] = [given.one("subject"), given.one("in-reply-to"), given.one("date")];
  // RFC 5322 section 3.6.4: an answer refers to what it answers.
  const references = given.one("references") ?? inReplyTo;
  const priority = priorityOf(given.one("priority"));
  return {
    ...(given.has("reply-to") ? { replyTo: given.all("reply-to") } : {}),
    ...(subject === undefined ? {} : { subject }),
    ...(inReplyTo === undefined ? {} : { inReplyTo }),
    ...(references === undefined ? {} : { references }),
    ...(date === undefined ? {} : { date }),
    ...(priority === undefined ? {} : { priority }),
  };
}

function priorityOf(word: string | undefined): ComposedMessage["priority"] {
  const found = priorities.find((one) => one === word);
  if (word === undefined || found !== undefined) return found;
  const close = nearest(word, priorities);
  throw usage(
    `--priority must be one of ${priorities.join(", ")}${close === undefined ? "" : `; did you mean ${close}?`}`,
  );
}

function fieldOf(header: string): { readonly name: string; readonly value: string } {
  const colon = header.indexOf(":");
  if (colon < 1) throw usage("--header has to be written 'Name: value'");
  // Only the spaces after the colon are removed: the library refuses anything that would need cleaning.
  return {
    // defence: name-of-a-field-is-not-trimmed
    name: header.slice(0, colon),
    value: header.slice(colon + 1).replace(/^ +/, ""),
  };
}

function usage(message: string): CommandError {
  return new CommandError("CLI_USAGE", message);
}
