/** Draws docs/demo.svg: what the second scene of `npm run demo` prints. With `--check` it reports whether the picture still shows that. */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const picture = new URL("../docs/demo.svg", import.meta.url);
const demo = new URL("demo/demo.ts", import.meta.url);
const WIDTH = 720;
const LINE = 18;
const MARGIN = 20;
/** The width of a character. */
const ADVANCE = 8.4;

const drawn = draw(
  secondScene(execFileSync(process.execPath, [...process.execArgv, demo.pathname], { encoding: "utf8" })),
);
if (!process.argv.includes("--check")) {
  writeFileSync(picture, drawn);
} else if (readFileSync(picture, "utf8") !== drawn) {
  process.stdout.write(`${drawn}\nThe demo does not print what docs/demo.svg shows: npm run docs:demo\n`);
  process.exitCode = 1;
}

/** The second scene, which is the same in every run. */
function secondScene(printed: string): readonly string[] {
  const [, scene = ""] = printed.split("\n2. ");
  const [attack = ""] = scene.split("\nAll of this");
  return ["$ npm run demo", "…", `2. ${attack.trimEnd()}`].join("\n").split("\n");
}

function draw(lines: readonly string[]): string {
  const height = lines.length * LINE + 2 * MARGIN;
  const texts = lines.map((line, index) => textOf(line, MARGIN + LINE * (index + 1) - 4)).filter((text) => text !== "");
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" role="img">`,
    "<title>The demo: an attacker removes STARTTLS, and Postseal sends nothing but EHLO</title>",
    `<rect width="${WIDTH}" height="${height}" rx="8" fill="#10151c"/>`,
    `<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14">`,
    ...texts,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

/** Indents by position, since SVG ignores leading spaces, and fixes the length, so that columns line up in any font. */
function textOf(line: string, y: number): string {
  const text = line.trimStart();
  if (text === "") return "";
  const x = MARGIN + (line.length - text.length) * ADVANCE;
  const length = text.length * ADVANCE;
  return `<text x="${x.toFixed(1)}" y="${y}" textLength="${length.toFixed(1)}" fill="${colourOf(line)}">${escape(text)}</text>`;
}

function colourOf(line: string): string {
  if (line.startsWith("  ✓")) return "#7ee29a";
  if (line.startsWith("    S:") || line.startsWith("    C:")) return "#f2c879";
  if (line.startsWith("    ")) return "#ffffff";
  return "#b9c4d0";
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
