/** Turns the removal of a defence into replacements of text, by the syntax tree of what is marked. */
import ts from "typescript5";
import type { Removal } from "../defences/defence.ts";
import type { Marker } from "./marker.ts";

export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Throws if the code at the marker is not of a shape that can be changed so. */
export function replacementsFor(marker: Marker, removal: Removal): readonly Replacement[] {
  const { node, text } = marker;
  switch (removal.how) {
    case "remove":
      return [removed(node, text)];
    case "never":
    case "always":
      return [replaced(expressionOf(node), String(removal.how === "always"))];
    case "first":
    case "second": {
      const choice = only(node, ts.isConditionalExpression, "`?:`");
      return [replaced(choice, (removal.how === "first" ? choice.whenTrue : choice.whenFalse).getText())];
    }
    case "without":
      return [withoutOperand(node, removal.place)];
    case "unwrap":
      return [unwrapped(expressionOf(node), removal.place)];
    case "receiver": {
      const method = methodOf(node);
      return [replaced(method.parent, method.expression.getText())];
    }
    case "value":
      return [replaced(expressionOf(node), filled(removal.text, node, expressionOf(node)))];
    case "body":
      if (!ts.isIfStatement(node)) throw misfit("is no `if`");
      return [replaced(node.thenStatement, `{ ${filled(removal.text, node, node.thenStatement)} }`)];
    case "instead":
      return [replaced(node, filled(removal.text, node, node))];
    default:
      return removal.pairs.map(([find, replacement]) => swapped(node, text, find, filled(replacement, node, node)));
  }
}

/** Throws if two of the replacements touch the same text. */
export function applied(text: string, replacements: readonly Replacement[]): string {
  let [done, from] = ["", 0];
  for (const { start, end, text: replacement } of replacements.toSorted((a, b) => a.start - b.start)) {
    if (start < from) throw misfit("is changed twice");
    done += text.slice(from, start) + replacement;
    from = end;
  }
  return done + text.slice(from);
}

function misfit(what: string): Error {
  return new Error(`what is marked ${what}`);
}

function replaced(node: ts.Node, text: string): Replacement {
  return { start: node.getStart(), end: node.end, text };
}

/** An element goes with its comma. A statement may be all that an `if` has. */
function removed(node: ts.Node, text: string): Replacement {
  if (ts.isStatement(node)) return replaced(node, ";");
  const { parent } = node;
  const isElement =
    ts.isObjectLiteralElementLike(node) || ts.isArrayLiteralExpression(parent) || ts.isCallOrNewExpression(parent);
  if (!isElement && !ts.isClassElement(node) && !ts.isCaseOrDefaultClause(node))
    throw misfit("is nothing that can go away");
  const comma = /^\s*,/.exec(text.slice(node.end))?.[0].length ?? 0;
  return { start: node.getStart(), end: node.end + (isElement ? comma : 0), text: "" };
}

/** The expression that a statement or a property is about. */
function expressionOf(node: ts.Node): ts.Expression {
  if (ts.isVariableStatement(node)) {
    const [declaration, ...others] = node.declarationList.declarations;
    if (others.length > 0) throw misfit("declares more than one name");
    return given(declaration?.initializer);
  }
  if (ts.isPropertyAssignment(node) || ts.isPropertyDeclaration(node)) return given(node.initializer);
  if (ts.isExpressionStatement(node)) {
    const { expression } = node;
    if (ts.isYieldExpression(expression)) return given(expression.expression);
    return isAssignment(expression) ? expression.right : expression;
  }
  if (ts.isReturnStatement(node)) return given(node.expression);
  if (ts.isIfStatement(node) || ts.isWhileStatement(node) || ts.isDoStatement(node)) return node.expression;
  if (ts.isForOfStatement(node) || ts.isThrowStatement(node) || ts.isSpreadElement(node)) return node.expression;
  if (ts.isExpression(node)) return node;
  throw misfit("holds no expression");
}

function given(expression: ts.Expression | undefined): ts.Expression {
  if (expression === undefined) throw misfit("holds no expression");
  return expression;
}

function isAssignment(node: ts.Node): node is ts.BinaryExpression {
  return (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
    node.operatorToken.kind <= ts.SyntaxKind.LastAssignment
  );
}

/** Without the brackets and the `await` around it. */
function within(expression: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(expression) || ts.isAwaitExpression(expression)
    ? within(expression.expression)
    : expression;
}

/** The outermost of its kind, which has to be the only one. */
function only<T extends ts.Node>(node: ts.Node, isOne: (node: ts.Node) => node is T, what: string): T {
  const found: T[] = [];
  const visit = (one: ts.Node): void => {
    if (isOne(one)) found.push(one);
    else ts.forEachChild(one, visit);
  };
  visit(ts.isIfStatement(node) || ts.isWhileStatement(node) ? node.expression : node);
  const [first, ...others] = found;
  if (first === undefined || others.length > 0) throw misfit(`has ${found.length} times ${what}`);
  return first;
}

function isChain(node: ts.Node): node is ts.BinaryExpression {
  return (
    ts.isBinaryExpression(node) &&
    [ts.SyntaxKind.AmpersandAmpersandToken, ts.SyntaxKind.BarBarToken, ts.SyntaxKind.QuestionQuestionToken].includes(
      node.operatorToken.kind,
    )
  );
}

function withoutOperand(node: ts.Node, place: number): Replacement {
  const chain = only(node, isChain, "a chain of `&&`, `||` or `??`");
  const operator = chain.operatorToken;
  const operandsOf = (one: ts.Expression): readonly ts.Expression[] =>
    isChain(one) && one.operatorToken.kind === operator.kind ? [...operandsOf(one.left), one.right] : [one];
  const operands = operandsOf(chain);
  const kept = operands.filter((_, index) => index !== place - 1);
  if (kept.length === operands.length) throw misfit(`has no operand ${place}`);
  return replaced(chain, kept.map((one) => one.getText()).join(` ${operator.getText()} `));
}

function unwrapped(expression: ts.Expression, place: number): Replacement {
  const call = place === 0 ? expression : argumentsOf(expression)[place - 1];
  const [inner] = call === undefined ? [] : argumentsOf(call);
  if (call === undefined || inner === undefined) throw misfit("is no call with arguments");
  return replaced(within(call), inner.getText());
}

function argumentsOf(expression: ts.Expression): readonly ts.Expression[] {
  const call = within(expression);
  return ts.isCallExpression(call) || ts.isNewExpression(call) ? [...(call.arguments ?? [])] : [];
}

/** The text with what stands there in the place of `$`, `$1`, `$value`, `$left`, `$given`, `$name` and `$object`. */
function filled(text: string, node: ts.Node, whole: ts.Node): string {
  return text.replaceAll(/\$(value|left|given|name|object|\d|)/g, (_, what: string) =>
    standsFor(what, node, whole).getText(),
  );
}

function standsFor(what: string, node: ts.Node, whole: ts.Node): ts.Node {
  switch (what) {
    case "":
      return whole;
    case "value":
      return expressionOf(node);
    case "left":
      return leftOf(node);
    case "given":
      return firstParameterOf(node);
    case "name":
      return nameOf(node);
    case "object":
      return methodOf(node).expression;
    default:
      return given(argumentsOf(expressionOf(node))[Number(what) - 1]);
  }
}

function methodOf(node: ts.Node): ts.PropertyAccessExpression {
  const call = within(expressionOf(node));
  if (!ts.isCallExpression(call) || !ts.isPropertyAccessExpression(call.expression))
    throw misfit("is not the call of a method");
  return call.expression;
}

function leftOf(node: ts.Node): ts.Node {
  if (!ts.isExpressionStatement(node) || !isAssignment(node.expression)) throw misfit("is no assignment");
  return node.expression.left;
}

function firstParameterOf(node: ts.Node): ts.Node {
  if (!ts.isFunctionLike(node)) return firstParameterOf(node.parent);
  const [first] = node.parameters;
  if (first === undefined || !ts.isIdentifier(first.name)) throw misfit("stands in a function without a parameter");
  return first.name;
}

function nameOf(node: ts.Node): ts.Node {
  if (!ts.isPropertyAssignment(node) && !ts.isPropertyDeclaration(node)) throw misfit("has no name");
  return node.name;
}

function swapped(node: ts.Node, text: string, find: string, replacement: string): Replacement {
  const start = node.getStart();
  const [before = "", ...others] = text.slice(start, node.end).split(find);
  if (others.length !== 1) throw misfit(`has ${others.length} times ${find}`);
  return { start: start + before.length, end: start + before.length + find.length, text: replacement };
}
