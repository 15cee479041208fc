/** A process of its own that renews a sign-in. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { fileURLToPath } from "node:url";

export interface RenewerSettings {
  readonly issuer: string;
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly caFile: string;
  readonly file: string;
  readonly isLoopback: boolean;
  /** A signal that the process handles itself, once. */
  readonly listensFor?: NodeJS.Signals;
}

export interface Renewer {
  readonly child: ChildProcess;
  token(): Promise<unknown>;
  close(): Promise<void>;
}

export async function startRenewer(settings: RenewerSettings): Promise<Renewer> {
  const program = fileURLToPath(new URL(`./child/renewer${path.extname(import.meta.url)}`, import.meta.url));
  const child = fork(program, [JSON.stringify(settings)], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  await once(child, "message");
  return {
    child,
    token: async () => {
      const answered = once(child, "message");
      child.send("token");
      const [answer]: unknown[] = await answered;
      return answer;
    },
    close: async () => {
      const ended = once(child, "exit");
      child.disconnect();
      await ended;
    },
  };
}
