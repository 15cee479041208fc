/**
 * Finds, by its type, everything exported by the packages that takes text: functions that answer at once, and methods of
 * classes. Nobody has to remember to list a new one.
 */
import { globSync } from "node:fs";
import path from "node:path";
import ts from "typescript5";

/** How to make an argument. `text`, `octets`, `texts` and `record` are hostile. */
export type Recipe =
  | { readonly make: "text" | "octets" | "texts" | "record" | "function" | "nothing" | "map" }
  | { readonly make: "value"; readonly value: string | number | boolean }
  | { readonly make: "object"; readonly fields: Readonly<Record<string, Recipe>> };

export interface Found {
  /** The path from the root, such as `packages/mailer/src/wire/xtext.ts`. */
  readonly file: string;
  readonly name: string;
  /** For a class, the method to call; `undefined` for its constructor. */
  readonly method: string | undefined;
  /** `undefined` if an argument cannot be made from its type alone. */
  readonly recipes: readonly Recipe[] | undefined;
  /** The same for the constructor of its class. */
  readonly construct: readonly Recipe[] | undefined;
}

/** Methods that take text in. The other methods of a class work with what it holds already. */
const INLET = /^(?:push|respond|parse|judge|read|find|resolve|qualify|has|parameters|conceal|lineOf)/;
/** Functions that wait or act are left out: they consist of others that are found. */
const LATER = /^(?:Promise|AsyncGenerator|AsyncIterable|Generator|Dialogue)\b|=> \(\) =>/;
const DEEPEST = 3;

export function findExports(): { readonly files: number; readonly found: readonly Found[] } {
  const files = globSync("packages/*/src/**/*.ts", { exclude: (name) => name.endsWith(".test.ts") }).toSorted();
  const program = ts.createProgram(files, {
    strict: true,
    target: ts.ScriptTarget.ES2023,
    lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts"],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    customConditions: ["@postseal/source"],
    allowImportingTsExtensions: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    types: ["node"],
  });
  const reader = new Reader(program.getTypeChecker());
  return { files: files.length, found: files.flatMap((file) => reader.read(file, program.getSourceFile(file))) };
}

class Reader {
  readonly #checker: ts.TypeChecker;

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  read(file: string, source: ts.SourceFile | undefined): readonly Found[] {
    const module = source === undefined ? undefined : this.#checker.getSymbolAtLocation(source);
    if (module === undefined) return [];
    return this.#checker
      .getExportsOfModule(module)
      .filter((symbol) => (symbol.flags & ts.SymbolFlags.Alias) === 0)
      .flatMap((symbol) =>
        symbol.flags & ts.SymbolFlags.Class ? this.#classOf(file, symbol) : this.#functionOf(file, symbol),
      );
  }

  #functionOf(file: string, symbol: ts.Symbol): readonly Found[] {
    const signatures = this.#checker.getTypeOfSymbol(symbol).getCallSignatures();
    return signatures.flatMap((signature) => {
      if (LATER.test(this.#checker.typeToString(signature.getReturnType()))) return [];
      if (!this.#takesText(signature)) return [];
      return [{ file, name: symbol.name, method: undefined, recipes: this.#recipes(signature), construct: undefined }];
    });
  }

  #classOf(file: string, symbol: ts.Symbol): readonly Found[] {
    const [constructor] = this.#checker.getTypeOfSymbol(symbol).getConstructSignatures();
    if (constructor === undefined) return [];
    const construct = this.#recipes(constructor);
    const own = this.#takesText(constructor)
      ? [{ file, name: symbol.name, method: undefined, recipes: undefined, construct }]
      : [];
    const methods = this.#checker.getDeclaredTypeOfSymbol(symbol).getProperties();
    return [
      ...own,
      ...methods.flatMap((method) => {
        const [signature] = this.#checker.getTypeOfSymbol(method).getCallSignatures();
        if (signature === undefined || !INLET.test(method.name) || !this.#takesText(signature)) return [];
        return [{ file, name: symbol.name, method: method.name, recipes: this.#recipes(signature), construct }];
      }),
    ];
  }

  #takesText(signature: ts.Signature): boolean {
    return signature.getParameters().some((parameter) => {
      const recipe = this.#recipe(this.#checker.getTypeOfSymbol(parameter), 0);
      return recipe !== undefined && isHostile(recipe);
    });
  }

  #recipes(signature: ts.Signature): readonly Recipe[] | undefined {
    const recipes = signature
      .getParameters()
      .map((parameter) => this.#recipe(this.#checker.getTypeOfSymbol(parameter), 0));
    const known = recipes.filter((recipe) => recipe !== undefined);
    return known.length === recipes.length ? known : undefined;
  }

  #recipe(type: ts.Type, depth: number): Recipe | undefined {
    const checker = this.#checker;
    const written = checker.typeToString(type);
    if (checker.isTypeAssignableTo(checker.getStringType(), type)) return { make: "text" };
    if (/^(?:Uint8Array|Buffer)\b/.test(written)) return { make: "octets" };
    if (/^(?:readonly )?string\[\]/.test(written)) return { make: "texts" };
    if (/^(?:Readonly)?Map</.test(written)) return { make: "map" };
    if (checker.isTypeAssignableTo(checker.getUndefinedType(), type)) return { make: "nothing" };
    if (checker.isTypeAssignableTo(checker.getNumberType(), type)) return { make: "value", value: 1 };
    if (checker.isTypeAssignableTo(checker.getBooleanType(), type)) return { make: "value", value: true };
    if (type.isStringLiteral() || type.isNumberLiteral()) return { make: "value", value: type.value };
    if (type.getCallSignatures().length > 0) return { make: "function" };
    if (type.isUnion()) return type.types.map((one) => this.#recipe(one, depth)).find((recipe) => recipe !== undefined);
    if (type.getStringIndexType() !== undefined) return { make: "record" };
    return this.#objectOf(type, depth);
  }

  /** Plain objects of our own types. An object of a class cannot be made from its shape. */
  #objectOf(type: ts.Type, depth: number): Recipe | undefined {
    const declaration = type.symbol?.declarations?.[0];
    const isPlain =
      declaration !== undefined && (ts.isInterfaceDeclaration(declaration) || ts.isTypeLiteralNode(declaration));
    if (!isPlain || depth === DEEPEST || !isOurs(declaration.getSourceFile().fileName)) return undefined;
    const fields: Record<string, Recipe> = {};
    for (const property of type.getProperties()) {
      const recipe = this.#recipe(this.#checker.getTypeOfSymbol(property), depth + 1);
      if (recipe === undefined) return undefined;
      fields[property.name] = recipe;
    }
    return { make: "object", fields };
  }
}

export function isHostile(recipe: Recipe): boolean {
  if (recipe.make === "object") return Object.values(recipe.fields).some(isHostile);
  return recipe.make === "text" || recipe.make === "octets" || recipe.make === "texts" || recipe.make === "record";
}

function isOurs(file: string): boolean {
  return !file.includes(`${path.posix.sep}node_modules${path.posix.sep}`);
}
