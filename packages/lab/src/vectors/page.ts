/** All vectors as one page of Markdown, by family. A test compares docs/reference/vectors.md with it. */
import { explainVector, type Section } from "./explanation.ts";
import { families } from "./index.ts";
import type { Vector } from "./vector.ts";

/** The only section that differs between vectors of a group. */
const OWN = "How the impostor differs from an honest server";

export function formatVectorsPage(): string {
  const all = families.flatMap(({ vectors }) => vectors);
  return [
    "# Vectors",
    "",
    `The lab's ${all.length} vectors. \`npm run docs:vectors\` writes this page from their source; \`postseal lab list\` lists them, and`,
    "`postseal lab explain ID` explains one. The letter of an id says what kind of vector it is: A is a downgrade before TLS, B an attack",
    "across the line between clear and TLS, C a peer that does not prove who it is, D weak TLS, E a login with a server that cheats, G a",
    "sick or hostile server inside TLS, H an honest server. Vectors that differ only in what the impostor does share a description, which stands before them.",
    "",
    ...families.flatMap(({ title, vectors }) => [`## ${title}`, "", ...groupsOf(vectors).flatMap(formatGroup)]),
  ].join("\n");
}

/** Neighbours with the same description. */
function groupsOf(vectors: readonly Vector[]): readonly (readonly Vector[])[] {
  const groups: Vector[][] = [];
  for (const vector of vectors) {
    const group = groups.at(-1);
    const [first] = group ?? [];
    if (group !== undefined && first !== undefined && description(first) === description(vector)) group.push(vector);
    else groups.push([vector]);
  }
  return groups;
}

function formatGroup(vectors: readonly Vector[]): readonly string[] {
  const [first] = vectors;
  const last = vectors.at(-1);
  if (first === undefined || last === undefined) return [];
  if (first === last) return [...formatVector(first).slice(0, -1), description(first), ""];
  return [`\`${first.id}\` to \`${last.id}\`:`, "", description(first), "", ...vectors.flatMap(formatVector)];
}

function description(vector: Vector): string {
  const [, ...sections] = explainVector(vector);
  return sections
    .filter(({ title }) => title !== OWN)
    .map(bullet)
    .join("\n");
}

function formatVector(vector: Vector): readonly string[] {
  const [head, ...sections] = explainVector(vector);
  const own = sections.filter(({ title }) => title === OWN).flatMap(({ lines }) => lines);
  return [
    `### ${vector.id}`,
    "",
    `${code(capitalised(vector.title))}. ${head?.lines.join(" ") ?? ""}`,
    "",
    `- **${OWN}**: ${own.map(code).join(" ")}`,
    "",
  ];
}

function bullet({ title, lines }: Section): string {
  return `- **${title}**: ${lines.map(code).join(title === "Sources" ? ", " : " ")}`;
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** Quoted octets as code, so that Markdown does not interpret them. */
function code(text: string): string {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"/g, (quoted) => `\`${quoted}\``);
}
