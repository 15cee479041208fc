/** Finds the subcommand in the register, shows its page or runs it, and returns the exit code. */
import { CommandError } from "./command-error.ts";
import { nearest } from "@postseal/mailer/nearest";
import type { Page } from "./manual/page.ts";
import { errors, type Output, output } from "./output.ts";
import { type Group, type Leaf, ownWords, type Register } from "./subcommand.ts";
import { exits } from "./result/exits.ts";

export async function dispatch([word = "", ...rest]: readonly string[], register: Register): Promise<number> {
  const entry = register.find((one) => one.word === word);
  // Looked up in the raw words: a usage error leaves no parsed arguments, and a program still wants JSON.
  if (entry === undefined) return failed(unknown(word, register), rest.includes("--json"));
  return "members" in entry ? runGroup(entry, rest, register) : runLeaf(entry, rest, register);
}

/** The page of the whole command. */
export async function showProgram(register: Register, to: Output): Promise<void> {
  const { programPage } = await import("./manual/program.ts");
  await show(programPage(register), to);
}

/** Reports an error as all subcommands but the lab's do. Loaded late, since most calls have no error. */
export async function failed(error: unknown, asJson: boolean): Promise<number> {
  const { tell } = await import("./result/tell.ts");
  return tell({ kind: "failed", error }, asJson);
}

async function runLeaf(leaf: Leaf, argv: readonly string[], register: Register): Promise<number> {
  let own = argv;
  try {
    const { operand, run } = await leaf.load();
    own = ownWords(argv, operand);
    const showPage = (): Promise<void> => showPageOf(leaf, output);
    if (leaf.hasOwnGrammar === true || !asksForHelp(own)) return await run(argv, { register, showPage });
    await showPage();
    return exits.done.code;
  } catch (error) {
    return failed(error, own.includes("--json"));
  }
}

async function runGroup(group: Group, argv: readonly string[], register: Register): Promise<number> {
  const [word, ...rest] = argv;
  let own = argv;
  try {
    if (word === undefined && group.members.length > 1) {
      await showPageOf(group, errors);
      return exits.usage.code;
    }
    const called = memberOf(group, word);
    const member = await called?.load();
    own = ownWords(member === undefined ? argv : rest, member?.operand);
    const showPage = (): Promise<void> => showPageOf(group, output, called);
    if (asksForHelp(own)) {
      await showPage();
      return exits.done.code;
    }
    if (member === undefined) throw unknownMember(group, word);
    return await member.run(rest, { register, showPage });
  } catch (error) {
    const asJson = own.includes("--json");
    return group.fail === undefined ? failed(error, asJson) : group.fail(error, asJson);
  }
}

function memberOf({ members }: Group, word: string | undefined): Leaf | undefined {
  return members.find((member) => member.word === word);
}

function asksForHelp(argv: readonly string[]): boolean {
  return argv.includes("--help") || argv.includes("-h");
}

async function showPageOf(entry: Leaf | Group, to: Output, member?: Leaf): Promise<void> {
  const { pageOf } = await import("./manual/commands.ts");
  await show(await pageOf(entry, member), to);
}

async function show(page: Page, to: Output): Promise<void> {
  (await import("./manual/help.ts")).writeHelp(page, to);
}

function unknown(word: string, register: Register): CommandError {
  if (word.startsWith("-")) {
    const words = register.map((entry) => entry.word).join(", ");
    return new CommandError(
      "CLI_USAGE",
      `a subcommand comes before the options, such as postseal send; the subcommands are ${words} (postseal --help)`,
    );
  }
  return new CommandError("CLI_USAGE", `there is no such subcommand; ${adviceOn(word, register)} (postseal --help)`);
}

function unknownMember({ word: group, members }: Group, word: string | undefined): CommandError {
  const [only, ...others] = members;
  if (only !== undefined && others.length === 0)
    return new CommandError("CLI_USAGE", `${group} has one subcommand: postseal ${group} ${only.word}`);
  return new CommandError(
    "CLI_USAGE",
    `${group} has no such subcommand; ${adviceOn(word ?? "", members)} (postseal ${group} --help)`,
  );
}

function adviceOn(word: string, choices: readonly { readonly word: string }[]): string {
  const words = choices.map((choice) => choice.word);
  const close = nearest(word, words);
  return close === undefined ? `the subcommands are ${words.join(", ")}` : `did you mean ${close}?`;
}
