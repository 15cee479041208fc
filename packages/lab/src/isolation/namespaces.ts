/**
 * Finds a way to run a process in its own network, mount and process namespaces, with `unshare` of util-linux. Inside,
 * ports 587 and 465 are free, names resolve as the lab wants, and what a client leaves running ends with the namespace.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { entry } from "./cell.ts";

const run = promisify(execFile);

/** Milliseconds for a probe. */
const PATIENCE = 5_000;

/**
 * `prefix`: the program and arguments to put before a worker's command. `cell`: the same for a trial's own namespaces inside
 * them. `reason`: why there are no namespaces, for people.
 */
export type Namespaces =
  | { readonly prefix: readonly string[]; readonly cell: readonly string[] }
  | { readonly reason: string };

/** Finds the most private way that this machine allows. Root needs no user namespace, other users do. */
export async function findNamespaces(): Promise<Namespaces> {
  if (process.platform !== "linux") return { reason: `${process.platform} has no network namespaces` };
  const reasons: string[] = [];
  for (const user of process.getuid?.() === 0 ? [[], USER] : [USER]) {
    const prefix = ["unshare", ...user, "--net", "--mount", ...PROCESSES];
    const reason = await probe(prefix);
    if (reason === undefined) return { prefix, cell: CELL };
    reasons.push(reason);
  }
  return { reason: reasons[0] ?? "unshare did not work" };
}

/** `--kill-child`: what is inside ends with `unshare`, even if nothing else can end it. */
const PROCESSES: readonly string[] = ["--pid", "--fork", "--kill-child", "--mount-proc"];
const CELL: readonly string[] = ["unshare", "--mount", "--uts", "--ipc", ...PROCESSES];
const USER: readonly string[] = ["--user", "--map-root-user"];

/** Tries everything that the sandbox and its cells will need: the device, an address, mounts, and programs. */
const PROBE = `ip link set lo up && ip address add 192.0.2.1/32 dev lo && mount --bind /etc/hosts /etc/hosts && ${CELL.join(" ")} \
  sh -c 'mount -o remount,bind,ro /etc/hosts && mount -t tmpfs tmpfs /tmp && hostname client' &&
  nsenter --version && ${entry(".").join(" ")} true`;

async function probe([program = "", ...rest]: readonly string[]): Promise<string | undefined> {
  try {
    await run(program, [...rest, "sh", "-c", PROBE], { timeout: PATIENCE });
    return undefined;
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim().split("\n")[0] : undefined;
    return said === undefined || said === "" ? String(error) : said;
  }
}
