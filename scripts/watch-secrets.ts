/**
 * Runs a command, passes on everything that it prints, and fails if it prints a secret of the tests. `npm test` runs under it.
 * What a test reads from a process that it has started is checked in `test/cli/command.ts`.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { canaries } from "@postseal/lab";
import { formsOf } from "./secret-forms.ts";

/**
 * What all passwords of the lab begin with, the passwords of the accounts in test/interop, and what the secrets of applications
 * there begin with. Tokens and codes are made by their issuer: test/interop/signing-stage.ts looks for them in what each command prints.
 */
const secrets: readonly string[] = [
  canaries.password.replace(/-\d+$/, ""),
  "secret-alice",
  "secret-bob",
  "oauth-canary-client",
];

const [program, ...words] = process.argv.slice(2);
if (program === undefined) throw new Error("give a command");
const found = new Set<string>();
const child = spawn(program, words, { stdio: ["inherit", "pipe", "pipe"] });
watch(child.stdout, process.stdout);
watch(child.stderr, process.stderr);
await once(child, "close");
for (const form of found) process.stderr.write(`\nA secret was printed, ${form}.\n`);
process.exitCode = found.size > 0 ? 1 : (child.exitCode ?? 1);

/** Watches one stream. It keeps the end of the last write, since a secret may cross two writes. */
function watch(from: NodeJS.ReadableStream, to: NodeJS.WritableStream): void {
  const forms = secrets.flatMap((secret) => formsOf(secret));
  const longest = Math.max(...forms.map(([, form]) => form.length));
  let tail = "";
  from.setEncoding("utf8").on("data", (text: string) => {
    to.write(text);
    const seen = tail + text;
    for (const [name, form] of forms) if (seen.includes(form)) found.add(name);
    tail = seen.slice(-longest);
  });
}
