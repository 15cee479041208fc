/** Writes the completion for bash 4 and later: a function that gets the words typed so far. */
import type { Completion } from "../option.ts";
import type { Register } from "../subcommand.ts";
import { type Command, groupsOf } from "./commands.ts";

/** The command itself lists them, so that new vectors are included. */
const VECTORS = `"$(postseal lab list 2>/dev/null | cut -d ' ' -f 1)"`;

export function bashCompletion(register: Register, commands: readonly Command[]): string {
  const nested = [...groupsOf(commands)].map(([group, members]) => [
    group,
    members.map(({ words }) => words[1] ?? "").join(" "),
  ]);
  return `# postseal completion bash
_postseal() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command='' word at
  COMPREPLY=()
  for ((at = 1; at < COMP_CWORD; at++)); do
    word=\${COMP_WORDS[at]}
    [[ $word == -- ]] && { compopt -o default; return; }
    case "$command $word" in
${steps(register, commands)
  .map(([from, word, to]) => `      '${from} ${word}') command='${to}' ;;`)
  .join("\n")}
    esac
  done
  case "$command $previous" in
${commands.flatMap(valueCases).join("\n")}
  esac
  case $command in
    '') _postseal_words '${register.map(({ word }) => word).join(" ")} --help --version' ;;
${nested.map(([group = "", words = ""]) => `    '${group}') _postseal_words '${words} --help' ;;`).join("\n")}
${commands.map(commandCase).join("\n")}
  esac
}
_postseal_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current"); }
_postseal_files() { mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null; }
complete -F _postseal postseal
`;
}

/** The subcommand so far, the next word, and the subcommand after it. */
function steps(register: Register, commands: readonly Command[]): readonly (readonly [string, string, string])[] {
  return [
    ...register.map(({ word }) => ["", word, word] as const),
    ...[...groupsOf(commands)].flatMap(([group, members]) =>
      members.map(({ words }) => [group, words[1] ?? "", words.join(" ")] as const),
    ),
  ];
}

/** After an option that takes a value, only its values are offered. */
function valueCases({ words, options }: Command): readonly string[] {
  return Object.entries(options)
    .filter(([, { takes }]) => takes !== "flag")
    .map(([name, { completes }]) => `    '${words.join(" ")} --${name}') ${offer(completes)} return ;;`);
}

function offer(completes: Completion | undefined): string {
  if (completes === undefined) return "";
  if (completes === "file") return "_postseal_files;";
  return `_postseal_words ${completes === "vector" ? VECTORS : `'${completes.join(" ")}'`};`;
}

function commandCase({ words, options, operand }: Command): string {
  const names = [...Object.keys(options), "help"].map((name) => `--${name}`).join(" ");
  const offered = operand === undefined ? "" : `[[ $current == -* ]] || { ${offer(operand)} return; }; `;
  return `    '${words.join(" ")}') ${offered}_postseal_words '${names}' ;;`;
}
