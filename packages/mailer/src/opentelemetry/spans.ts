/**
 * Spans: `send` for a message, `connect` up to the seal, `authenticate` for a login. The parent of each is the span that was
 * active when it began, so a connection is in the trace of the message that had to wait for it.
 */
import { type Attributes, type Span, SpanKind, SpanStatusCode, type Tracer } from "@opentelemetry/api";
import type { Observer } from "../diagnostics/channels.ts";
import { Containment } from "../diagnostics/containment.ts";
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
  /** Each call of the tracer is contained by itself, so that a span ends even if it takes no attributes. */
  readonly #contained = new Containment("The OpenTelemetry tracer");
  readonly #messages = new Map<number, Span>();
  /** The open span of each connection that cannot carry messages yet. */
  readonly #connections = new Map<number, Span>();

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  readonly observer: Observer = {
    "message.begun": ({ message, server }) => {
      this.#start(this.#messages, message, "send", server);
    },
    "message.concluded": ({ message, receipt, error }) => {
      if (receipt !== undefined) this.#describe(this.#messages, message, () => receiptAttributes(receipt));
      this.#end(this.#messages, message, error);
    },
    "connection.opening": ({ connection, server }) => {
      this.#start(this.#connections, connection, "connect", server);
    },
    "connection.opened": ({ connection }) => {
      this.#contained.run(() => this.#connections.get(connection)?.addEvent("opened"));
    },
    "connection.sealed": ({ connection, seal }) => {
      this.#finish(connection, () => sealAttributes(seal));
    },
    "connection.authenticating": ({ connection, server }) => {
      this.#start(this.#connections, connection, "authenticate", server);
    },
    "connection.authenticated": ({ connection, mechanism }) => {
      this.#finish(connection, () => ({ "postseal.auth.mechanism": mechanism }));
    },
    "connection.closed": ({ connection, error }) => this.#end(this.#connections, connection, error),
  };

  /** Ends the open spans: no more events will come for them. */
  end(): void {
    for (const open of [this.#messages, this.#connections])
      for (const key of open.keys()) this.#end(open, key, undefined);
  }

  #start(open: Map<number, Span>, key: number, name: string, server: ConnectionEvent["server"]): void {
    const attributes = { ...serverAttributes(server), ...protocolAttributes(server) };
    const span = this.#contained.run(() => this.#tracer.startSpan(name, { kind: SpanKind.CLIENT, attributes }));
    if (span !== undefined) open.set(key, span);
  }

  #describe(open: ReadonlyMap<number, Span>, key: number, attributes: () => Attributes): void {
    // defence: a-span-without-attributes-ends
    this.#contained.run(() => open.get(key)?.setAttributes(attributes()));
  }

  #finish(connection: number, attributes: () => Attributes): void {
    this.#describe(this.#connections, connection, attributes);
    this.#end(this.#connections, connection, undefined);
  }

  #end(open: Map<number, Span>, key: number, error: unknown): void {
    const span = open.get(key);
    if (span === undefined) return;
    open.delete(key);
    if (error !== undefined) this.#contained.run(() => fail(span, error));
    this.#contained.run(() => span.end());
  }
}

function fail(span: Span, error: unknown): void {
  // defence: code-of-an-error-without-its-words
  const type = errorType(error);
  span.setAttributes({ "error.type": type, ...replyAttributes(error) });
  // Not its message, which names recipients and quotes the server.
  span.setStatus({ code: SpanStatusCode.ERROR, message: type });
}
