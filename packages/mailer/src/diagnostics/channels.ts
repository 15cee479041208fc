/** The channels of `node:diagnostics_channel` that events are published on, each under `postseal.v1.` and its name. */
import { type Channel, channel } from "node:diagnostics_channel";
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

/** A function for each event of interest. If one throws, that is an uncaught exception of the process, and disturbs no message. */
export type Observer = {
  readonly [Name in DiagnosticsName]?: ((event: DiagnosticsEvents[Name]) => void) | undefined;
};

/** Subscribes to the events, with their types. Dispose of the result to unsubscribe. */
export function observe(observer: Observer): Disposable {
  const stops = names.map((name) => listen(name, observer[name]));
  return {
    [Symbol.dispose]: () => {
      for (const stop of stops) stop();
    },
  };
}

function listen<Name extends DiagnosticsName>(name: Name, hear: Observer[Name]): () => void {
  if (hear === undefined) return () => {};
  const listener = (event: unknown): void => {
    if (isEvent(name, event)) hear(event);
  };
  const subscribed = channel(`${VERSION}${name}`);
  subscribed.subscribe(listener);
  return () => subscribed.unsubscribe(listener);
}

/** Only copies of this package publish under these names, and they keep the contract. */
function isEvent<Name extends DiagnosticsName>(_: Name, event: unknown): event is DiagnosticsEvents[Name] {
  return typeof event === "object" && event !== null;
}
