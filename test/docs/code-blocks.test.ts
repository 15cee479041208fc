/** Every TypeScript block of the docs, and every cell of code, compiles against the packages, so that what readers copy works. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { globSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { makePrivateFolder } from "@postseal/lab";
import { typescript } from "./smtplib-calls.ts";
import { modules } from "./table-cells.ts";

interface Block {
  readonly file: string;
  /** The line of the opening fence, from 1. */
  readonly line: number;
  readonly isFragment: boolean;
  readonly code: string;
}

/** Blocks marked `ts fragment` are not compiled. Only a few may be. */
const MOST_FRAGMENTS = 3;
/** A block that must not compile: if it does, the compiler checks nothing. */
const WRONG = 'import { createMailer } from "@postseal/mailer";\ncreateMailer(465);\n';

const blocks = globSync(["README.md", "docs/**/*.md", "packages/*/README.md"]).flatMap(blocksOf);
const folder = makePrivateFolder("code-blocks");
after(() => rmSync(folder, { recursive: true }));

test("every TypeScript block compiles, and every table of code", async () => {
  const compiled = blocks.filter(({ isFragment }) => !isFragment);
  assert.ok(compiled.length > 0, "no block was found");
  for (const { file, line, code } of compiled) {
    // The empty lines before the code give its errors the line numbers of the page.
    writeFileSync(path.join(folder, `${file.replaceAll("/", "--")}-${line}.ts`), "\n".repeat(line) + code);
  }
  for (const [side, code] of Object.entries(modules)) writeFileSync(path.join(folder, `cells-${side}.ts`), code);
  writeFileSync(path.join(folder, "smtplib-calls.ts"), typescript);
  writeFileSync(path.join(folder, "wrong.ts"), WRONG);
  const complaints = await compile();
  assert.match(complaints.find(isAboutWrong) ?? "", /^wrong\.ts\(2,14\): error TS2345/);
  assert.deepEqual(
    complaints.filter((line) => !isAboutWrong(line)),
    [],
  );
});

test("hardly any block is a fragment", () => {
  const fragments = blocks.filter(({ isFragment }) => isFragment).map(({ file, line }) => `${file}:${line}`);
  assert.ok(fragments.length <= MOST_FRAGMENTS, fragments.join(", "));
});

function blocksOf(file: string): readonly Block[] {
  const text = readFileSync(file, "utf8");
  const fences = text.matchAll(/^```(?:ts|typescript)( fragment)?\n([\s\S]*?)^```$/gm);
  return [...fences].map((fence) => ({
    file: file.replaceAll(path.sep, "/"),
    line: text.slice(0, fence.index).split("\n").length,
    isFragment: fence[1] !== undefined,
    code: fence[2] ?? "",
  }));
}

/** Compiles as a reader's project would, but strictly, and against the sources. Returns the compiler's errors. */
async function compile(): Promise<readonly string[]> {
  symlinkSync(path.resolve("node_modules"), path.join(folder, "node_modules"));
  writeFileSync(path.join(folder, "package.json"), JSON.stringify({ type: "module" }));
  const options = {
    composite: false,
    declaration: false,
    declarationMap: false,
    isolatedDeclarations: false,
    moduleDetection: "force",
    noEmit: true,
  };
  const config = { extends: path.resolve("tsconfig.base.json"), compilerOptions: options, include: ["*.ts"] };
  writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify(config));
  const output = await new Promise<string>((resolve) => {
    const tsc = path.resolve("node_modules/.bin/tsc");
    const words = [tsc, "-p", ".", "--pretty", "false"];
    execFile(process.execPath, words, { cwd: folder }, (_, stdout, stderr) => resolve(stdout + stderr));
  });
  // Continuation lines are indented.
  return output.split("\n").filter((line) => line !== "" && !line.startsWith(" "));
}

function isAboutWrong(line: string): boolean {
  return line.startsWith("wrong.ts");
}
