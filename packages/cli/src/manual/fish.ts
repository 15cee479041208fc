/** Writes the completion for fish: a line for each word that may be offered, with its condition. */
import type { Completion, OptionKind } from "../option.ts";
import type { Register } from "../subcommand.ts";
import { type Command, groupsOf } from "./commands.ts";

export function fishCompletion(register: Register, commands: readonly Command[]): string {
  const first = register.map(
    ({ word, what }) => `complete -c postseal -n __fish_use_subcommand -a ${word} -d ${quoted(what)}`,
  );
  const second = [...groupsOf(commands)].flatMap(([group, members]) => {
    const names = members.map(({ words }) => words[1] ?? "");
    const condition = `__fish_seen_subcommand_from ${group}; and not __fish_seen_subcommand_from ${names.join(" ")}`;
    return members.map(
      ({ words, what }) => `complete -c postseal -n ${quoted(condition)} -a ${words[1] ?? ""} -d ${quoted(what)}`,
    );
  });
  return [
    "# postseal completion fish",
    "complete -c postseal -f",
    "complete -c postseal -l help -d 'show the help'",
    "complete -c postseal -n __fish_use_subcommand -l version -d 'print the version'",
    ...first,
    ...second,
    ...commands.flatMap(linesOf),
    "",
  ].join("\n");
}

function linesOf({ words, options, operand }: Command): readonly string[] {
  const condition = quoted(words.map((word) => `__fish_seen_subcommand_from ${word}`).join("; and "));
  return [
    ...Object.entries(options).map(
      ([name, kind]) => `complete -c postseal -n ${condition} -l ${name}${argument(kind)} -d ${quoted(kind.what)}`,
    ),
    ...(operand === undefined ? [] : [`complete -c postseal -n ${condition}${offer(operand)}`]),
  ];
}

/** `-x`: a value follows, which is not a file. */
function argument({ takes, completes }: OptionKind): string {
  if (takes === "flag") return "";
  return completes === undefined ? " -x" : ` -r${offer(completes)}`;
}

function offer(completes: Completion): string {
  if (completes === "file") return " -F";
  const words =
    completes === "vector" ? "(postseal lab list 2>/dev/null | string split -f 1 ' ')" : completes.join(" ");
  return ` -a ${quoted(words)}`;
}

function quoted(text: string): string {
  return `'${text.replace(/['\\]/g, String.raw`\$&`)}'`;
}
