/** Runs one of the two scripts in a process of its own. */
import { execFile, execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { canaries } from "@postseal/lab";

export type Script = readonly ["first-script.py", How] | readonly ["second-script.py"];
type How = "positional" | "by name" | "without" | "if offered";

export interface Server {
  readonly port: number;
  /** A PEM file with the only authorities that Python finds. */
  readonly authorities: string;
}

const python = existsSync("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

/** The minor version of Python 3; `undefined` if it is not installed. */
export function pythonMinor(): number | undefined {
  try {
    return Number(execFileSync(python, ["-c", "import sys; print(sys.version_info.minor)"], { encoding: "utf8" }));
  } catch {
    return undefined;
  }
}

/** Returns `sent`, `False`, or the name of the exception. */
export async function runScript([file, how]: Script, { port, authorities }: Server): Promise<string> {
  const { username: user, password, sender, recipient, body } = canaries;
  const given = { host: "127.0.0.1", port, user, password, sender, recipient, body, how };
  const output = await new Promise<string>((resolve, reject) => {
    const child = execFile(
      python,
      ["-W", "ignore", `test/questions/${file}`],
      { env: { SSL_CERT_FILE: authorities } },
      (error, stdout) => (error === null ? resolve(stdout) : reject(error)),
    );
    child.stdin?.end(JSON.stringify(given));
  });
  return /^\w+/.exec(output)?.[0] ?? "";
}
