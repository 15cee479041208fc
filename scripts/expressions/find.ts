/** Finds the regular expressions of a source file in its syntax tree: literals, `RegExp(…)`, and strings used as patterns. */
import ts from "typescript5";

export interface Expression {
  readonly file: string;
  readonly line: number;
  /** The pattern; the source code of it, if the pattern is known only at run time. */
  readonly source: string;
  readonly flags: string;
  readonly dynamic: boolean;
}

/** Methods of a string that turn a text into a pattern. */
const CONVERTING: ReadonlySet<string> = new Set(["match", "matchAll", "search"]);

export function findExpressions(file: string, text: string): readonly Expression[] {
  const kind = file.endsWith(".ts") ? ts.ScriptKind.TS : ts.ScriptKind.JS;
  const root = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, kind);
  const constants = constantsOf(root);
  const found: Expression[] = [];
  const add = (node: ts.Node, known: { readonly source: string; readonly flags: string } | undefined): void => {
    const line = root.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    const written = { source: node.getText().replaceAll(/\s+/g, " "), flags: "" };
    found.push({ file, line, ...(known ?? written), dynamic: known === undefined });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf("/");
      add(node, { source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
    } else if ((ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === "RegExp") {
      const [source, flags] = [...(node.arguments ?? [])].map((argument) => textOf(argument, constants));
      const known = source !== undefined && (node.arguments?.length === 1 || flags !== undefined);
      add(node, known ? { source, flags: flags ?? "" } : undefined);
    } else if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const [pattern] = node.arguments;
      if (CONVERTING.has(node.expression.name.text) && pattern !== undefined && isText(pattern)) add(node, undefined);
    }
    ts.forEachChild(node, visit);
  };
  visit(root);
  return found;
}

function isText(node: ts.Expression): boolean {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
}

/** The values of the file's names that may be text. */
function constantsOf(root: ts.SourceFile): ReadonlyMap<string, ts.Expression> {
  const found = new Map<string, ts.Expression>();
  for (const statement of root.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations) {
      if (ts.isIdentifier(name) && initializer !== undefined) found.set(name.text, initializer);
    }
  }
  return found;
}

function textOf(node: ts.Expression, constants: ReadonlyMap<string, ts.Expression>): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isIdentifier(node)) {
    const constant = constants.get(node.text);
    return constant === undefined ? undefined : textOf(constant, constants);
  }
  if (!ts.isTemplateExpression(node)) return undefined;
  const parts = node.templateSpans.map(({ expression, literal }) => {
    const inner = textOf(expression, constants);
    return inner === undefined ? undefined : inner + literal.text;
  });
  return parts.includes(undefined) ? undefined : node.head.text + parts.join("");
}
