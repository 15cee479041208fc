/** The command: does what its arguments ask for, and sets the exit code. */
import path from "node:path";
import { CommandError } from "./command-error.ts";
import { dispatch, failed, showProgram } from "./dispatch.ts";
import { exits } from "./result/exits.ts";
import { errors, output } from "./output.ts";
import { register } from "./register.ts";
import { isDamaged } from "./text-fault.ts";

process.exitCode = await main([...calledAs(process.argv[1] ?? ""), ...process.argv.slice(2)]);

/** A link named `sendmail` is enough to make the command the machine's sendmail. */
function calledAs(program: string): readonly string[] {
  const name = path.basename(program);
  return register.some((entry) => "isProgram" in entry && entry.word === name) ? [name] : [];
}

async function main(argv: readonly string[]): Promise<number> {
  const damaged = argv.findIndex(isDamaged);
  // defence: arguments-are-utf-8
  if (damaged !== -1) return failed(damagedWord(damaged + 1), argv.includes("--json"));
  switch (argv[0]) {
    case undefined:
      await showProgram(register, errors);
      return exits.usage.code;
    case "--version":
      output.line((await import("./version.ts")).version());
      return exits.done.code;
    case "--help":
    case "-h":
    case "help":
      await showProgram(register, output);
      return exits.done.code;
    default:
      return dispatch(argv, register);
  }
}

/** Checked before anything else: damaged text would be sent, and an address with a lost octet is another address. */
function damagedWord(place: number): CommandError {
  return new CommandError(
    "CLI_USAGE",
    `argument ${place} is not valid UTF-8, or holds U+FFFD, which replaces octets that are not: convert it (iconv -t UTF-8), or give the text as a file or on standard input`,
  );
}
