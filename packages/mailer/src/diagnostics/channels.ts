/** The channels of `node:diagnostics_channel` that events are published on, each under `postseal.v1.` and its name. */
import { type Channel, channel } from "node:diagnostics_channel";
import { InputError } from "../errors/input-error.ts";
import { kindOf } from "../errors/kind.ts";
import { readOptions } from "../policy/own-options.ts";
import { Containment } from "./containment.ts";
import type { DiagnosticsEvents, DiagnosticsName } from "./events.ts";

const VERSION = "postseal.v1.";

const names: readonly DiagnosticsName[] = [
  "connection.opening",
  "connection.opened",
  "connection.sealed",
  "connection.authenticating",
  "connection.authenticated",
  "connection.closed",
  "conversation.command",
  "conversation.body",
  "conversation.reply",
  "message.begun",
  "message.concluded",
];

/** Publishes under one name. Check `hasSubscribers` before making an event: without subscribers it must cost nothing. */
export class Outlet<Name extends DiagnosticsName> {
  readonly #channel: Channel;

  constructor(name: Name) {
    this.#channel = channel(`${VERSION}${name}`);
  }

  get hasSubscribers(): boolean {
    return this.#channel.hasSubscribers;
  }

  publish(event: DiagnosticsEvents[Name]): void {
    this.#channel.publish(event);
  }
}

/** A function for each event of interest. If one fails, the process gets one warning, and nothing else happens. */
export type Observer = {
  readonly [Name in DiagnosticsName]?: ((event: DiagnosticsEvents[Name]) => void) | undefined;
};

/**
 * Subscribes to the events, with their types. Dispose of the result to unsubscribe. Throws `InputError` for an event that does
 * not exist and for a value that is not a function.
 */
export function observe(observer: Observer): Disposable {
  const own = readOptions(observer, new Set(names), {
    field: "",
    name: "observer",
    code: "MAIL_INPUT_OPTION",
    explain: () => `there is no such event; the events are ${names.join(", ")}`,
  });
  for (const name of names) judge(name, own[name]);
  const stops = names.map((name) => listen(name, own[name]));
  return {
    [Symbol.dispose]: () => {
      for (const stop of stops) stop();
    },
  };
}

function judge(name: DiagnosticsName, hear: unknown): void {
  if (hear === undefined || typeof hear === "function") return;
  throw new InputError("MAIL_INPUT_OPTION", name, `is ${kindOf(hear)}, not a function`);
}

function listen<Name extends DiagnosticsName>(name: Name, hear: Observer[Name]): () => void {
  if (hear === undefined) return () => {};
  const containment = new Containment(`The observer of ${name}`);
  const listener = (event: unknown): void => {
    if (isEvent(name, event)) containment.run(() => hear(event));
  };
  const subscribed = channel(`${VERSION}${name}`);
  subscribed.subscribe(listener);
  return () => subscribed.unsubscribe(listener);
}

/** Only copies of this package publish under these names, and they keep the contract. */
function isEvent<Name extends DiagnosticsName>(_: Name, event: unknown): event is DiagnosticsEvents[Name] {
  return typeof event === "object" && event !== null;
}
