/** All vectors as one page of Markdown, by family. A test compares docs/reference/vectors.md with it. */
import { explainVector } from "./explanation.ts";
import { families } from "./index.ts";
import type { Vector } from "./vector.ts";

export function formatVectorsPage(): string {
  const all = families.flatMap(({ vectors }) => vectors);
  return [
    "# Vectors",
    "",
    `The lab's ${all.length} vectors. \`npm run docs:vectors\` writes this page from their source; \`postseal lab list\` lists them, and`,
    "`postseal lab explain ID` explains one. The letter of an id says what kind of vector it is: A is a downgrade before TLS, B an attack",
    "across the line between clear and TLS, C a peer that does not prove who it is, D weak TLS, G a sick or hostile server inside TLS,",
    "H an honest server.",
    "",
    ...families.flatMap(({ title, vectors }) => [`## ${title}`, "", ...vectors.flatMap(entry)]),
  ].join("\n");
}

function entry(vector: Vector): readonly string[] {
  const [head, ...sections] = explainVector(vector);
  return [
    `### ${vector.id}`,
    "",
    `${code(capitalised(vector.title))}. ${head?.lines.join(" ") ?? ""}`,
    "",
    ...sections.map(
      ({ title, lines }) => `- **${title}**: ${lines.map((line) => code(line)).join(title === "Sources" ? ", " : " ")}`,
    ),
    "",
  ];
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** Quoted octets as code, so that Markdown does not interpret them. */
function code(text: string): string {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"/g, (quoted) => `\`${quoted}\``);
}
