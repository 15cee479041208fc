/** Clients that leak where few would listen, or use what was injected if a race goes their way; and what each deserves. */
import path from "node:path";
import { type Outcome, type Report, runLab, type Subject, vectorNamed } from "@postseal/lab";

export interface FaultyCase {
  readonly client: string;
  readonly vector: string;
  readonly outcome: Outcome;
}

export const faultyCases: readonly FaultyCase[] = [
  { client: "one-buffer", vector: "B1-same-segment", outcome: "injected" },
  { client: "one-buffer", vector: "B1-command", outcome: "injected" },
  { client: "one-buffer", vector: "B1-merging", outcome: "injected" },
  { client: "one-buffer", vector: "B1-one-octet", outcome: "injected" },
  { client: "one-buffer", vector: "A2-220go", outcome: "held" },
  { client: "falls-back", vector: "C1-self-signed", outcome: "leaked-credentials" },
  { client: "raw-login", vector: "G-handshake-stalls", outcome: "leaked-credentials" },
  { client: "false-record", vector: "C1-self-signed", outcome: "leaked-credentials" },
  { client: "floods", vector: "A1-removed", outcome: "held" },
  { client: "other-port", vector: "A1-removed", outcome: "leaked-credentials" },
];

/** The outcomes of so many runs at once, each with a control of its own. */
export async function outcomesOf({ client, vector }: FaultyCase, times: number): Promise<readonly Outcome[]> {
  const report = await runLab({
    vectors: [vectorNamed(vector)],
    subjects: Array.from({ length: times }, (_, index) => subject(client, index)),
    jobs: 4,
  });
  return runsOf(report, vector);
}

function subject(client: string, index: number): Subject {
  return {
    id: `${client}-${index}`,
    title: client,
    configuration: "",
    command: [
      "python3",
      path.resolve("test/lab/faulty", `${client}.py`),
      ...["host", "port", "ca", "username", "password", "from", "to", "message"].map((word) => `{${word}}`),
    ],
    transports: ["starttls"],
  };
}

function runsOf(report: Report, vector: string): readonly Outcome[] {
  return report.clients.map(({ runs }) => runs.find((run) => run.vector === vector)?.outcome ?? "control-failed");
}
