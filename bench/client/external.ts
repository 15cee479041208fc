/** smtplib and curl. A Python process drives both, because it can measure the CPU and memory of its children. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Driver, Endpoint, Usage } from "./driver.ts";
import { type Letter, readyMade } from "./letter.ts";

export async function openExternal(
  peer: "smtplib" | "curl",
  endpoint: Endpoint,
  write: (index: number) => Letter,
): Promise<Driver> {
  const letter = write(0);
  const message = path.join(endpoint.folder, `${peer}-${process.pid}.eml`);
  writeFileSync(message, readyMade(letter));
  const child = spawn("python3", [path.join(endpoint.folder, "peers.py")], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { host, port, transport, caFile, username, password } = endpoint;
  const order = { peer, host, port, transport, caFile, username, password, message, from: letter.from, to: letter.to };
  child.stdin.write(`${JSON.stringify(order)}\n`);
  const run = async (count: number): Promise<Usage> => {
    child.stdin.write(`${count}\n`);
    const { value } = await lines.next();
    const usage: unknown = JSON.parse(String(value));
    if (!isUsage(usage)) throw new Error(`${peer} answered with something else than its usage`);
    return usage;
  };
  const close = async (): Promise<void> => {
    child.stdin.end();
    if (child.exitCode === null) await once(child, "exit");
  };
  return { run, close };
}

function isUsage(value: unknown): value is Usage {
  return typeof value === "object" && value !== null && "cpu" in value && "peak" in value;
}
