/** Makes the message from the command line, or takes one that is ready-made. */
import { addAbortSignal, type Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import type { Message } from "@postseal/mailer";
import type { Arguments } from "../arguments.ts";
import { CommandError } from "../command-error.ts";
import type { MessageOption } from "./options.ts";

/** Standard input, read to its end before connecting, so that all of it is judged first. */
export interface Input {
  readonly stdin: Readable;
  readonly signal: AbortSignal;
}

/** Throws `CommandError` (`CLI_USAGE`), or the signal's reason while reading standard input. */
export async function messageOf(given: Arguments<MessageOption>, input: Input): Promise<Message> {
  const from = given.one("from");
  if (from === undefined) throw usage("there is no sender: give --from ADDRESS");
  const path = given.one("message");
  return path === undefined ? composed(given, from, input) : ready(given, from, path, input);
}

/** Options that a ready-made message cannot take: it is not changed, so they would be dropped silently. */
const COMPOSING: readonly MessageOption[] = ["cc", "bcc", "subject", "text", "html", "attach", "header"];

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
  return { envelope: { from: from === "<>" ? "" : from, to }, message, requireTls: given.has("requiretls") };
}

async function composed(given: Arguments<MessageOption>, from: string, input: Input): Promise<Message> {
  const [to, cc, bcc] = [given.all("to"), given.all("cc"), given.all("bcc")];
  if (to.length + cc.length + bcc.length === 0) throw usage("there is no recipient: give --to ADDRESS");
  if (!given.has("text") && !given.has("html") && !given.has("attach")) {
    throw usage(
      "there is nothing to send: give --text TEXT (or --text - to read it from standard input), --html, --attach or --message",
    );
  }
  if (given.one("text") === "-" && given.one("html") === "-")
    throw usage("only one of --text and --html can be read from standard input");
  const subject = given.one("subject");
  const text = await textOf(given, "text", input);
  const html = await textOf(given, "html", input);
  return {
    from,
    to,
    cc,
    bcc,
    headers: given.all("header").map(fieldOf),
    attachments: given.all("attach").map((path) => ({ path })),
    requireTls: given.has("requiretls"),
    ...(subject === undefined ? {} : { subject }),
    ...(text === undefined ? {} : { text }),
    ...(html === undefined ? {} : { html }),
  };
}

async function textOf(
  given: Arguments<MessageOption>,
  option: "text" | "html",
  input: Input,
): Promise<string | undefined> {
  const value = given.one(option);
  if (value !== "-") return value;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await readInput(input));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw usage(`--${option} -: standard input is not UTF-8 text; convert it, or attach it as a file`);
  }
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

async function readInput({ stdin, signal }: Input): Promise<Uint8Array> {
  try {
    return await buffer(addAbortSignal(signal, stdin));
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}

function usage(message: string): CommandError {
  return new CommandError("CLI_USAGE", message);
}
