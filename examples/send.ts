/**
 * Sends one message and says what became of it:
 *
 *   node examples/send.ts submission://mail.example.com alice password.txt alice@example.com bob@example.org
 */
import { readFile } from "node:fs/promises";
import { createMailer, MailError, receiptOf } from "@postseal/mailer";

const [server = "", username = "", passwordFile = "", from = "", to = ""] = process.argv.slice(2);

const mailer = createMailer(server, {
  // Called once TLS is up and the server has proved who it is: an impostor never makes this file be read.
  credentials: async () => ({ username, password: (await readFile(passwordFile, "utf8")).trimEnd() }),
});

try {
  const receipt = await mailer.send({
    from,
    to,
    subject: "Hello",
    text: "It came sealed.",
  });
  for (const { address, outcome, reply } of receipt.recipients) {
    say(`${address}: ${outcome}${reply === undefined ? "" : ` (${reply.code} ${reply.text})`}`);
  }
  say(`sealed by ${receipt.seal?.protocol}, ${receipt.seal?.keyExchange}; root: ${receipt.seal?.rootOrigin}`);
} catch (error) {
  if (!(error instanceof MailError)) throw error;
  say(`${error.code} (${error.disposition}): ${error.message}`);
  for (const { address, outcome } of receiptOf(error)?.recipients ?? []) say(`${address}: ${outcome}`);
  process.exitCode = 1;
} finally {
  await mailer.close();
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
