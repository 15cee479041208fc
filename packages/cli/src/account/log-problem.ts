/** What is wrong with the place of an account's log, as far as it shows without writing to it. */
import path from "node:path";
import { systemCode } from "../system-code.ts";
import { placeOf, UntrustedPathError } from "../trusted-path.ts";
import type { Account } from "./account.ts";
import type { Problem } from "./problem.ts";

export async function logProblem({ file, lineOf, sendmail }: Account): Promise<Problem | undefined> {
  if (typeof sendmail.log !== "object") return undefined;
  const folder = path.dirname(sendmail.log.path);
  try {
    await placeOf(folder);
    return undefined;
  } catch (error) {
    const isUntrusted = error instanceof UntrustedPathError;
    return {
      file,
      line: lineOf("log"),
      what: isUntrusted
        ? `log: ${sendmail.log.path} is not trusted: ${error.what}`
        : `log: its folder ${folder} cannot be used${systemCode(error)}`,
      remedy: isUntrusted ? error.remedy : "Make the folder, or name another file",
    };
  }
}
