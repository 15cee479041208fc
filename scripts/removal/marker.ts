/** Finds the markers in a source, and the code that each of them stands above. */
import ts from "typescript5";

export interface Source {
  readonly file: string;
  readonly text: string;
}

export interface Marker extends Source {
  readonly id: string;
  /** Of the marker, counted from 1. */
  readonly line: number;
  readonly root: ts.SourceFile;
  /** All that begins on the next line, or on this one before the marker: of nodes that begin together, the largest. */
  readonly node: ts.Node;
}

const MARKER = /^[ \t]*(.*)\/\/ defence: (.*)$/gm;
const ID = /^[a-z\d]+(?:-[a-z\d]+)*$/;

/** Throws if a marker has no proper id, or does not stand directly above code or at the end of its line. */
export function findMarkers({ file, text }: Source): readonly Marker[] {
  const found = [...text.matchAll(MARKER)];
  if (found.length === 0) return [];
  const kind = file.endsWith(".ts") ? ts.ScriptKind.TS : ts.ScriptKind.JS;
  const root = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, kind);
  return found.map((match) => {
    const [whole, code = "", id = ""] = match;
    const line = root.getLineAndCharacterOfPosition(match.index).line + 1;
    const next = code === "" ? match.index + whole.length + 1 : match.index;
    const start = next + text.slice(next).search(/[^ \t]|$/);
    const node = nodeAt(root, start);
    if (!ID.test(id)) throw new Error(`${file}:${line}: "${id}" is no id`);
    if (node === undefined) throw new Error(`${file}:${line}: the marker ${id} does not stand above code`);
    return { file, text, id, line, root, node };
  });
}

function nodeAt(parent: ts.Node, start: number): ts.Node | undefined {
  return ts.forEachChild(parent, (child) => {
    if (child.kind === ts.SyntaxKind.EndOfFileToken || start < child.getStart() || start >= child.end) return undefined;
    return child.getStart() === start ? child : nodeAt(child, start);
  });
}
