/** Tries clients: for each the positive control, then every vector. What cannot be finished is kept apart, and ends nothing else. */
import { adviceOn } from "../verdict/remedy.ts";
import type { ClientReport, Outcome, Run, UnfinishedTrial } from "../report/report.ts";
import { honest, honestImplicit } from "../vectors/index.ts";
import type { Transport, Vector } from "../vectors/vector.ts";
import type { Crew } from "./crew.ts";
import type { LabOptions, Subject } from "./options.ts";

const DEFAULT_TIMEOUT = 10_000;
const CONTROLS: Readonly<Record<Transport, Vector>> = { starttls: honest, implicit: honestImplicit };

/** One for each transport that a subject has. */
export function controls(subjects: readonly Subject[]): readonly Vector[] {
  const transports = new Set(subjects.flatMap((subject) => subject.transports));
  return [...transports].map((transport) => CONTROLS[transport]);
}

interface Failure {
  readonly trial: UnfinishedTrial;
  readonly error: unknown;
}

export class Examination {
  readonly #options: LabOptions;
  readonly #vectors: readonly Vector[];
  readonly #crew: Crew;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #all: number;
  readonly #failures: Failure[] = [];
  #done = 0;

  constructor(options: LabOptions, vectors: readonly Vector[], crew: Crew) {
    this.#options = options;
    this.#vectors = vectors;
    this.#crew = crew;
    this.#environment = environmentOf(options.environment ?? {});
    this.#all = options.subjects.reduce((sum, { transports }) => sum + this.#trialsFor(transports).length, 0);
  }

  /** In the order of time. */
  get failures(): readonly Failure[] {
    return this.#failures;
  }

  async examine(subject: Subject): Promise<ClientReport> {
    const byTransport = await Promise.all(subject.transports.map((transport) => this.#examineOver(subject, transport)));
    const runs = byTransport.flat();
    const advice = adviceOn(
      runs.map(({ outcome }) => outcome),
      subject.remedies,
    );
    const order = new Map(this.#trialsFor(subject.transports).map(({ id }, at) => [id, at]));
    return {
      id: subject.id,
      title: subject.title,
      configuration: subject.configuration,
      command: subject.command,
      ...(advice.length === 0 ? {} : { advice }),
      runs: runs.toSorted((one, other) => (order.get(one.vector) ?? 0) - (order.get(other.vector) ?? 0)),
    };
  }

  /** For each transport the control, then its other vectors. */
  #trialsFor(transports: readonly Transport[]): readonly Vector[] {
    return transports.flatMap((transport) => [
      CONTROLS[transport],
      ...this.#vectors.filter((vector) => vector.transport === transport && vector !== CONTROLS[transport]),
    ]);
  }

  /** Stops after the control if it fails: a client that cannot deliver to the honest server proves nothing by refusing others. */
  async #examineOver(subject: Subject, transport: Transport): Promise<readonly Run[]> {
    const [control = CONTROLS[transport], ...others] = this.#trialsFor([transport]);
    const first = await this.#try(subject, control);
    if (first === undefined) {
      for (const other of others) this.#fail(subject, other, this.#failures.at(-1)?.error);
      return [];
    }
    if (first.outcome !== "delivered-sealed") {
      // A hang too: with nothing else tried, it must not look like a client that only hung.
      const outcome: Outcome = ["over-strict", "held", "hang"].includes(first.outcome)
        ? "control-failed"
        : first.outcome;
      this.#done += others.length;
      return [{ ...first, outcome }];
    }
    // In reverse: the sick servers come last, so their long waits begin first and pass beside the other runs.
    const runs = await Promise.all(others.toReversed().map((vector) => this.#try(subject, vector)));
    return [first, ...runs.filter((run) => run !== undefined)];
  }

  /** Without a result if the lab failed or was interrupted: the failure is noted. */
  async #try(subject: Subject, vector: Vector): Promise<Run | undefined> {
    const { onRun, timeoutMs = DEFAULT_TIMEOUT } = this.#options;
    const { command, login = true } = subject;
    let run: Run;
    try {
      run = await this.#crew.run({ vector, command, environment: this.#environment, timeoutMs, login });
    } catch (error) {
      this.#fail(subject, vector, error);
      return undefined;
    }
    this.#done += 1;
    onRun?.(subject, run, this.#done, this.#all);
    return run;
  }

  #fail({ id, configuration }: Subject, { id: vector }: Vector, error: unknown): void {
    this.#done += 1;
    const reason = error instanceof Error ? error.message : String(error);
    this.#failures.push({ trial: { client: id, configuration, vector, reason }, error });
  }
}

/**
 * Without proxies, which would lead the client out of the lab or nowhere; without authorities other than the lab's; and without
 * folders in which all trials could write.
 */
function environmentOf(given: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) =>
      value === undefined || NOT_PASSED.test(name) ? [] : [[name, value] as const],
    ),
  );
}

const NOT_PASSED =
  /_proxy$|^(?:SSL_CERT_DIR|CURL_CA_BUNDLE|REQUESTS_CA_BUNDLE|XDG_(?:CACHE|CONFIG|DATA|RUNTIME|STATE)_(?:HOME|DIR))$/i;
