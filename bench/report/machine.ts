/** The machine and the versions that were measured with. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import os from "node:os";
import type { Machine } from "./results.ts";

export function describeMachine(libraries: readonly string[]): Machine {
  const processors = os.cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memory: os.totalmem(),
    system: systemName(),
    node: process.versions.node,
    openssl: process.versions.openssl,
    load: os.loadavg()[0] ?? 0,
    versions: [
      ...libraries.map(packageVersion),
      ...[pythonVersion(), curlVersion()].filter((text) => text !== undefined),
    ],
  };
}

/** Whether something else runs, so that rates say more about it than about a library. */
export function isBusy({ load, cores }: Machine): boolean {
  return load > cores / 2;
}

/** Undefined if there is no Python to drive smtplib and curl. */
export function pythonVersion(): string | undefined {
  return outputOf("python3", "--version")?.replace("Python", "Python smtplib");
}

export function curlVersion(): string | undefined {
  const text = outputOf("curl", "--disable", "--version");
  return text?.includes("smtps") === true ? text.split(" ").slice(0, 2).join(" ") : undefined;
}

function packageVersion(name: string): string {
  const found: unknown = JSON.parse(
    readFileSync(new URL(`../../node_modules/${name}/package.json`, import.meta.url), "utf8"),
  );
  const version = typeof found === "object" && found !== null && "version" in found ? String(found.version) : "";
  return `${name} ${version}`;
}

function systemName(): string {
  const release = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  const name = /^PRETTY_NAME="?([^"\n]*)/m.exec(release)?.[1];
  return `${name ?? os.type()}, kernel ${os.release()}`;
}

function outputOf(program: string, ...words: readonly string[]): string | undefined {
  try {
    return execFileSync(program, [...words], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return undefined;
  }
}
