/** The lab can fail a client: for each outcome there is a client that deserves it, and a careful one that does not. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type Outcome, outcomes, runLab, vectorNamed } from "@postseal/lab";

const conditions = process.execArgv.filter((argument) => argument.startsWith("--conditions"));
const program = fileURLToPath(new URL(`./leaky-client${path.extname(import.meta.url)}`, import.meta.url));

function leaky(flaws: readonly string[]): readonly string[] {
  const words = "{host} {port} {ca} {username} {password} {from} {to} {body}".split(" ");
  return [process.execPath, ...conditions, program, ...words, ...flaws];
}

interface Case {
  readonly outcome: Outcome;
  readonly flaws: readonly string[];
  readonly vector: string;
  readonly login?: boolean;
}

const cases: readonly Case[] = [
  { outcome: "leaked-credentials", flaws: ["opportunistic"], vector: "A1-removed-auth" },
  { outcome: "leaked-message", flaws: ["opportunistic", "withoutLogin"], vector: "A1-removed", login: false },
  { outcome: "weak-tls", flaws: ["lax"], vector: "D-tls10" },
  { outcome: "false-success", flaws: ["boasts"], vector: "B6-code" },
  { outcome: "injected", flaws: ["buffers"], vector: "B1-merging" },
  { outcome: "hang", flaws: ["hangs"], vector: "A1-removed" },
  { outcome: "crash", flaws: ["crashes"], vector: "A1-removed" },
  { outcome: "over-strict", flaws: ["caseSensitive"], vector: "A5-lower-case" },
  { outcome: "control-failed", flaws: ["refuses"], vector: "H-starttls" },
  { outcome: "delivered-sealed", flaws: [], vector: "A5-lower-case" },
  { outcome: "held", flaws: [], vector: "A1-removed-auth" },
];

async function outcomeOf({ flaws, vector, login = true }: Omit<Case, "outcome">): Promise<Outcome | undefined> {
  const report = await runLab({
    vectors: [vectorNamed(vector)],
    timeoutMs: flaws.includes("hangs") ? 4_000 : 20_000,
    subjects: [
      {
        id: "leaky",
        title: "leaky client",
        configuration: flaws.join(" "),
        command: leaky(flaws),
        transports: ["starttls"],
        login,
      },
    ],
  });
  return report.clients[0]?.runs.find((run) => run.vector === vector)?.outcome;
}

suite("a client of the lab is judged", () => {
  for (const { outcome, ...deed } of cases) {
    test(`${outcome}: ${deed.flaws.join(", ") || "careful"}, at ${deed.vector}`, async () => {
      assert.equal(await outcomeOf(deed), outcome);
    });
  }

  // Its control has to deliver, so only in the clear does a reply stop it after the envelope.
  test("leaked-envelope: opportunistic, if the body is refused in the clear", async () => {
    const vector = {
      ...vectorNamed("A1-removed"),
      script: { clear: { capabilities: [], on: { DATA: [{ do: "say", text: "451 4.3.0 Later\r\n" } as const] } } },
    };
    const report = await runLab({
      vectors: [vector],
      subjects: [
        {
          id: "leaky",
          title: "leaky client",
          configuration: "",
          command: leaky(["opportunistic", "withoutLogin"]),
          transports: ["starttls"],
          login: false,
        },
      ],
    });
    assert.deepEqual(
      report.clients[0]?.runs.map(({ outcome }) => outcome),
      ["delivered-sealed", "leaked-envelope"],
    );
  });

  test("each outcome has a case", () => {
    const tried = new Set<string>([...cases.map(({ outcome }) => outcome), "leaked-envelope"]);
    assert.deepEqual(
      outcomes.filter((outcome) => !tried.has(outcome)),
      [],
    );
  });
});
