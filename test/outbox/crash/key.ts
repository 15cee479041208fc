/** Many processes queue the same message with the same key at once. */
import { fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

const ENQUEUER = path.join(import.meta.dirname, "enqueuer.ts");

/** What each of them answered: `new` or `duplicate`. */
export function queueByProcesses(location: string, count: number): Promise<readonly unknown[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const child = fork(ENQUEUER, [], {
        execArgv: ["--conditions=@postseal/source"],
        stdio: ["ignore", "inherit", "inherit", "ipc"],
      });
      const answer = once(child, "message");
      child.send({ location, key: "receipt/1" });
      const [first]: readonly unknown[] = await answer;
      return first;
    }),
  );
}
