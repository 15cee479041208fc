/** `@postseal/mailer/opentelemetry`: spans and metrics of every mailer in the process. It needs only OpenTelemetry's API package. */
import { type MeterProvider, metrics, trace, type TracerProvider } from "@opentelemetry/api";
import { observe } from "../diagnostics/channels.ts";
import { Containment } from "../diagnostics/containment.ts";
import { InputError } from "../errors/input-error.ts";
import { readOptions } from "../policy/own-options.ts";
import { Metrics } from "./metrics.ts";
import { Spans } from "./spans.ts";

export interface InstrumentOptions {
  /** Default: the global one. */
  readonly tracerProvider?: TracerProvider | undefined;
  /** Default: the global one. */
  readonly meterProvider?: MeterProvider | undefined;
}

const NAMES: ReadonlySet<string> = new Set(["tracerProvider", "meterProvider"]);
const SCOPE = "@postseal/mailer";

/** Call it once, after the SDK is set up. Dispose of the result to end it. A provider that fails costs no more than its spans or metrics. */
export function instrument(options: InstrumentOptions = {}): Disposable {
  const { tracerProvider, meterProvider } = readOptions(options, NAMES, { field: "", code: "MAIL_INPUT_OPTION" });
  judge("tracerProvider", tracerProvider, "getTracer");
  judge("meterProvider", meterProvider, "getMeter");
  // defence: a-provider-that-throws-is-contained
  const tracer = new Containment("The tracerProvider").run(() => (tracerProvider ?? trace).getTracer(SCOPE));
  const meter = new Containment("The meterProvider").run(() => (meterProvider ?? metrics).getMeter(SCOPE));
  const spans = tracer === undefined ? undefined : new Spans(tracer);
  const observers = [spans?.observer, meter === undefined ? undefined : new Metrics(meter).observer];
  const stops = observers.map((observer) => observe(observer ?? {}));
  return {
    [Symbol.dispose]: () => {
      for (const stop of stops) stop[Symbol.dispose]();
      spans?.end();
    },
  };
}

function judge(field: string, provider: unknown, method: string): void {
  if (provider === undefined) return;
  const isProvider = typeof provider === "object" && provider !== null && method in provider;
  if (!isProvider) throw new InputError("MAIL_INPUT_OPTION", field, `is no provider: it has no ${method}()`);
}
