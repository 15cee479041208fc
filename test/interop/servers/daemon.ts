/** Runs a mail server as a child in the foreground: starts it, waits for it, and ends it with everything it has started. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { poll } from "./poll.ts";
import { isOpen } from "./port.ts";

export interface Daemon extends AsyncDisposable {
  readonly pid: number;
  /** What the server has written to its standard output and standard error. */
  output(): string;
}

export interface DaemonOptions {
  /** The server has started once all of these accept connections: TCP ports on loopback, or paths of UNIX sockets. */
  readonly listening: readonly (number | string)[];
  /** The text of its log file, shown if it does not start. */
  readonly log?: () => string;
}

/** Rejects, with all that the program has printed, if it ends or does not listen within 15 seconds. */
export async function startDaemon(command: readonly string[], options: DaemonOptions): Promise<Daemon> {
  // setpriv: the kernel ends the server even if the test process is killed and disposes of nothing.
  // detached: its own process group, so that processes that the server has forked end with it.
  const child = spawn("/usr/bin/setpriv", ["--pdeathsig", "KILL", "--", ...command], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    // The environment of the tests must not reach the servers.
    cwd: "/",
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LANG: "C.UTF-8" },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  await once(child, "spawn");
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command.join(" ")} has no process id`);
  const exited = once(child, "exit");
  const hasExited = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const said = (): string => `${output}${options.log?.() ?? ""}`;

  const daemon: Daemon = {
    pid,
    output: () => output,
    async [Symbol.asyncDispose]() {
      // Not SIGTERM: nobody reads its state again, and Dovecot takes seconds to shut down.
      killGroup(pid);
      if (!hasExited()) await exited;
    },
  };
  try {
    await poll(
      async () => {
        if (hasExited()) throw new Error(`${command.join(" ")} ended at once:\n${said()}`);
        const open = await Promise.all(options.listening.map(isOpen));
        return open.every(Boolean) ? true : undefined;
      },
      () => `${command.join(" ")} does not listen:\n${said()}`,
    );
  } catch (error) {
    await daemon[Symbol.asyncDispose]();
    throw error;
  }
  return daemon;
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch (error) {
    // No process is left in the group, as it should be.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
