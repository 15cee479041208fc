/** Formats all pages as one manual page, `postseal.1`, in the macros of man(7). */
import { version } from "../version.ts";
import { wrap } from "../terminal.ts";
import { optionRows } from "./help.ts";
import type { Page, Row, Section } from "./page.ts";

/** When the pages last changed. mandoc demands a date, and that of the build would make each build differ. */
const DATE = "2026-11-28";

const environment: readonly Row[] = [
  ["POSTSEAL_URL", "the server, if neither --server nor --account names it; it may hold the password"],
  ["XDG_CONFIG_HOME", "the folder of postseal/config.toml, instead of ~/.config"],
  ["XDG_STATE_HOME", "the folder of postseal/outbox.db, instead of ~/.local/state"],
  ["NO_COLOR", "no colours, if it has any value"],
];
const files: readonly Row[] = [
  ["~/.config/postseal/config.toml", "the user's accounts, mode 600"],
  ["/etc/postseal/config.toml", "accounts for all users of the machine"],
  ["~/.local/state/postseal/outbox.db", "the outbox, mode 600, unless the configuration names another file"],
];

export function formatMan(pages: readonly Page[]): string {
  const [program, ...others] = pages;
  const shown = new Set<Section>();
  if (program === undefined) throw new TypeError("there are no pages");
  return [
    `.TH POSTSEAL 1 ${DATE} "postseal ${version()}" "User Commands"`,
    ".SH NAME",
    `postseal \\- ${escaped(program.what)}`,
    ".SH SYNOPSIS",
    ...others.flatMap(({ call }) => [`.B ${escaped(call)}`, ".RI [ option ...]", ".br"]).slice(0, -1),
    ".SH DESCRIPTION",
    text("Sends mail through a submission server, only over TLS, and only after the server has proved who it is."),
    ...bodyOf(program, shown),
    ...others.flatMap((page) => [
      `.SH ${escaped(page.call.replace(/ [[A-Z].*/, "").toUpperCase())}`,
      text(sentence(page.what)),
      ...bodyOf(page, shown),
    ]),
    ".SH ENVIRONMENT",
    ...rowLines(environment),
    ".SH FILES",
    ...rowLines(files),
    "",
  ].join("\n");
}

/** A section that several pages share is printed once. */
function bodyOf({ examples, sections }: Page, shown: Set<Section>): readonly string[] {
  return [
    ".PP",
    ...sampleLines(examples),
    ...sections.flatMap((section) => {
      if (shown.has(section)) return [heading(section), "As above."];
      shown.add(section);
      return sectionLines(section);
    }),
  ];
}

function heading({ heading: title = "" }: Section): string {
  return `.SS "${escaped(title)}"`;
}

function sectionLines(section: Section): readonly string[] {
  const { paragraphs = [], sample = [], options = {}, rows = [] } = section;
  const isHeaded = section.heading !== undefined;
  return [
    ...(isHeaded ? [heading(section)] : []),
    ...paragraphs.flatMap((paragraph, index) => [...(index === 0 && isHeaded ? [] : [".PP"]), text(paragraph)]),
    ...(sample.length === 0 ? [] : sampleLines(sample)),
    ...rowLines([...optionRows(options), ...rows]),
  ];
}

function sampleLines(lines: readonly string[]): readonly string[] {
  return [".EX", ...lines.map((line) => escaped(line)), ".EE"];
}

function rowLines(rows: readonly Row[]): readonly string[] {
  return rows.flatMap(([term, what]) => [".TP", `.B ${escaped(term)}`, text(what)]);
}

/** roff fills paragraphs anyway; the short lines are for people who read the source. */
function text(words: string): string {
  return wrap(words, 72, "")
    .split("\n")
    .map((line) => escaped(line))
    .join("\n");
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\\", String.raw`\e`],
  ["-", String.raw`\-`],
  ["'", String.raw`\(aq`],
  ['"', String.raw`\(dq`],
  ["^", String.raw`\(ha`],
  ["~", String.raw`\(ti`],
  ["…", "..."],
]);

function escaped(words: string): string {
  const safe = words.replace(/[\\\-'"^~…]/g, (character) => ESCAPES.get(character) ?? character);
  return safe.startsWith(".") ? String.raw`\&${safe}` : safe;
}
