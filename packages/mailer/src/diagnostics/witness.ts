/**
 * Reports to observers what happens on one connection. No secret gets here: the kind of a command decides what is shown of it,
 * and secrets were struck out of replies when they were read.
 */
import type { Seal } from "../outcome/seal.ts";
import type { Server } from "../policy/server.ts";
import { shown } from "../errors/shown.ts";
import { type Body, visibleLine } from "../protocol/command.ts";
import type { Step } from "../protocol/dialogue.ts";
import type { Reply } from "../wire/reply.ts";
import { Outlet } from "./channels.ts";
import type { ConnectionEvent, ConversationEvent, ServerFacts } from "./events.ts";
import type { Sighting } from "./sighting.ts";

const opening = new Outlet("connection.opening");
const opened = new Outlet("connection.opened");
const sealed = new Outlet("connection.sealed");
const authenticating = new Outlet("connection.authenticating");
const authenticated = new Outlet("connection.authenticated");
const closed = new Outlet("connection.closed");
const commands = new Outlet("conversation.command");
const bodies = new Outlet("conversation.body");
const replies = new Outlet("conversation.reply");

let connections = 0;

export class Witness {
  readonly #connection: number;
  readonly #server: ServerFacts;
  // defence: sealed-after-the-handshake
  #side: ConnectionEvent["side"] = "clear";
  #closed = false;
  #failure: unknown;

  constructor(server: Server) {
    connections += 1;
    this.#connection = connections;
    this.#server = factsOfServer(server);
  }

  opening(): void {
    if (opening.hasSubscribers) opening.publish(this.#event());
  }

  opened(): void {
    if (opened.hasSubscribers) opened.publish(this.#event());
  }

  /** Only a sealed channel calls it. */
  sealed(seal: Seal): void {
    this.#side = "sealed";
    if (sealed.hasSubscribers) sealed.publish({ ...this.#event(), seal });
  }

  authenticating(): void {
    if (authenticating.hasSubscribers) authenticating.publish(this.#event());
  }

  authenticated(mechanism: string): void {
    if (authenticated.hasSubscribers) authenticated.publish({ ...this.#event(), mechanism });
  }

  /** The error is known before the connection ends: no later one may hide it. */
  failed(error: unknown): void {
    this.#failure ??= error;
  }

  /** Publishes once, however often it is called. */
  closed(cause?: unknown): void {
    if (this.#closed) return;
    this.#closed = true;
    // defence: observers-learn-the-alarm
    const error = this.#failure ?? cause;
    if (closed.hasSubscribers) closed.publish({ ...this.#event(), ...(error === undefined ? {} : { error }) });
  }

  /** Call it before the write: some streams bring the reply before the write returns. `sighting`: of the message that the step belongs to. */
  said(step: Step, sighting?: Sighting): void {
    sighting?.over(this.#connection);
    // defence: nothing-made-for-nobody
    if (!commands.hasSubscribers || this.#closed) return;
    for (const action of step)
      if (action.verb !== "BODY") commands.publish({ ...this.#eventOf(sighting), text: visibleLine(action) });
  }

  /** Call it before the last octet is written. */
  carried({ framing }: Body, octets: number, sighting?: Sighting): void {
    if (bodies.hasSubscribers && !this.#closed) bodies.publish({ ...this.#eventOf(sighting), framing, octets });
  }

  heard({ code, lines }: Reply, sighting?: Sighting): void {
    if (!replies.hasSubscribers) return;
    replies.publish({
      ...this.#eventOf(sighting),
      code,
      // defence: words-of-a-server-are-escaped
      lines: lines.map(shown),
    });
  }

  #eventOf(sighting: Sighting | undefined): ConversationEvent {
    return sighting === undefined ? this.#event() : { ...this.#event(), message: sighting.message };
  }

  #event(): ConnectionEvent {
    return { connection: this.#connection, server: this.#server, side: this.#side };
  }
}

/** Whether somebody listens to what is said on connections. */
export function isConversationObserved(): boolean {
  return commands.hasSubscribers || bodies.hasSubscribers || replies.hasSubscribers;
}

export function factsOfServer({ name, port, transport }: Server): ServerFacts {
  return { host: name.name, port, transport };
}
