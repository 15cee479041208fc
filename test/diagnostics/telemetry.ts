/** OpenTelemetry's SDK, which keeps in memory what it would export. */
import { instrument } from "@postseal/mailer/opentelemetry";
import { type DataPoint, MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";

export class Reader extends MetricReader {
  /** The data points of each metric, by its name. */
  async metrics(): Promise<ReadonlyMap<string, readonly DataPoint<unknown>[]>> {
    const { resourceMetrics } = await this.collect();
    const metrics = resourceMetrics.scopeMetrics.flatMap((scope) => scope.metrics);
    return new Map(metrics.map(({ descriptor, dataPoints }) => [descriptor.name, dataPoints]));
  }
  protected override onForceFlush(): Promise<void> {
    return Promise.resolve();
  }
  protected override onShutdown(): Promise<void> {
    return Promise.resolve();
  }
}

export class Telemetry {
  readonly #exporter = new InMemorySpanExporter();
  readonly #reader = new Reader();
  readonly tracerProvider: TracerProvider = new TracerProvider({
    spanProcessors: [new SimpleSpanProcessor({ exporter: this.#exporter })],
  });
  readonly #instrumentation: Disposable = instrument({
    tracerProvider: this.tracerProvider,
    meterProvider: new MeterProvider({ readers: [this.#reader] }),
  });

  /** The spans that have ended, in the order of their ends. */
  async spans(): Promise<readonly ReadableSpan[]> {
    await this.tracerProvider.forceFlush();
    return this.#exporter.getFinishedSpans();
  }

  /** The data points of each metric, by its name. */
  metrics(): Promise<ReadonlyMap<string, readonly DataPoint<unknown>[]>> {
    return this.#reader.metrics();
  }

  [Symbol.dispose](): void {
    this.#instrumentation[Symbol.dispose]();
  }
}
