/**
 * Runs a command, passes on all that it prints, and fails where a secret of the tests is in it: `npm test` runs under its eyes.
 * What a test reads of a process it has started is looked through there (`test/cli/command.ts`).
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { canaries } from "@postseal/lab";

/** The lab's, and those of the accounts in test/interop. */
const secrets: readonly string[] = [canaries.password, "secret-alice", "secret-bob"];

const [program, ...words] = process.argv.slice(2);
if (program === undefined) throw new Error("give a command");
const found = new Set<string>();
const child = spawn(program, words, { stdio: ["inherit", "pipe", "pipe"] });
watch(child.stdout, process.stdout);
watch(child.stderr, process.stderr);
await once(child, "close");
for (const form of found) process.stderr.write(`\nA secret was printed, ${form}.\n`);
process.exitCode = found.size > 0 ? 1 : (child.exitCode ?? 1);

/** Each stream by itself: a secret may lie across two writes. */
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

/** As it is, and as it may be written. */
function formsOf(secret: string): readonly (readonly [name: string, form: string])[] {
  const octets = Buffer.from(secret);
  // In base64 a text looks in three ways, by where it begins; the edges depend on its neighbours.
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
