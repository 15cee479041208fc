/** Runs the lab: for each client the positive control, then every vector; and makes the report. */
import { existsSync } from "node:fs";
import { nameShapes } from "../authority/shape.ts";
import { clear } from "../isolation/clear.ts";
import { findNamespaces, type Namespaces } from "../isolation/namespaces.ts";
import { makePrivateFolder } from "../isolation/private-folder.ts";
import type { ClientReport, Report, UnfinishedTrial, VectorFacts } from "../report/report.ts";
import type { Vector } from "../vectors/vector.ts";
import { Crew } from "./crew.ts";
import { controls, Examination } from "./examination.ts";
import type { LabOptions } from "./options.ts";

/**
 * Reports all that was judged, even if the signal was aborted or the lab failed: `unfinished` then says what has no result. If
 * nothing was judged, it rejects with the signal's reason or the first failure. Everything of the lab has ended by then.
 */
export async function runLab(given: LabOptions): Promise<Report> {
  const options = { __proto__: null, ...given };
  const startedAt = new Date();
  const started = performance.now();
  const namespaces = options.isolation === "loopback" ? { reason: "loopback was asked for" } : await findNamespaces();
  const isPrivate = "prefix" in namespaces;
  const vectors = options.vectors.filter((vector) => isPrivate || !needsName(vector));
  const { clients, unfinished, left } = await examineAll(options, vectors, namespaces);
  const notes = [isPrivate ? "" : noteOn(namespaces.reason, options.vectors.length - vectors.length), left];
  return {
    format: "postseal-lab-report",
    version: 1,
    startedAt: startedAt.toISOString(),
    durationMs: Math.round(performance.now() - started),
    isolation: isPrivate ? "namespaces" : "loopback",
    ...(notes.some((note) => note !== "") ? { isolationNote: notes.join(" ").trim() } : {}),
    vectors: [...controls(options.subjects), ...vectors]
      .filter(({ id }, at, all) => all.findIndex((other) => other.id === id) === at)
      .map(factsOf),
    clients,
    absent: [],
    ...(unfinished.length === 0 ? {} : { unfinished }),
  };
}

interface Examined {
  readonly clients: readonly ClientReport[];
  readonly unfinished: readonly UnfinishedTrial[];
  /** Empty if nothing is left of the run. */
  readonly left: string;
}

async function examineAll(options: LabOptions, vectors: readonly Vector[], namespaces: Namespaces): Promise<Examined> {
  const folder = makePrivateFolder("lab");
  process.on("SIGUSR1", ignore);
  let examined: Omit<Examined, "left">;
  try {
    examined = await examineIn(folder, options, vectors, namespaces);
  } finally {
    process.off("SIGUSR1", ignore);
    await clear(folder);
  }
  const left = existsSync(folder) ? `The folder ${folder} could not be removed.` : "";
  return { ...examined, left };
}

/** On SIGUSR1 Node would otherwise open a debugger, to which a client could connect. */
function ignore(): void {
  // Nothing happens.
}

async function examineIn(
  folder: string,
  options: LabOptions,
  vectors: readonly Vector[],
  namespaces: Namespaces,
): Promise<Omit<Examined, "left">> {
  const { prefix, cell } = "prefix" in namespaces ? namespaces : { prefix: [], cell: undefined };
  const { jobs = 2, signal = new AbortController().signal } = options;
  await using crew = new Crew({ jobs, prefix, cell, folder, signal });
  const examination = new Examination(options, vectors, crew);
  const clients = await Promise.all(options.subjects.map((subject) => examination.examine(subject)));
  const [failure] = examination.failures;
  if (failure !== undefined && clients.every(({ runs }) => runs.length === 0)) throw failure.error;
  return { clients, unfinished: examination.failures.map(({ trial }) => trial) };
}

function factsOf({ id, title, attack, duty, sources, severity, transport, expected }: Vector): VectorFacts {
  return { id, title, attack, duty, sources, severity, transport, expected };
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
  ...nameShapes,
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
