/** All vectors as one page of Markdown, family by family. docs/reference/vectors.md is this, and a test holds it to it. */
import { explainVector } from "./explanation.ts";
import { families } from "./index.ts";
import type { Vector } from "./vector.ts";

export function formatVectorsPage(): string {
  const all = families.flatMap(({ vectors }) => vectors);
  return [
    "# Vectors",
    "",
    `The lab's ${all.length} vectors, written from their source by \`npm run docs:vectors\`. \`postseal lab list\` shows them in short,`,
    "`postseal lab explain ID` one of them. A row of the threats has a letter and a number: A is a downgrade before TLS, B an",
    "attack across the line between clear and TLS, C a peer that does not prove who it is, D weak TLS, G a server that is sick",
    "or hostile inside TLS; H is an honest server.",
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

/** Quoted octets as code, so that no Markdown is seen in them. */
function code(text: string): string {
  return text.replaceAll(/"(?:[^"\\]|\\.)*"/g, (quoted) => `\`${quoted}\``);
}
