/** Loads the register: every subcommand with its options, and every page. */
import type { Completion, OptionTable } from "../option.ts";
import type { Entry, Group, Leaf, Member, Register, Subcommand } from "../subcommand.ts";
import type { Page, PageText } from "./page.ts";
import { programPage } from "./program.ts";

export interface Command {
  /** `["lab", "run"]`. */
  readonly words: readonly string[];
  readonly what: string;
  readonly options: OptionTable;
  /** How to complete the operand. */
  readonly operand?: Completion;
}

export async function commandsOf(register: Register): Promise<readonly Command[]> {
  const found = await Promise.all(
    register.map(async (entry) => {
      if (!("members" in entry)) return [commandOf([entry.word], entry.what, await entry.load())];
      const members = await membersOf(entry);
      return members.map((member) => commandOf([entry.word, member.word], member.what, member));
    }),
  );
  return found.flat();
}

function commandOf(words: readonly string[], what: string, { options, operand }: Subcommand): Command {
  return { words, what, options, ...(operand?.completes === undefined ? {} : { operand: operand.completes }) };
}

/** Commands of two words, by their first word. */
export function groupsOf(commands: readonly Command[]): ReadonlyMap<string, readonly Command[]> {
  const found = new Map<string, Command[]>();
  for (const command of commands) {
    const [group = "", second] = command.words;
    if (second !== undefined) found.set(group, [...(found.get(group) ?? []), command]);
  }
  return found;
}

/** In the order of the manual page. */
export async function pagesOf(register: Register): Promise<readonly Page[]> {
  const pages = register.map((entry) =>
    "members" in entry && entry.page === undefined
      ? Promise.all(entry.members.map((member) => pageOf(entry, member)))
      : pageOf(entry),
  );
  return [programPage(register), ...(await Promise.all(pages)).flat()];
}

/** The page of a subcommand, of a group, or of the `member` of a group that was asked for. */
export async function pageOf(entry: Entry, member?: Leaf): Promise<Page> {
  if (!("members" in entry)) return pageOfLeaf([entry.word], entry);
  if (entry.page !== undefined) {
    const whole = bound([entry.word], entry.what, (await entry.page())(await membersOf(entry)));
    return member === undefined ? whole : excerptOf(whole, member);
  }
  const [first, ...others] = entry.members;
  const one = member ?? (others.length === 0 ? first : undefined);
  return one === undefined ? overviewOf(entry) : pageOfLeaf([entry.word, one.word], one);
}

/** What a group's page says about one member. */
async function excerptOf(whole: Page, { word, what, load }: Leaf): Promise<Page> {
  const { options, operand } = await load();
  const call = `${whole.call} ${word}`;
  return {
    call: operand === undefined ? call : `${call} ${operand.label}`,
    what,
    examples: examplesOf(call, whole.examples),
    sections: [
      ...whole.sections.filter(({ of }) => of === word),
      { heading: "Options", options },
      { paragraphs: [`${whole.call} --help has the rest, and the exit codes.`] },
    ],
  };
}

/** An example may go on in further lines, which are indented. */
function examplesOf(call: string, lines: readonly string[]): readonly string[] {
  let isOwn = false;
  return lines.filter((line) => {
    if (!line.startsWith(" ")) isOwn = line === call || line.startsWith(`${call} `);
    return isOwn;
  });
}

function overviewOf({ word, what, members }: Group): Page {
  return bound([word, "SUBCOMMAND"], what, {
    examples: members.map((member) => `postseal ${word} ${member.word} --help`),
    sections: [{ heading: "Subcommands", rows: members.map((member) => [member.word, member.what]) }],
  });
}

async function pageOfLeaf(words: readonly string[], { what, load }: Leaf): Promise<Page> {
  const { page, operand } = await load();
  if (page === undefined) throw new TypeError(`${words.join(" ")} has no page`);
  return bound(operand === undefined ? words : [...words, operand.label], what, page);
}

function bound(words: readonly string[], what: string, text: PageText): Page {
  return { call: ["postseal", ...words].join(" "), what, ...text };
}

function membersOf({ members }: Group): Promise<readonly Member[]> {
  return Promise.all(members.map(async ({ word, what, load }) => ({ word, what, ...(await load()) })));
}
