/** What an account needs is found out from options, or by asking; an answer that cannot be is asked for again. */
import type { AddOption } from "../account/options.ts";
import type { Arguments } from "../arguments.ts";
import { CommandError } from "../command-error.ts";
import { textFaultOf } from "../text-fault.ts";
import type { Dialogue } from "./dialogue.ts";
import type { Sources } from "./discovery.ts";

export interface Questions {
  readonly given: Arguments<AddOption>;
  /** `undefined` without a terminal: the options then have to say everything. */
  readonly dialogue: Dialogue | undefined;
  readonly sources: Sources;
}

export async function addressOf({ given, dialogue }: Questions): Promise<string> {
  const written = given.one("address");
  if (written !== undefined) return judgeAddress(written);
  if (dialogue === undefined) throw missing("address", "the address that the account sends from");
  return untilValid(dialogue, () => dialogue.ask("Your address"), judgeAddress);
}

function judgeAddress(address: string): string {
  const domain = /^[^\s<>,@]+@([^\s<>,@]+)$/.exec(address)?.[1] ?? "";
  if (domain.slice(1, -1).includes(".") && textFaultOf(address) === undefined) return address;
  throw new CommandError("CLI_USAGE", "this is not an address: write it like alice@example.com");
}

export async function nameOf({ given, dialogue }: Questions, address: string): Promise<string> {
  const [label = "mail"] = address.slice(address.lastIndexOf("@") + 1).split(".");
  const written = given.one("name");
  if (written !== undefined || dialogue === undefined) return judgeName(written ?? label);
  return untilValid(dialogue, () => dialogue.ask("A name for the account", label), judgeName);
}

function judgeName(name: string): string {
  if (/^[A-Za-z0-9_-]{1,40}$/.test(name)) return name;
  throw new CommandError("CLI_USAGE", "the name of an account must be letters, digits, - and _, at most 40 of them");
}

/** Asks again as long as the answer is refused, and says why. Ctrl-C and the end of the input end it. */
export async function untilValid<Answer>(
  dialogue: Dialogue,
  ask: () => Promise<string>,
  judge: (answer: string) => Answer,
): Promise<Answer> {
  for (;;) {
    const answer = await ask();
    try {
      return judge(answer);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      dialogue.say(error.message);
    }
  }
}

export function missing(option: AddOption, what: string): CommandError {
  return new CommandError("CLI_USAGE", `there is no terminal to ask on: give --${option} (${what})`);
}
