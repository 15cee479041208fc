/**
 * Runs a command, passes on everything that it prints, and fails if it prints a secret of the tests. `npm test` runs under it.
 * What a test reads from a process that it has started is checked in `test/cli/command.ts`.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { canaries } from "@postseal/lab";

/** What all passwords of the lab begin with, and the passwords of the accounts in test/interop. */
const secrets: readonly string[] = [canaries.password.replace(/-\d+$/, ""), "secret-alice", "secret-bob"];

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

/** A secret in every form in which it may be written. */
function formsOf(secret: string): readonly (readonly [name: string, form: string])[] {
  const octets = Buffer.from(secret);
  // In base64 a text has three forms, depending on its offset; the characters at its edges depend on its neighbours.
  const base64 = [0, 1, 2].map((before) =>
    Buffer.concat([Buffer.alloc(before), octets])
      .toString("base64")
      .slice(before === 0 ? 0 : 4, -4),
  );
  return [
    ["as it is", secret],
    ...base64.map((form) => ["in base64", form] as const),
    ["in hexadecimal", octets.toString("hex")],
    ["as percent-encoded octets", [...octets].map((octet) => `%${octet.toString(16)}`).join("")],
    ["backwards", secret.split("").toReversed().join("")],
  ];
}
