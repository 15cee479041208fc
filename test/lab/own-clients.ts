/** What the client of test/lab/own-client.py may do to its judge, and what the lab has to say of it each time. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type LabOptions, type Report, runLab, type Subject, vectorNamed } from "@postseal/lab";

export interface Deed {
  readonly name: string;
  readonly what: string;
}

export const deeds: readonly Deed[] = [
  { name: "nothing", what: "does nothing more" },
  { name: "removes-message", what: "removes {message}" },
  { name: "overwrites-message", what: "overwrites {message} and {ca}" },
  { name: "locks-home", what: "leaves a read-only folder in HOME" },
  { name: "mounts-at-home", what: "mounts a file system in HOME" },
  { name: "writes-at-home", what: "leaves a process that writes in HOME" },
  { name: "opens-debugger", what: "opens a debugger in its judge, and blinds it" },
  { name: "removes-all", what: "removes all that it can reach of the lab" },
  { name: "fills-disk", what: "fills HOME, the folder for temporary files and shared memory" },
  { name: "signals-all", what: "signals every process" },
  { name: "holds-all", what: "leaves a process that keeps its output and a connection" },
  { name: "forks", what: "forks without end" },
  { name: "floods", what: "floods standard output" },
  { name: "never-ends", what: "ignores signals and never ends" },
];

/** The true outcomes, whatever it does: it delivers sealed, and without STARTTLS it goes on in the clear. */
export const truth: Readonly<Record<string, string>> = {
  "H-starttls": "delivered-sealed",
  "A1-removed-auth": "leaked-credentials",
  "A1-removed": "leaked-message",
  "C2-other-host": "held",
};

/** Python's own path: a version manager's wrapper decides from HOME what to start. */
const python: string = execFileSync("python3", ["-c", "import sys; print(sys.executable)"], {
  encoding: "utf8",
}).trim();
const program: string = fileURLToPath(new URL("./own-client.py", import.meta.url));

export function commandOf(deed: string): readonly string[] {
  const words = "{host} {port} {username} {password} {from} {to} {message} {ca} {work}".split(" ");
  return [python, program, deed, ...words];
}

/** Runs the lab once, with this client as often as is said. */
export function runDeed({ name }: Deed, times: number, options: Partial<LabOptions> = {}): Promise<Report> {
  const subjects = Array.from({ length: times }, (_, at): Subject => ({
    id: `own-${at + 1}`,
    title: "own",
    configuration: name,
    command: commandOf(name),
    transports: ["starttls"],
  }));
  const vectors = Object.keys(truth)
    .filter((id) => !id.startsWith("H-"))
    .map(vectorNamed);
  return runLab({ subjects, vectors, jobs: 4, timeoutMs: 8_000, environment: process.env, ...options });
}

/** What the lab said that is not so, and what it did not say. */
export function errorsIn({ clients, unfinished = [] }: Report): readonly string[] {
  return [
    ...clients.flatMap(({ id, runs }) =>
      Object.entries(truth).flatMap(([vector, outcome]) => {
        const run = runs.find((one) => one.vector === vector);
        return run?.outcome === outcome
          ? []
          : [`${id} ${vector}: ${run?.outcome ?? "none"} ${run?.client.output ?? ""}`];
      }),
    ),
    ...unfinished.map(({ client, vector, reason }) => `${client} ${vector}: ${reason}`),
  ];
}
