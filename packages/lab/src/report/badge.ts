/** The result as a badge for a repository's page: one SVG that fetches nothing, so no other server learns who looks at it or says what it shows. */
import { escaped } from "./entities.ts";
import type { Report } from "./report.ts";
import { tallyOf } from "./summary.ts";

const LABEL = "Postseal lab";
/** White text on each has a contrast of at least 4.5 (WCAG 2.2, 1.4.3). */
const COLOURS = { bad: "#b3122b", hung: "#475569", unproved: "#5f5a50", good: "#17694e" } as const;
/** A character's width at 11 px, with room to spare. `textLength` fits the text to it in every font. */
const CHARACTER = 6.2;
const MARGIN = 10;
const HEIGHT = 20;

export function formatBadge(report: Report): string {
  const { text, colour } = resultOf(report);
  const [label, width] = [widthOf(LABEL), widthOf(LABEL) + widthOf(text)];
  const title = escaped(`${LABEL}: ${text}`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${HEIGHT}" role="img" aria-label="${title}">
<title>${title}</title>
<rect width="${width}" height="${HEIGHT}" fill="#333"/><rect x="${label}" width="${width - label}" height="${HEIGHT}" fill="${colour}"/>
<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
${words(LABEL, 0)}
${words(text, label)}
</g>
</svg>
`;
}

interface Result {
  readonly text: string;
  readonly colour: string;
}

/** How many vectors, or with several clients how many of them. The worst comes first. */
function resultOf({ clients, unfinished = [] }: Report): Result {
  const tallies = clients.map(tallyOf);
  const isOne = tallies.length === 1;
  const [only] = tallies;
  const all = isOne ? (only?.runs ?? 0) : tallies.length;
  const numberOf = (fault: "failed" | "hung" | "unproved"): number =>
    isOne ? (only?.[fault] ?? 0) : tallies.filter((tally) => tally[fault] > 0).length;
  const of = `of ${all}${isOne ? "" : " clients"}`;
  if (numberOf("failed") > 0) return { text: `${numberOf("failed")} ${of} failed`, colour: COLOURS.bad };
  if (all === 0) return { text: "nothing tried", colour: COLOURS.unproved };
  if (numberOf("unproved") > 0)
    return { text: isOne ? "nothing proved" : `${numberOf("unproved")} ${of} unproved`, colour: COLOURS.unproved };
  if (unfinished.length > 0) return { text: "unfinished", colour: COLOURS.unproved };
  if (numberOf("hung") > 0) return { text: `${numberOf("hung")} ${of} hung`, colour: COLOURS.hung };
  return { text: `none ${of} failed`, colour: COLOURS.good };
}

function widthOf(text: string): number {
  return Math.round(text.length * CHARACTER) + MARGIN;
}

function words(text: string, from: number): string {
  const length = widthOf(text) - MARGIN;
  return `<text x="${from + MARGIN / 2}" y="14" textLength="${length}" lengthAdjust="spacingAndGlyphs">${escaped(text)}</text>`;
}
