/** An account: a server, the login there, and how much it may be used. Only a process that sends needs any. */
import { createMailer, type Mailer, type MailerOptions, type ServerOptions } from "@postseal/mailer";
import { withoutPrototype } from "@postseal/mailer/internal";
import type { Rate } from "../model/bucket.ts";
import type { Floor } from "../model/floor.ts";
import { readChoice, readDuration, readOptions, refusal } from "../options.ts";
import type { AccountLimits, OnUnknown } from "../store/operations.ts";

export interface AccountRate {
  readonly messagesPerSecond?: number | undefined;
  readonly messagesPerMinute?: number | undefined;
  readonly recipientsPerMinute?: number | undefined;
  readonly recipientsPerDay?: number | undefined;
}

/** The mailer's options, and these. */
export interface AccountOptions extends MailerOptions {
  /** As `createMailer` takes it: `submission://mail.example.com` or an object. */
  readonly server: string | URL | ServerOptions;
  /** What the provider allows. All workers of all processes keep to it together. */
  readonly rate?: AccountRate | undefined;
  /** For messages that say nothing of it. Default `hold`. */
  readonly onUnknown?: OnUnknown | undefined;
}

export interface Account {
  readonly name: string;
  readonly limits: AccountLimits;
  readonly onUnknown: OnUnknown;
  readonly floor: Floor;
  /** How many messages a worker has at once. Most of them are not marked, so they are proved unsent if it dies. */
  readonly capacity: number;
  /** Each worker has a mailer of its own. */
  readonly open: () => Mailer;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;
/** Smaller than the mailer's, since what is in flight when a process dies is in doubt. */
const CONNECTIONS = 2;
const WINDOW = 4;
/** Claims for each place in a window. */
const AHEAD = 4;
const RATE_NAMES = ["messagesPerSecond", "messagesPerMinute", "recipientsPerMinute", "recipientsPerDay"] as const;

/** Throws `InputError`. Connects to nothing. */
export function readAccount(name: string, given: AccountOptions): Account {
  if (typeof given !== "object" || given === null)
    throw refusal(`accounts.${name}`, "must be an object with a server and, if it wants a login, credentials");
  const prototype: unknown = Object.getPrototypeOf(given);
  // What a class or a prototype would give is lost in a copy, and with it perhaps an authority or a pin.
  // defence: accounts-are-plain-objects
  if (prototype !== Object.prototype && prototype !== null)
    throw refusal(
      `accounts.${name}`,
      "must be a plain object, whose own properties are the options: copy what it inherits",
    );
  const own: AccountOptions = withoutPrototype(given);
  const { server, rate, onUnknown = "hold", pool, ...rest } = own;
  const { messages, recipients } = readRate(rate, `accounts.${name}.rate`);
  if (pool?.messagesPerSecond !== undefined || pool?.recipientsPerMinute !== undefined)
    throw refusal(
      `accounts.${name}.pool`,
      "has no rates here: they go into rate, which all processes keep to together",
    );
  const limits = { connections: CONNECTIONS, window: WINDOW, ...pool };
  const open = (): Mailer => createMailer(server, { ...rest, pool: limits });
  // Judges all of it now, and not when the first message is sent.
  void open();
  return {
    name,
    limits: { name, messages, recipients },
    onUnknown: readChoice(onUnknown, ["hold", "redeliver"], `accounts.${name}.onUnknown`),
    floor: floorOf(hostOf(server), own),
    capacity: AHEAD * (limits.connections ?? CONNECTIONS) * (limits.window ?? WINDOW),
    open,
  };
}

function readRate(
  given: AccountRate | undefined,
  field: string,
): { readonly messages: Rate | undefined; readonly recipients: Rate | undefined } {
  const own = given === undefined ? {} : readOptions(given, RATE_NAMES, field);
  const amount = (name: (typeof RATE_NAMES)[number]): number | undefined =>
    own[name] === undefined ? undefined : readDuration(own[name], `${field}.${name}`, 1);
  const [second, minute] = [amount("messagesPerSecond"), amount("messagesPerMinute")];
  const [perMinute, perDay] = [amount("recipientsPerMinute"), amount("recipientsPerDay")];
  if (second !== undefined && minute !== undefined)
    throw refusal(field, "has messagesPerSecond and messagesPerMinute: give one of the two");
  if (perMinute !== undefined && perDay !== undefined)
    throw refusal(field, "has recipientsPerMinute and recipientsPerDay: give one of the two");
  return {
    messages: rateOf(second, SECOND) ?? rateOf(minute, MINUTE),
    recipients: rateOf(perMinute, MINUTE) ?? rateOf(perDay, DAY),
  };
}

function rateOf(amount: number | undefined, period: number): Rate | undefined {
  return amount === undefined ? undefined : { amount, period };
}

/** What the account promises, without anything that is secret or that may be renewed. */
function floorOf(server: string, { tls = {} }: AccountOptions): Floor {
  return {
    server,
    minVersion: tls.minVersion === "TLSv1.3" || tls.postQuantum === "require" ? "TLSv1.3" : undefined,
    postQuantum: tls.postQuantum === "require" ? "require" : undefined,
    pinned: tls.pins !== undefined || tls.trust !== undefined ? true : undefined,
    ownAuthorities:
      (tls.ca !== undefined && Object.hasOwn(tls.ca, "only")) || tls.trust !== undefined ? true : undefined,
  };
}

/** The mailer has judged it. */
function hostOf(server: string | URL | ServerOptions): string {
  if (typeof server === "object" && !(server instanceof URL)) return server.host.toLowerCase();
  return new URL(typeof server === "string" ? server.trim() : server.href).hostname.toLowerCase();
}
