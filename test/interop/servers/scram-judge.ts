/** Runs GNU SASL in a process of its own as the judge of one SCRAM authentication. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";

export interface Judge extends AsyncDisposable {
  /** Takes what the client has said, and resolves with the verdict and the server's next words, both in base64. */
  hear(response: string): Promise<readonly [verdict: "continue" | "right" | "wrong", detail: string]>;
}

export function openJudge(mechanism: string, password: string, channelBinding: Uint8Array): Judge {
  const child = spawn("/usr/bin/python3", [path.join(import.meta.dirname, "scram-judge.py")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const verdicts = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  child.stdin.on("error", () => {}); // The judge has ended, with its verdict.
  child.stdin.write(`${mechanism}\n${password}\n${Buffer.from(channelBinding).toString("base64")}\n`);
  return {
    async hear(response) {
      child.stdin.write(`${response}\n`);
      const { done, value } = await verdicts.next();
      if (done === true) return ["wrong", "the judge has ended"];
      const [verdict, ...detail] = value.split(" ");
      if (verdict === "continue" || verdict === "right") return [verdict, detail.join(" ")];
      return ["wrong", detail.join(" ")];
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await exited;
    },
  };
}
