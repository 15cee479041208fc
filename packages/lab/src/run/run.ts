/** Runs the lab: for each client the positive control, then every vector; and makes the report. */
import { findNamespaces } from "../isolation/namespaces.ts";
import type { ClientReport, Outcome, Report, Run, VectorFacts } from "../report/report.ts";
import { honest, honestImplicit } from "../vectors/index.ts";
import type { Transport, Vector } from "../vectors/vector.ts";
import { Crew } from "./crew.ts";

/** A client to attack, in one configuration. */
export interface Subject {
  readonly id: string;
  readonly title: string;
  readonly configuration: string;
  /** Program and arguments, with placeholders such as `{host}` and `{port}`: see `placeholders`. */
  readonly command: readonly string[];
  readonly transports: readonly Transport[];
  /** False for a client that sends without logging in: then an honest delivery needs no login. Default true. */
  readonly login?: boolean;
}

export interface LabOptions {
  readonly subjects: readonly Subject[];
  readonly vectors: readonly Vector[];
  /** How many clients run at the same time, not counting those that only wait. Default 2. */
  readonly jobs?: number;
  /** Milliseconds that a client has for one vector. Default 10,000. */
  readonly timeoutMs?: number;
  /** The clients' environment. The lab sets `HOME`, `SSL_CERT_FILE` and `NODE_EXTRA_CA_CERTS`, and removes proxies. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** `loopback`: no namespaces, even if this machine allows them. */
  readonly isolation?: "auto" | "loopback";
  readonly signal?: AbortSignal;
  /** Called after each run. `done` of `all` trials are finished, this one included. */
  readonly onRun?: (subject: Subject, run: Run, done: number, all: number) => void;
}

/** Rejects with the signal's reason if the signal is aborted, after everything of the lab has ended. */
export async function runLab(given: LabOptions): Promise<Report> {
  const options = { __proto__: null, ...given };
  const startedAt = new Date();
  const started = performance.now();
  const namespaces = options.isolation === "loopback" ? { reason: "loopback was asked for" } : await findNamespaces();
  const isPrivate = "prefix" in namespaces;
  const vectors = options.vectors.filter((vector) => isPrivate || !needsName(vector));
  const abort = new AbortController();
  const signal = AbortSignal.any([abort.signal, ...(options.signal === undefined ? [] : [options.signal])]);
  await using crew = new Crew({
    jobs: options.jobs ?? 2,
    prefix: isPrivate ? namespaces.prefix : [],
    signal,
  });
  const lab = new Lab(options, vectors, crew);
  let clients: readonly ClientReport[];
  try {
    clients = await Promise.all(options.subjects.map((subject) => lab.examine(subject)));
  } catch (error) {
    abort.abort(error);
    throw error;
  }
  return {
    format: "postseal-lab-report",
    version: 1,
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(performance.now() - started),
    isolation: isPrivate ? "namespaces" : "loopback",
    ...(isPrivate ? {} : { isolationNote: noteOn(namespaces.reason, options.vectors.length - vectors.length) }),
    vectors: [...controls(options.subjects), ...vectors]
      .filter(({ id }, at, all) => all.findIndex((other) => other.id === id) === at)
      .map(factsOf),
    clients,
    absent: [],
  };
}

function factsOf({ id, title, attack, duty, sources, severity, transport, expected }: Vector): VectorFacts {
  return { id, title, attack, duty, sources, severity, transport, expected };
}

const DEFAULT_TIMEOUT = 10_000;
const CONTROLS: Readonly<Record<Transport, Vector>> = { starttls: honest, implicit: honestImplicit };

function controls(subjects: readonly Subject[]): readonly Vector[] {
  const transports = new Set(subjects.flatMap((subject) => subject.transports));
  return [...transports].map((transport) => CONTROLS[transport]);
}

class Lab {
  readonly #options: LabOptions;
  readonly #vectors: readonly Vector[];
  readonly #crew: Crew;
  readonly #environment: Readonly<Record<string, string>>;
  readonly #all: number;
  #done = 0;

  constructor(options: LabOptions, vectors: readonly Vector[], crew: Crew) {
    this.#options = options;
    this.#vectors = vectors;
    this.#crew = crew;
    this.#environment = environmentOf(options.environment ?? {});
    this.#all = options.subjects.reduce((sum, { transports }) => sum + this.#trialsFor(transports).length, 0);
  }

  async examine(subject: Subject): Promise<ClientReport> {
    const byTransport = await Promise.all(subject.transports.map((transport) => this.#examineOver(subject, transport)));
    const runs = byTransport.flat();
    const order = new Map(this.#trialsFor(subject.transports).map(({ id }, at) => [id, at]));
    return {
      id: subject.id,
      title: subject.title,
      configuration: subject.configuration,
      command: subject.command,
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
    if (first.outcome !== "delivered-sealed") {
      const outcome: Outcome =
        first.outcome === "over-strict" || first.outcome === "held" ? "control-failed" : first.outcome;
      this.#done += others.length;
      return [{ ...first, outcome }];
    }
    // In reverse: the sick servers come last, so their long waits begin first and pass beside the other runs.
    return [first, ...(await Promise.all(others.toReversed().map((vector) => this.#try(subject, vector))))];
  }

  async #try(subject: Subject, vector: Vector): Promise<Run> {
    const { onRun, timeoutMs = DEFAULT_TIMEOUT } = this.#options;
    const run = await this.#crew.run({
      vector,
      command: subject.command,
      environment: this.#environment,
      timeoutMs,
      login: subject.login ?? true,
    });
    this.#done += 1;
    onRun?.(subject, run, this.#done, this.#all);
    return run;
  }
}

/** Without proxies, which would lead the client out of the lab or nowhere, and without authorities other than the lab's. */
function environmentOf(given: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) =>
      value === undefined || /_proxy$|^(SSL_CERT_DIR|CURL_CA_BUNDLE|REQUESTS_CA_BUNDLE)$/i.test(name)
        ? []
        : [[name, value] as const],
    ),
  );
}

/** Whether the vector is about the names in a certificate: if clients can only connect to an address, it cannot be played. */
function needsName({ reference = "name", script }: Vector): boolean {
  const { certificate = "good" } = script;
  return reference === "deepName" || (reference === "name" && NAMES_ONLY.has(certificate));
}

const NAMES_ONLY: ReadonlySet<string> = new Set([
  "wildcard",
  "partialWildcard",
  "commonNameOnly",
  "uriOnly",
  "emailOnly",
  "srvOnly",
]);

function noteOn(reason: string, left: number): string {
  return [
    `No private network (${reason}): the client connected to an address, on a port other than 587 and 465, and trusted the`,
    "lab's authority only if its command has {ca} or it reads SSL_CERT_FILE.",
    ...(left === 0
      ? []
      : [`${left} ${left === 1 ? "vector that needs a name was" : "vectors that need a name were"} left out.`]),
  ].join(" ");
}
