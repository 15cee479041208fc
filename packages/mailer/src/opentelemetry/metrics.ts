/** Metrics: how long messages and connections take, what became of recipients, and how many connections are open. */
import type { Attributes, Counter, Histogram, Meter, MetricOptions, UpDownCounter } from "@opentelemetry/api";
import type { Observer } from "../diagnostics/channels.ts";
import { errorType, outcomesOf, serverAttributes } from "./attributes.ts";

/** In seconds: the conventions' buckets for HTTP, and longer ones, since a submission server may take minutes. */
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60, 300, 600];

export class Metrics {
  readonly #sends: Histogram;
  readonly #connects: Histogram;
  readonly #recipients: Counter;
  readonly #open: UpDownCounter;
  readonly #begun = new Map<number, number>();
  readonly #opening = new Map<number, number>();
  readonly #opened = new Set<number>();

  constructor(meter: Meter) {
    this.#sends = meter.createHistogram("postseal.send.duration", seconds("From the call of send to its result."));
    this.#connects = meter.createHistogram(
      "postseal.connect.duration",
      seconds("From the first attempt to connect to a sealed session."),
    );
    this.#recipients = meter.createCounter("postseal.recipients", {
      unit: "{recipient}",
      description: "Recipients, by what became of the message for them.",
    });
    this.#open = meter.createUpDownCounter("postseal.open_connections", {
      unit: "{connection}",
      description: "Connections that are open.",
    });
  }

  readonly observer: Observer = {
    "message.begun": ({ message }) => {
      this.#begun.set(message, performance.now());
    },
    "message.concluded": ({ message, server, receipt, error }) => {
      const attributes = serverAttributes(server);
      record(this.#sends, this.#begun, message, { ...attributes, ...failure(error) });
      for (const [outcome, count] of outcomesOf(receipt))
        this.#recipients.add(count, { ...attributes, "postseal.outcome": outcome });
    },
    "connection.opening": ({ connection }) => {
      this.#opening.set(connection, performance.now());
    },
    "connection.opened": ({ connection, server }) => {
      this.#opened.add(connection);
      this.#open.add(1, serverAttributes(server));
    },
    "connection.sealed": ({ connection, server }) => {
      record(this.#connects, this.#opening, connection, serverAttributes(server));
    },
    "connection.closed": ({ connection, server, error }) => {
      record(this.#connects, this.#opening, connection, { ...serverAttributes(server), ...failure(error) });
      if (this.#opened.delete(connection)) this.#open.add(-1, serverAttributes(server));
    },
  };
}

function seconds(description: string): MetricOptions {
  return { unit: "s", description, advice: { explicitBucketBoundaries: BUCKETS } };
}

function record(histogram: Histogram, since: Map<number, number>, key: number, attributes: Attributes): void {
  const begun = since.get(key);
  if (begun === undefined) return;
  since.delete(key);
  histogram.record((performance.now() - begun) / 1000, attributes);
}

function failure(error: unknown): Attributes {
  return error === undefined ? {} : { "error.type": errorType(error) };
}
