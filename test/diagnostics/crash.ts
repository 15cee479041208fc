/** A program that prints what it observes. Its observer throws in the middle of a login. */
import { canaries } from "@postseal/lab";
import { createMailer, observe } from "@postseal/mailer";

const { port, ca }: { readonly port: number; readonly ca: string } = JSON.parse(process.argv[2] ?? "");
const { username, password } = canaries;

observe({
  "conversation.command": ({ text }) => process.stdout.write(`${text}\n`),
  "conversation.reply": (event) => {
    process.stdout.write(`${JSON.stringify(event)}\n`);
    if (event.code === 535) throw new Error("the observer failed", { cause: event });
  },
});
await createMailer(
  { host: "127.0.0.1", port, transport: "implicit" },
  { credentials: { username, password }, tls: { ca: { only: ca } } },
)
  .verify()
  .catch(() => {});
