/** A mail server as a child in the foreground: started, waited for, and ended with everything it has started. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { poll } from "./poll.ts";
import { isOpen } from "./port.ts";

export interface Daemon extends AsyncDisposable {
  readonly pid: number;
  /** What it has written to its standard output and standard error. */
  output(): string;
}

export interface DaemonOptions {
  /** It has started once all of these accept connections: TCP ports on loopback, or the paths of UNIX sockets. */
  readonly listening: readonly (number | string)[];
  /** More to say when it does not start: the text of its log file. */
  readonly log?: () => string;
}

/** Rejects, with all that the program has said, when it ends or does not listen within 15 seconds. */
export async function startDaemon(command: readonly string[], options: DaemonOptions): Promise<Daemon> {
  // setpriv: the kernel ends the server even where the test process is killed and disposes of nothing.
  // detached: a process group of its own, so that what the server has forked can be ended with it.
  const child = spawn("/usr/bin/setpriv", ["--pdeathsig", "KILL", "--", ...command], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    // What the tests run in must not reach the servers.
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
      // Not SIGTERM: nothing of its state will be read again, and Dovecot takes seconds to say goodbye.
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
    // Nobody is left in the group: as it should be.
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
