/** A program that prints what it observes. In the middle of a login a subscriber of it throws: of ours, or of Node's own. */
import { subscribe } from "node:diagnostics_channel";
import { canaries } from "@postseal/lab";
import { createMailer, observe } from "@postseal/mailer";

interface Given {
  readonly port: number;
  readonly ca: string;
  readonly by: "observe" | "subscribe";
}

const { port, ca, by }: Given = JSON.parse(process.argv[2] ?? "");
const { username, password } = canaries;

observe({
  "conversation.command": ({ text }) => process.stdout.write(`${text}\n`),
  "conversation.reply": (event) => {
    process.stdout.write(`${JSON.stringify(event)}\n`);
    if (by === "observe") fail(event);
  },
});
if (by === "subscribe") subscribe("postseal.v1.conversation.reply", fail);
await createMailer(
  { host: "127.0.0.1", port, transport: "implicit" },
  { credentials: { username, password }, tls: { ca: { only: ca } } },
)
  .verify()
  .catch(() => {});

function fail(event: unknown): void {
  const isRefusal = typeof event === "object" && event !== null && "code" in event && event.code === 535;
  if (isRefusal) throw new Error("the observer failed", { cause: event });
}
