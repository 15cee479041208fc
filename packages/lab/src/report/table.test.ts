import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { terms } from "./outcome-terms.ts";
import { isFailure, outcomes } from "./report.ts";
import { hostileText, largeSample, sampleOf, sampleReport } from "./sample.ts";
import { formatTable } from "./table.ts";

const plain = { columns: 80, colour: false };
const many = largeSample(25);

function linesOf(text: string): readonly string[] {
  return text.trimEnd().split("\n");
}

suite("one client", () => {
  const lines = linesOf(formatTable(sampleOf("skua"), plain));

  test("the result comes first", () => {
    assert.equal(lines[0], "skua 0.9.1 --tls-optional failed 8 of 13 vectors, and hung in 1 more");
  });

  test("what has no result is said, with the reason, and keeps the conclusion from being more than was seen", () => {
    const trial = { client: "heron", configuration: "", vector: "A2-220go", reason: "interrupted by SIGINT" };
    const text = formatTable({ ...sampleOf("heron"), unfinished: [trial, { ...trial, vector: "A9-nul" }] }, plain);
    assert.match(text.replaceAll(/\s+/g, " "), / 2 trials without a result: interrupted by SIGINT\. /);
    assert.match(text, /^No failures among the trials that have a result\.$/m);
  });

  test("failures come first, the worst of them at the top, with title and evidence", () => {
    const at = lines.indexOf("leaked-credentials (2): the attacker got the login, or a proof of it");
    assert.deepEqual(lines.slice(at + 1, at + 4), [
      "  What to change: use --tls instead of --tls-optional.",
      "  A1-removed-auth  STARTTLS removed, AUTH dangled",
      "                   connection 1: password in the clear (and 1 more)",
    ]);
    const order = lines.flatMap((line) => /^([a-z-]+) \(\d+\)/.exec(line)?.[1] ?? []);
    assert.deepEqual(
      order,
      outcomes.filter((outcome) => outcome !== "control-failed"),
    );
  });

  test("everything that held is reported in one line", () => {
    assert.ok(lines.includes("  A10 1, G 1"));
  });

  test("the last line is a command that explains the worst failure", () => {
    assert.equal(lines.at(-1), "  postseal lab explain A1-removed-auth");
  });

  test("a client without failures needs no explanation", () => {
    const good = formatTable(sampleOf("heron"), plain);
    assert.match(good, /^heron 2\.0\.0 failed none of 13 vectors\n/);
    assert.match(good, /\nNo failures\.\n$/);
  });

  test("if the honest server got nothing, the client's own words are shown, and nothing is claimed", () => {
    const void_ = formatTable(sampleOf("dodo"), plain);
    assert.match(void_, /^dodo 1\.0 starttls\(context\): nothing is proved/);
    assert.match(void_, /\n {2}\| dodo: no such option\n/);
    assert.doesNotMatch(void_, /failed \d+ of|failures?\./);
  });
});

suite("if the honest server got something else, the report says what, and what to change", () => {
  const [dodo] = sampleOf("dodo").clients;
  assert.ok(dodo !== undefined);
  const other = { ...dodo, runs: dodo.runs.map((run) => ({ ...run, shortfall: "other-message" as const })) };
  const words = /the honest server got a message, but not the lab's: put \{body\} into yours/;

  test("one client", () => {
    const text = formatTable({ ...sampleOf("dodo"), clients: [other] }, { columns: 200, colour: false });
    assert.match(text.split("\n")[0] ?? "", words);
    assert.doesNotMatch(text, /got no message/);
  });

  test("several clients", () => {
    const text = formatTable({ ...sampleReport, clients: [other, dodo] }, { columns: 200, colour: false });
    assert.match(text, words);
    assert.match(text, /: 0 of 13 failed, 13 void: the honest server got no message/);
  });
});

suite("a client that hung gave nothing away, so it is counted apart", () => {
  const [heron] = sampleOf("heron").clients;
  const [skua] = sampleOf("skua").clients;
  assert.ok(heron !== undefined && skua !== undefined);
  const hung = { ...heron, runs: heron.runs.map((run, at) => (at < 2 ? run : { ...run, outcome: "hang" as const })) };
  const only = { ...sampleOf("heron"), clients: [hung] };

  test("one client", () => {
    const lines = linesOf(formatTable(only, plain));
    assert.equal(lines[0], "heron 2.0.0 failed none of 13 vectors, but hung in 11");
    assert.match(lines.at(-2) ?? "", /^11 hangs\. What/);
    assert.match(formatTable(sampleOf("skua"), plain), /\n8 failures and 1 hang\. What/);
  });

  test("several clients", () => {
    const [headline] = linesOf(formatTable({ ...only, clients: [hung, skua, heron] }, plain));
    assert.equal(headline, "1 of 3 client configurations failed, and 1 only hung");
  });
});

suite("several clients", () => {
  const text = formatTable(sampleReport, plain);
  const grid = linesOf(formatTable(many, plain));

  test("a row has the worst outcome of each family", () => {
    const [letters = "", numbers = ""] = linesOf(text).slice(5);
    assert.match(letters, /^ +A +B +C +D +G +H$/);
    assert.match(numbers, /^ +1 2 5 9 10 +1 +2 +- +- +-$/);
    assert.match(text, /\nskua 0\.9\.1 --tls-optional +P M o E {2}\. {2}F {2}P {2}W {2}H {2}\+\n/);
  });

  test("every mark that occurs is explained, and no other mark", () => {
    for (const outcome of outcomes) assert.match(text, new RegExp(`\\n {2}[${terms[outcome].mark}] {2}${outcome}: `));
    assert.doesNotMatch(formatTable(many, plain), /control-failed/);
  });

  test("failures are listed below by client, and clients without failures are left out", () => {
    assert.match(
      text,
      /\nskua 0\.9\.1 --tls-optional: 8 of 13 failed, 1 hung\n {2}leaked-credentials: A1-removed-auth C2-other-host\n/,
    );
    assert.doesNotMatch(text, /heron 2\.0\.0:/);
    assert.match(text, /dodo 1\.0 starttls\(context\): 0 of 13 failed, 13 void/);
  });

  test("what to change is said once for each client", () => {
    assert.equal(text.match(/What to change: use --tls instead of --tls-optional\.\n/g)?.length, 1);
    assert.match(text, /\n {2}What to change: use --patience\.\n/);
  });

  test("absent clients are named", () => {
    assert.match(text, /\nNot on this machine: msmtp, swaks\.\n/);
  });

  test("25 configurations under all vectors fit 80 columns", () => {
    assert.deepEqual(
      grid.filter((line) => line.length > 80),
      [],
    );
    for (const { configuration, title } of many.clients)
      assert.ok(grid.some((line) => line.includes(configuration) || line.includes(title)));
  });

  test("a narrow terminal has one grid below the other", () => {
    const narrow = linesOf(formatTable(many, { columns: 48, colour: false }));
    assert.ok(narrow.filter((line) => /^ +A( |$)/.test(line)).length === 1);
    assert.ok(narrow.filter((line) => /^ +[A-H](?: +[A-H])*$/.test(line)).length > 1);
    assert.deepEqual(
      narrow.filter((line) => line.length > 48 && line.trim().includes(" ") && !line.includes("postseal lab")),
      [],
    );
  });
});

for (const [name, report] of Object.entries({
  one: sampleOf("skua"),
  void: sampleOf("dodo"),
  several: sampleReport,
  many,
})) {
  test(`colour adds nothing but colour: ${name}`, () => {
    const coloured = formatTable(report, { columns: 80, colour: true });
    assert.notEqual(coloured, stripVTControlCharacters(coloured));
    assert.equal(stripVTControlCharacters(coloured), formatTable(report, plain));
  });

  test(`the isolation and its note are reported: ${name}`, () => {
    const words = formatTable(report, plain).replaceAll(/\s+/g, " ");
    assert.ok(words.includes(`Isolation: ${report.isolation}`) && words.includes(report.isolationNote ?? "?"));
  });
}

test("whatever a client, a server or a report says reaches the terminal only as text", () => {
  const [client] = sampleOf("dodo").clients;
  assert.ok(client !== undefined);
  const hostile = { ...client, id: hostileText, title: hostileText, configuration: hostileText };
  const reports = [sampleReport.clients, [hostile], [hostile, hostile]].map((clients) => ({
    ...sampleReport,
    clients,
    isolationNote: hostileText,
    absent: [{ id: "x", name: hostileText }],
    vectors: sampleReport.vectors.map((vector) => ({ ...vector, title: hostileText })),
  }));
  for (const report of reports) {
    const text = formatTable(report, plain);
    assert.ok(text.includes("\\x1b[2J"));
    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    assert.equal(Buffer.from(text).toString(), text);
  }
});

test("each outcome has its own mark, which is a capital if the client failed", () => {
  const marks = outcomes.map((outcome) => terms[outcome].mark);
  assert.equal(new Set(marks).size, outcomes.length);
  for (const outcome of outcomes) {
    assert.equal(/^[A-Z]$/.test(terms[outcome].mark), isFailure(outcome) && outcome !== "control-failed");
    assert.ok(terms[outcome].word.length <= 6);
  }
});
