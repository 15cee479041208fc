/** `@postseal/mailer/opentelemetry`: spans and metrics of every mailer in the process. It needs only OpenTelemetry's API package. */
import { type MeterProvider, metrics, trace, type TracerProvider } from "@opentelemetry/api";
import { observe } from "../diagnostics/channels.ts";
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

/** Call it once, after the SDK is set up. Dispose of the result to end it. */
export function instrument(options: InstrumentOptions = {}): Disposable {
  const { tracerProvider, meterProvider } = readOptions(options, NAMES, { field: "", code: "MAIL_INPUT_OPTION" });
  const spans = new Spans((tracerProvider ?? trace).getTracer(SCOPE));
  const stops = [observe(spans.observer), observe(new Metrics((meterProvider ?? metrics).getMeter(SCOPE)).observer)];
  return {
    [Symbol.dispose]: () => {
      for (const stop of stops) stop[Symbol.dispose]();
      spans.end();
    },
  };
}
