/** Parses a command line as sendmail does: single letters, together or apart, with the value attached or in the next word. */
import type { DsnOptions } from "@postseal/mailer";
import { CommandError } from "../command-error.ts";
import { nearest } from "@postseal/mailer/nearest";
import { textFaultOf } from "../text-fault.ts";
import { isIdleLong, isIdleOld } from "./idle.ts";

export interface SendmailWords {
  /** As they were written: one address each, or several between commas. */
  readonly recipients: readonly string[];
  /** `-t`: the recipients are in the header. */
  readonly recipientsInHeader: boolean;
  /** A line with only a dot ends the message. */
  readonly dotEnds: boolean;
  /** `-f` or `-r`; empty for the null reverse-path. */
  readonly sender: string | undefined;
  /** `-F` */
  readonly name: string | undefined;
  readonly dsn: DsnOptions | undefined;
  readonly verbose: boolean;
  readonly account: string | undefined;
  readonly json: boolean;
  readonly help: boolean;
}

/** Letters without a value that have no effect here. */
const IDLE = new Set(["G", "U", "c", "m", "n"]);
/** Letters with a value that have no effect here: a label for the log, a mode of errors, a count of hops. */
const IDLE_WITH_VALUE = new Set(["L", "e", "h"]);
const WITH_VALUE = new Set(["A", "B", "F", "N", "O", "R", "V", "a", "b", "f", "o", "r", ...IDLE_WITH_VALUE]);

/** Modes that do not exist here: a daemon, a queue, a server on standard input. */
const MODES: ReadonlyMap<string, string> = new Map([
  [
    "s",
    "-bs speaks SMTP on standard input, which could only be in the clear. Pass the message on standard input: with -t, or with the recipients as words (Symfony: sendmail://default?command=/usr/sbin/sendmail%20-oi%20-t)",
  ],
  [
    "p",
    "-bp lists a queue: if the account has queue = true, postseal outbox list does; otherwise there is none, and a message is delivered at once, or the exit code says why not",
  ],
  ["i", "-bi builds a table of aliases; here they are read from [aliases] in the configuration each time"],
  ["d", "-bd starts a server, and this only sends"],
  ["D", "-bD starts a server, and this only sends"],
  ["v", "-bv asks whether an address is known, and a submission server does not say"],
  ["t", "-bt tests sendmail's rules for addresses, and there are none here"],
  ["h", "-bh is about a queue, and there is none here"],
  ["H", "-bH is about a queue, and there is none here"],
]);
const REFUSED: ReadonlyMap<string, string> = new Map([
  [
    "q",
    "-q runs a queue: if the account has queue = true, postseal outbox work does; otherwise there is none, and a message is delivered at once, or the exit code says why not",
  ],
  [
    "C",
    "-C names sendmail's configuration; accounts are in config.toml (postseal config --help), and --account chooses one",
  ],
  ["D", "-D is for debugging sendmail"],
  ["d", "-d is for debugging sendmail; -v prints what became of the message"],
  ["X", "-X logs the conversation, and the login with it; -v prints what became of the message"],
  ["p", "-p names a protocol for a Received field, and none is written here"],
]);

/** Long options of msmtp. It takes the sender from the header only if it is asked to; here that is usual. */
const OF_MSMTP: ReadonlyMap<string, string> = new Map([
  ["read-recipients", "t"],
  ["read-envelope-from", "n"],
]);

/** Throws `CommandError` (`CLI_USAGE`). */
export function parseWords(argv: readonly string[]): SendmailWords {
  const reading = new Reading();
  // One shared iterator: copying the remaining words each time would be quadratic.
  const rest = argv.values();
  for (const word of rest) {
    if (word === "--") for (const recipient of rest) reading.recipients.push(recipient);
    else if (word.startsWith("--")) long(word, rest, reading);
    else if (word.length > 1 && word.startsWith("-")) letters(word, rest, reading);
    else reading.recipients.push(word);
  }
  return reading.words();
}

/** The words that are still to be read. */
type Rest = ReturnType<string[]["values"]>;

class Reading {
  readonly recipients: string[] = [];
  readonly flags: Set<string> = new Set();
  readonly values: Map<string, string> = new Map();

  words(): SendmailWords {
    const { recipients, flags, values } = this;
    const recipientsInHeader = flags.has("t");
    if (recipientsInHeader && recipients.length > 0) {
      throw usage(
        "-t takes the recipients from the header, but there are recipients on the command line too: some sendmails add those, and some remove them. Give one or the other: without -t, it goes to the words alone; with -t, write all of them into To, Cc or Bcc",
      );
    }
    return {
      recipients,
      recipientsInHeader,
      dotEnds: !flags.has("i"),
      sender: values.get("f"),
      name: values.get("F"),
      dsn: this.#dsn(),
      verbose: flags.has("v"),
      account: values.get("account"),
      json: flags.has("json"),
      help: flags.has("help"),
    };
  }

  #dsn(): DsnOptions | undefined {
    const [notify, what, envelopeId] = [this.values.get("N"), this.values.get("R"), this.values.get("V")];
    if (notify === undefined && what === undefined && envelopeId === undefined) return undefined;
    return {
      ...(notify === undefined ? {} : { notify: notifyOf(notify) }),
      ...(what === undefined ? {} : { return: returnOf(what) }),
      ...(envelopeId === undefined ? {} : { envelopeId }),
    };
  }
}

/** Also takes the next word, if the last letter needs it as its value. */
function letters(word: string, rest: Rest, reading: Reading): void {
  for (let at = 1; at < word.length; at += 1) {
    const letter = word.charAt(at);
    // Before values are read: -q may have an interval attached, which does not matter without a queue.
    const refused = REFUSED.get(letter);
    if (refused !== undefined) throw usage(refused);
    if (!WITH_VALUE.has(letter)) {
      if (!/^[itv]$/.test(letter) && !IDLE.has(letter)) throw usage(unknownLetter(letter));
      reading.flags.add(letter);
      continue;
    }
    const attached = word.slice(at + 1);
    const value = attached === "" ? rest.next().value : attached;
    if (value === undefined) throw usage(`-${letter} needs a value`);
    take(letter, value, reading);
    return;
  }
}

function take(letter: string, value: string, reading: Reading): void {
  switch (letter) {
    case "o":
      if (value === "i") reading.flags.add("i");
      else if (!isIdleOld(value)) throw usage("this value of -o is not known here: leave it out");
      return;
    case "O":
      if (/^IgnoreDots=(?:true|t|yes|y)$/i.test(value)) reading.flags.add("i");
      else if (!isIdleLong(value)) throw usage("this value of -O is not known here: leave it out");
      return;
    case "b": {
      // defence: modes-have-no-prototype
      const refusal = MODES.get(value);
      if (refusal !== undefined) throw usage(refusal);
      if (value !== "m") throw usage("the only -b mode here is -bm, which is the default: leave it out");
      return;
    }
    case "B":
      if (!/^(?:7BIT|8BITMIME)$/i.test(value))
        throw usage("-B must be 7BIT or 8BITMIME; leave it out, and the message itself decides");
      return;
    case "A":
      // The configuration for submission (c), or that of a server (m).
      if (/^[cm]$/.test(value)) return;
      throw usage("-A chooses between sendmail's configurations; --account chooses an account");
    case "a":
      return once("account", value, reading);
    case "r":
    case "f":
      return last("f", value.replace(/^<(.*)>$/, "$1"), reading);
    case "F":
      return last("F", value, reading);
    default:
      if (!IDLE_WITH_VALUE.has(letter)) once(letter, value, reading);
  }
}

/** As every sendmail has it: a program adds its own sender to a command line that has one already. */
function last(letter: string, value: string, reading: Reading): void {
  const fault = textFaultOf(value);
  if (fault !== undefined) throw usage(`the value of -${letter} holds ${fault}`);
  reading.values.set(letter, value);
}

/** Refuses a second, different value: one of the two would be silently dropped. */
function once(letter: string, value: string, reading: Reading): void {
  const before = reading.values.get(letter);
  if (before !== undefined && before !== value) throw usage(`-${letter} is given twice, with two values: give it once`);
  last(letter, value, reading);
}

function long(word: string, rest: Rest, reading: Reading): void {
  const [name = "", ...parts] = word.slice(2).split("=");
  const inline = parts.length === 0 ? undefined : parts.join("=");
  if (name === "account" || name === "from") {
    const value = inline ?? rest.next().value;
    if (value === undefined) throw usage(`--${name} needs a value`);
    take(name === "account" ? "a" : "f", value, reading);
    return;
  }
  const ofMsmtp = inline === undefined ? OF_MSMTP.get(name) : undefined;
  if (ofMsmtp !== undefined) {
    reading.flags.add(ofMsmtp);
    return;
  }
  if ((name !== "json" && name !== "help") || inline !== undefined) {
    if (OF_SEND.has(name))
      throw usage(
        `--${name} is an option of postseal send. Here recipients are words, and everything else is in the message on standard input`,
      );
    const close = nearest(name, ["account", "json", "help"]);
    throw usage(
      `there is no such option; ${close === undefined ? "--help lists the options" : `did you mean --${close}?`}`,
    );
  }
  reading.flags.add(name);
}

/** Options of `postseal send` that say what is in a message, or to whom it goes. */
const OF_SEND: ReadonlySet<string> = new Set(["to", "cc", "bcc", "subject", "text", "html", "attach", "header"]);

function notifyOf(text: string): NonNullable<DsnOptions["notify"]> {
  const events = text.toLowerCase().split(",");
  if (events.length === 1 && events[0] === "never") return "never";
  const known = events.map((event) => EVENTS.find((one) => one === event));
  const notify = known.filter((event) => event !== undefined);
  if (notify.length === known.length) return notify;
  throw usage("-N must be never, or one or more of success, failure and delay, with commas between them");
}

const EVENTS = ["success", "failure", "delay"] as const;

function returnOf(text: string): NonNullable<DsnOptions["return"]> {
  if (/^full$/i.test(text)) return "full";
  if (/^hdrs$/i.test(text)) return "headers";
  throw usage("-R must be full or hdrs");
}

function unknownLetter(letter: string): string {
  return /^[A-Za-z0-9]$/.test(letter)
    ? `-${letter} is not an option here: postseal sendmail --help lists them`
    : "there is no such option: postseal sendmail --help lists them; an address that begins with a hyphen goes after --";
}

function usage(message: string): CommandError {
  return new CommandError("CLI_USAGE", message);
}
