/** Metrics: how long messages and connections take, what became of recipients, and how many connections are open. */
import type { Attributes, Counter, Histogram, Meter, MetricOptions, UpDownCounter } from "@opentelemetry/api";
import type { Observer } from "../diagnostics/channels.ts";
import { Containment } from "../diagnostics/containment.ts";
import type { ConnectionEvent } from "../diagnostics/events.ts";
import { errorType, outcomesOf, serverAttributes } from "./attributes.ts";

/** In seconds: the conventions' buckets for HTTP, and longer ones, since a submission server may take minutes. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60, 300, 600];

export class Metrics {
  /** Each call of the meter is contained by itself, so that a failure takes no other measure with it. */
  readonly #contained = new Containment("The OpenTelemetry meter");
  readonly #sends: Histogram | undefined;
  readonly #connects: Histogram | undefined;
  readonly #recipients: Counter | undefined;
  readonly #open: UpDownCounter | undefined;
  readonly #begun = new Map<number, number>();
  readonly #opening = new Map<number, number>();
  readonly #opened = new Set<number>();

  constructor(meter: Meter) {
    this.#sends = this.#contained.run(() =>
      meter.createHistogram("postseal.send.duration", seconds("From the call of send to its result.")),
    );
    this.#connects = this.#contained.run(() =>
      meter.createHistogram(
        "postseal.connect.duration",
        seconds("From the first attempt to connect to a sealed session."),
      ),
    );
    this.#recipients = this.#contained.run(() =>
      meter.createCounter("postseal.recipients", {
        unit: "{recipient}",
        description: "Recipients, by what became of the message for them.",
      }),
    );
    this.#open = this.#contained.run(() =>
      meter.createUpDownCounter("postseal.open_connections", {
        unit: "{connection}",
        description: "Connections that are open.",
      }),
    );
  }

  readonly observer: Observer = {
    "message.begun": ({ message }) => {
      this.#begun.set(message, performance.now());
    },
    "message.concluded": ({ message, server, receipt, error }) => {
      const attributes = serverAttributes(server);
      this.#record(this.#sends, this.#begun, message, { ...attributes, ...failure(error) });
      for (const [outcome, count] of outcomesOf(receipt))
        this.#contained.run(() => this.#recipients?.add(count, { ...attributes, "postseal.outcome": outcome }));
    },
    "connection.opening": ({ connection }) => {
      this.#opening.set(connection, performance.now());
    },
    "connection.opened": ({ connection, server }) => {
      this.#opened.add(connection);
      this.#count(1, server);
    },
    "connection.sealed": ({ connection, server }) => {
      this.#record(this.#connects, this.#opening, connection, serverAttributes(server));
    },
    "connection.closed": ({ connection, server, error }) => {
      this.#record(this.#connects, this.#opening, connection, { ...serverAttributes(server), ...failure(error) });
      if (this.#opened.delete(connection)) this.#count(-1, server);
    },
  };

  #record(histogram: Histogram | undefined, since: Map<number, number>, key: number, attributes: Attributes): void {
    const begun = since.get(key);
    if (begun === undefined) return;
    since.delete(key);
    // defence: one-failed-measure-takes-no-other
    this.#contained.run(() => histogram?.record((performance.now() - begun) / 1000, attributes));
  }

  #count(connections: number, server: ConnectionEvent["server"]): void {
    this.#contained.run(() => this.#open?.add(connections, serverAttributes(server)));
  }
}

function seconds(description: string): MetricOptions {
  return { unit: "s", description, advice: { explicitBucketBoundaries: BUCKETS } };
}

function failure(error: unknown): Attributes {
  return error === undefined ? {} : { "error.type": errorType(error) };
}
