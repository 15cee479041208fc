import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { suite, test } from "node:test";
import { Script } from "node:vm";
import { formatHtml } from "./html.ts";
import { linkOf } from "./page/source-link.ts";
import { hostileText, largeSample, sampleReport } from "./sample.ts";

const page = formatHtml(sampleReport);

/** The text between two words, both of which must occur. */
function between(text: string, start: string, end: string): string {
  const from = text.indexOf(start);
  const to = text.indexOf(end, from);
  assert.ok(from !== -1 && to !== -1, `${start} … ${end}`);
  return text.slice(from + start.length, to);
}

const dataOf = (html: string): string => between(html, '<script type="application/json" id="report">', "</script>");

suite("the page of a report", () => {
  test("25 client configurations under all vectors stay below 6 MB", () => {
    assert.ok(Buffer.byteLength(formatHtml(largeSample(25))) < 6_000_000);
  });

  test("a report that is too large first loses the conversations of runs that went well", () => {
    const html = formatHtml(largeSample(60));
    assert.ok(Buffer.byteLength(html) < 8_000_000);
    // Outcomes are numbered from the worst, as in the data.
    const runs = dataOf(html)
      .split('{"outcome":')
      .slice(1)
      .map((run) => ({ outcome: Number.parseInt(run, 10), isKept: !run.includes('"connections":null') }));
    const kept = runs.filter(({ isKept }) => isKept).map(({ outcome }) => outcome);
    const left = runs.filter(({ isKept }) => !isKept).map(({ outcome }) => outcome);
    assert.ok(kept.length > 0 && left.length > 0);
    assert.ok(Math.max(...kept) <= Math.min(...left));
  });

  test("equal texts are stored once", () => {
    assert.equal(dataOf(page).split("220 2.0.0 Ready to start TLS").length, 2);
  });

  test("its policy allows only its own style and script, and no fetching", () => {
    const policy = between(page, 'Content-Security-Policy" content="', '">');
    const hash = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
    assert.deepEqual(policy.split("; "), [
      "default-src 'none'",
      `style-src ${hash(between(page, "<style>", "</style>"))}`,
      `script-src ${hash(between(page, "<script>", "</script>"))}`,
      "img-src data:",
      "base-uri 'none'",
      "form-action 'none'",
    ]);
    assert.doesNotMatch(
      page,
      /\bstyle="|\bon[a-z]+="|https?:(?!\/\/(?:www\.w3\.org\/2000\/svg|www\.rfc-editor\.org\/|www\.cve\.org\/))/,
    );
  });

  test("its script compiles", () => {
    assert.ok(new Script(between(page, "<script>", "</script>")) instanceof Script);
    assert.doesNotMatch(
      between(page, "<script>", "</script>"),
      /innerHTML|insertAdjacent|document\.write|eval|Function\(/,
    );
  });

  test("nothing from the report becomes markup", () => {
    const [client] = sampleReport.clients;
    assert.ok(client !== undefined);
    const hostile = formatHtml({
      ...sampleReport,
      startedAt: hostileText,
      isolationNote: hostileText,
      absent: [{ id: "x", name: hostileText }],
      clients: [{ ...client, title: hostileText, configuration: hostileText, command: [hostileText] }],
    });
    assert.doesNotMatch(hostile, /<img|<!--/);
    assert.equal(hostile.split("</script>").length, 3);
    assert.doesNotMatch(dataOf(hostile), /</);
    assert.doesNotMatch(hostile, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });
});

test("an RFC becomes a link that takes only a number and a section from its source", () => {
  assert.equal(linkOf("RFC 3207 section 4.2"), "https://www.rfc-editor.org/rfc/rfc3207#section-4.2");
  assert.equal(linkOf("RFC 5246 appendix A.5"), "https://www.rfc-editor.org/rfc/rfc5246#appendix-A.5");
  assert.equal(linkOf("RFC 9525"), "https://www.rfc-editor.org/rfc/rfc9525");
  assert.equal(linkOf("CVE-2011-0411"), "https://www.cve.org/CVERecord?id=CVE-2011-0411");
  for (const source of ["striptls SMTP.InjectCommand", "RFC 3207 section 4 and more", "javascript:alert(1)", "RFC 1\n"])
    assert.equal(linkOf(source), undefined);
});
