/** Gives every input to every program, and finds out from the server's mailbox which of them delivered it. */
import path from "node:path";
import { createFolder } from "../servers/folder.ts";
import { createAuthority } from "../servers/pki.ts";
import { startPostfix } from "../servers/postfix.ts";
import { emptied } from "../servers/queue.ts";
import { user } from "../client.ts";
import { cronInputs } from "./cron.ts";
import { BOX, type Input } from "./input.ts";
import { msmtp, postfix, postseal, type Program } from "./program.ts";
import { programInputs } from "./programs.ts";
import { reportInputs } from "./reports.ts";

export interface Row {
  readonly input: Input;
  /** What the programs were given. */
  readonly given: string;
  /** For each program: the exit code, and whether it came to the mailbox. */
  readonly fates: readonly Fate[];
}

export interface Fate {
  readonly program: string;
  readonly code: number;
  readonly isDelivered: boolean;
  /** As it came to the mailbox. */
  readonly delivered: string | undefined;
}

export const inputs: readonly Input[] = [...cronInputs, ...reportInputs, ...programInputs];

/** Takes a submission server's usual rules: no sender but one's own, and no SMTPUTF8. All that it accepts is in one mailbox. */
const SETTINGS = `smtputf8_enable = no
virtual_mailbox_domains = static:all
smtpd_sender_login_maps = inline:{${user}=${user}}
smtpd_sender_restrictions = reject_sender_login_mismatch
`;
const AT_ONCE = 3;

export async function compare(): Promise<readonly Row[]> {
  await using stack = new AsyncDisposableStack();
  const authority = stack.use(await createAuthority());
  const server = stack.use(await startPostfix({ authority, settings: SETTINGS }));
  const folder = stack.use(await createFolder("daemons"));
  const target = { port: server.submissionPort, authority };
  const programs = [await postseal(folder, target), await msmtp(folder, target), await postfix(stack, target)];
  const codes = await Promise.all(programs.map((program) => codesOf(program)));
  for (const program of programs) await program.settled();
  await emptied(path.join(server.folder, "spool"), () => server.log());
  const delivered = (await server.delivered(0)).map((octets) => Buffer.from(octets).toString("latin1"));
  return inputs.map((input, index) => ({
    input,
    given: marked(input, index).text,
    fates: programs.map((program, which) => {
      const found = delivered.find((message) => isFrom(message, program) && isOf(message, index));
      const code = codes[which]?.[index] ?? -1;
      return { program: program.name, code, isDelivered: found !== undefined, delivered: found };
    }),
  }));
}

/** Several at once, since each waits for the server. */
async function codesOf(program: Program): Promise<readonly number[]> {
  const codes: number[] = [];
  const left = inputs.entries();
  const work = async (): Promise<void> => {
    for (const [index, input] of left) codes[index] = await program.run(marked(input, index));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return codes;
}

function marked(input: Input, index: number): Input {
  const mark = markOf(index);
  return {
    ...input,
    argv: input.argv.map((word) => word.replaceAll(BOX, mark)),
    text: input.text.replaceAll(BOX, mark),
  };
}

function markOf(index: number): string {
  return `box${String(index).padStart(3, "0")}`;
}

/** Not a bounce, in which the message is quoted. */
function isFrom(message: string, { greets }: Program): boolean {
  return message.includes(`\nReceived: from ${greets} (`) && !/^From: .*MAILER-DAEMON/m.test(message);
}

/** A soft line break may stand in the mark. */
function isOf(message: string, index: number): boolean {
  return message.replaceAll("=\n", "").includes(markOf(index));
}
