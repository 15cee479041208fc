/** Hands a line to syslog, by `logger`: Node cannot write to the datagram socket /dev/log itself. */
import { execFile } from "node:child_process";
import { findProgram } from "../account/program.ts";

/** Not the caller's PATH, since a daemon's may be empty. */
const PATH = "/usr/bin:/bin";
/** A syslog that does not answer must not hold the caller. */
const PATIENCE_MS = 3000;

/** Rejects if there is no `logger`, or if `logger` reports that there is no syslog. */
export async function tellSyslog(line: string, severity: "info" | "err"): Promise<void> {
  const program = await findProgram("logger", { PATH });
  if (program === undefined) throw new Error("there is no program logger");
  const words = ["-t", "postseal", "-p", `mail.${severity}`];
  // Without the option, logger of util-linux keeps silent about a missing /dev/log; others do not know the option.
  const said = await run(program, ["--socket-errors=on", ...words], line);
  if (said === undefined) return;
  if (!/option/i.test(said) || (await run(program, words, line)) !== undefined)
    throw new Error("logger failed: is there a /dev/log?");
}

/** What the program printed on standard error if it failed, else `undefined`. */
async function run(program: string, words: readonly string[], line: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const options = { env: {}, timeout: PATIENCE_MS, windowsHide: true };
    const child = execFile(program, [...words], options, (error, _, said) =>
      resolve(error === null ? undefined : said),
    );
    // On its standard input, not as a word: other users of the machine can list the words of a process.
    child.stdin?.on("error", () => {});
    child.stdin?.end(`${line}\n`);
  });
}
