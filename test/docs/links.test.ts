/** Every link of the documentation leads to an existing file and heading. */
import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";

const pages = globSync(["*.md", "docs/**/*.md", "packages/*/README.md"]);

for (const page of pages) {
  test(`every link of ${page} has a target`, () => {
    const text = readFileSync(page, "utf8").replaceAll(/^```[\s\S]*?^```$/gm, "");
    const broken = [...text.matchAll(/\]\((?!https?:|mailto:)([^)\s]*)\)/g)]
      .map(([, link = ""]) => link)
      .filter((link) => !leadsSomewhere(page, link));
    assert.deepEqual(broken, []);
  });
}

test("there are pages and links", () => {
  assert.ok(pages.length > 40);
});

function leadsSomewhere(page: string, link: string): boolean {
  const [file = "", anchor] = link.split("#");
  const target = file === "" ? page : path.join(path.dirname(page), file);
  if (!existsSync(target)) return false;
  return anchor === undefined || anchorsOf(target).includes(anchor);
}

/** The anchors that GitHub makes from headings. */
function anchorsOf(file: string): readonly string[] {
  const headings = readFileSync(file, "utf8").matchAll(/^#+ (.*)$/gm);
  return [...headings].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{Pc}\s-]/gu, "")
      .trim()
      .replaceAll(" ", "-"),
  );
}
