import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { suite, test } from "node:test";
import { formatJunit } from "./junit.ts";
import { hostileText, sampleReport } from "./sample.ts";
import type { Report } from "./report.ts";

/** Prints elements, attributes, texts and children as a foreign XML parser reads them. */
const READ = `
import json, sys, xml.etree.ElementTree as tree
def plain(element):
    return {"tag": element.tag, "attributes": element.attrib, "text": element.text or "", "children": [plain(child) for child in element]}
json.dump(plain(tree.fromstring(sys.stdin.buffer.read())), sys.stdout)
`;
const python = spawnSync("python3", ["-c", "import xml.etree.ElementTree"]).status === 0;

interface Element {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly children: readonly Element[];
}

function read(report: Report): Element {
  return parsed(JSON.parse(execFileSync("python3", ["-c", READ], { input: formatJunit(report), encoding: "utf8" })));
}

function parsed(value: unknown): Element {
  assert.ok(isElement(value));
  return value;
}

function isElement(value: unknown): value is Element {
  return typeof value === "object" && value !== null && "children" in value && Array.isArray(value.children);
}

function find({ children }: Element, tag: string): readonly Element[] {
  return children.flatMap((child) => [...(child.tag === tag ? [child] : []), ...find(child, tag)]);
}

suite("JUnit", { skip: python ? false : "there is no python3 to read XML" }, () => {
  test("each client configuration is a suite, each vector a test, each failure a failure", () => {
    const suites = read(sampleReport);
    assert.deepEqual(
      find(suites, "testsuite").map(({ attributes: { name, tests, failures } }) => [name, tests, failures]),
      [
        ["skua 0.9.1 --tls-optional", "13", "9"],
        ["heron 2.0.0", "13", "0"],
        ["dodo 1.0 starttls(context)", "13", "13"],
      ],
    );
    assert.equal(suites.attributes["failures"], "22");
    assert.equal(find(suites, "testcase").length, 39);
    assert.equal(find(suites, "failure").length, 22);
  });

  test("a failure has its outcome, its evidence, what the attack does and what a correct client does", () => {
    const found = find(read(sampleReport), "testcase").find(({ attributes }) =>
      attributes["name"]?.startsWith("A1-removed-auth "),
    );
    assert.deepEqual(found?.attributes, {
      classname: "postseal-lab.skua --tls-optional",
      name: "A1-removed-auth STARTTLS removed, AUTH dangled",
      time: "0.212",
    });
    const [failure] = found.children;
    assert.deepEqual(failure?.attributes, {
      type: "leaked-credentials",
      message: "leaked-credentials: connection 1: password in the clear (and 1 more)",
    });
    assert.match(failure.text, /password in the clear\nleaked-credentials: connection 1: username in the clear\n/);
    assert.match(failure.text, /What the attack does: Change the EHLO reply/);
    assert.match(failure.text, /What a correct client does: Fail; no octet/);
    assert.match(failure.text, /\nWhat to change: use --tls instead of --tls-optional\n/);
  });

  test("over-strict is a passed test, and its output explains it", () => {
    const found = find(read(sampleReport), "testcase").find(({ attributes }) =>
      attributes["name"]?.startsWith("A5-lower-case "),
    );
    assert.deepEqual(
      found?.children.map(({ tag }) => tag),
      ["system-out"],
    );
    assert.match(found.children[0]?.text ?? "", /^over-strict: refused although delivery was safe/);
  });

  test("a trial without a result is an error", () => {
    const unfinished = [
      { client: "dodo", configuration: "starttls(context)", vector: "A2-220go", reason: "no <time>" },
    ];
    const suites = read({ ...sampleReport, unfinished });
    assert.deepEqual(
      find(suites, "testsuite").map(({ attributes }) => attributes["errors"]),
      ["0", "0", "1"],
    );
    const [error] = find(suites, "error");
    assert.equal(error?.attributes["message"], "no <time>");
  });

  test("texts of servers and clients stay text, and no character breaks the XML", () => {
    const every = `${hostileText}${Array.from({ length: 0x110 }, (_, code) => String.fromCharCode(code)).join("")}\uffff`;
    const [client] = sampleReport.clients.slice(2);
    assert.ok(client !== undefined);
    const runs = client.runs.map((run) => ({ ...run, client: { ...run.client, output: every } }));
    const hostile = { ...client, title: every, configuration: every, id: every, command: [every], runs };
    const suites = read({ ...sampleReport, clients: [hostile], isolationNote: every, startedAt: every });
    assert.equal(find(suites, "img").length, 0);
    const [output] = find(suites, "system-out");
    assert.ok(output?.text.includes("\\x1b[2J\\x9b1m</script><img src=x onerror=alert(1)><!-- ]]> =1+1"));
    assert.ok(output?.text.includes("&amp; \\ud800\\x00\\x01"));
    assert.ok(find(suites, "testsuite")[0]?.attributes["name"]?.includes("!\"#$%&'()"));
  });
});
