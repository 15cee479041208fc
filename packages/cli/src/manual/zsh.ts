/** Writes the completion for zsh: a function for $fpath, which also works if it is sourced. */
import type { Completion, OptionKind } from "../option.ts";
import type { Register } from "../subcommand.ts";
import { type Command, groupsOf } from "./commands.ts";

export function zshCompletion(register: Register, commands: readonly Command[]): string {
  const single = commands.filter(({ words }) => words.length === 1);
  return `#compdef postseal
_postseal_vectors() {
  local -a vectors
  vectors=(\${(f)"$(postseal lab list 2>/dev/null | cut -d ' ' -f 1)"})
  compadd -a vectors
}
_postseal() {
  local -a choices
  if (( CURRENT == 2 )); then
    choices=(${register.map(({ word, what }) => described([word, what])).join(" ")})
    _describe subcommand choices
    return
  fi
  case $words[2] in
${single.map((command) => `    ${command.words[0]}) shift words; (( CURRENT-- )); ${args(command)} ;;`).join("\n")}
${[...groupsOf(commands)].map(([group, members]) => groupCase(group, members)).join("\n")}
  esac
}
if [[ $funcstack[1] == _postseal ]]; then _postseal "$@"; else compdef _postseal postseal; fi
`;
}

function groupCase(group: string, members: readonly Command[]): string {
  const choices = members.map(({ words, what }) => described([words[1] ?? "", what])).join(" ");
  return `    ${group})
      if (( CURRENT == 3 )); then
        choices=(${choices})
        _describe subcommand choices
        return
      fi
      shift words; (( CURRENT-- ))
      case $words[2] in
${members.map((command) => `        ${command.words[1]}) shift words; (( CURRENT-- )); ${args(command)} ;;`).join("\n")}
      esac ;;`;
}

function described([word, what]: readonly [string, string]): string {
  return quoted(`${word}:${what}`);
}

function args({ options, operand }: Command): string {
  const specifications = [
    ...Object.entries(options).map(specification),
    "--help[show the help]",
    ...(operand === undefined ? [] : [`1: :${action(operand)}`]),
  ];
  return `_arguments ${specifications.map(quoted).join(" ")}`;
}

function specification([name, { takes, value, what, completes }]: readonly [string, OptionKind]): string {
  const text = `[${what.replace(/[[\]\\]/g, String.raw`\$&`)}]`;
  if (takes === "flag") return `--${name}${text}`;
  const label = (value ?? "").replace(/[^A-Za-z -]/g, "");
  return `${takes === "list" ? "*" : ""}--${name}=${text}:${label}:${action(completes)}`;
}

function action(completes: Completion | undefined): string {
  if (completes === undefined) return " ";
  if (completes === "file") return "_files";
  return completes === "vector" ? "_postseal_vectors" : `(${completes.join(" ")})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
