/**
 * Spans: `send` for a message, `connect` up to the seal, `authenticate` for a login. The parent of each is the span that was
 * active when it began, so a connection is in the trace of the message that had to wait for it.
 */
import { type Attributes, type Span, SpanKind, SpanStatusCode, type Tracer } from "@opentelemetry/api";
import type { Observer } from "../diagnostics/channels.ts";
import type { ConnectionEvent } from "../diagnostics/events.ts";
import {
  errorType,
  protocolAttributes,
  receiptAttributes,
  replyAttributes,
  sealAttributes,
  serverAttributes,
} from "./attributes.ts";

export class Spans {
  readonly #tracer: Tracer;
  readonly #messages = new Map<number, Span>();
  /** The open span of each connection that cannot carry messages yet. */
  readonly #connections = new Map<number, Span>();

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  readonly observer: Observer = {
    "message.begun": ({ message, server }) => {
      this.#messages.set(message, this.#start("send", server));
    },
    "message.concluded": ({ message, receipt, error }) => {
      if (receipt !== undefined) this.#messages.get(message)?.setAttributes(receiptAttributes(receipt));
      end(this.#messages, message, error);
    },
    "connection.opening": ({ connection, server }) => {
      this.#connections.set(connection, this.#start("connect", server));
    },
    "connection.opened": ({ connection }) => {
      this.#connections.get(connection)?.addEvent("opened");
    },
    "connection.sealed": ({ connection, seal }) => {
      this.#finish(connection, sealAttributes(seal));
    },
    "connection.authenticating": ({ connection, server }) => {
      this.#connections.set(connection, this.#start("authenticate", server));
    },
    "connection.authenticated": ({ connection, mechanism }) => {
      this.#finish(connection, { "postseal.auth.mechanism": mechanism });
    },
    "connection.closed": ({ connection, error }) => end(this.#connections, connection, error),
  };

  /** Ends the open spans: no more events will come for them. */
  end(): void {
    for (const open of [this.#messages, this.#connections]) for (const key of open.keys()) end(open, key, undefined);
  }

  #start(name: string, server: ConnectionEvent["server"]): Span {
    const attributes = { ...serverAttributes(server), ...protocolAttributes(server) };
    return this.#tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes });
  }

  #finish(connection: number, attributes: Attributes): void {
    this.#connections.get(connection)?.setAttributes(attributes);
    end(this.#connections, connection, undefined);
  }
}

function end(open: Map<number, Span>, key: number, error: unknown): void {
  const span = open.get(key);
  if (span === undefined) return;
  open.delete(key);
  if (error !== undefined) {
    // defence: code-of-an-error-without-its-words
    const type = errorType(error);
    span.setAttributes({ "error.type": type, ...replyAttributes(error) });
    // Not its message, which names recipients and quotes the server.
    span.setStatus({ code: SpanStatusCode.ERROR, message: type });
  }
  span.end();
}
