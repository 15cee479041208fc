/**
 * An application on Nodemailer whose mail goes out sealed: two lines are not Nodemailer's own, the import and `sealed(…)`.
 *
 *   node examples/nodemailer-sealed.ts submission://mail.example.com alice password.txt \
 *     alice@example.com bob@example.org
 */
import { readFile } from "node:fs/promises";
import nodemailer from "nodemailer";
import { sealed, TransportError } from "@postseal/mailer/nodemailer";

const [server = "", username = "", passwordFile = "", from = "", to = ""] = process.argv.slice(2);

const transporter = nodemailer.createTransport(
  sealed(server, {
    // Called once TLS is up and the server has proved who it is: an impostor never makes this file be read.
    credentials: async () => ({ username, password: (await readFile(passwordFile, "utf8")).trimEnd() }),
  }),
  { from },
);
// Templates and other plugins work as before.
transporter.use("compile", (mail, done) => {
  mail.data.html = "<h1>Hello</h1><p>Composed by Nodemailer, sealed by Postseal.</p>";
  done();
});

try {
  const info = await transporter.sendMail({
    to,
    subject: "Hello",
    text: "Composed by Nodemailer, sealed by Postseal.",
  });
  say(`${info.messageId}: ${info.response}`);
  say(`accepted: ${info.accepted.join(", ")}; rejected: ${info.rejected.join(", ") || "none"}`);
  say(`sealed by ${info.seal?.protocol}, ${info.seal?.keyExchange}`);
} catch (error) {
  if (!(error instanceof TransportError)) throw error;
  say(`${error.code} (${error.postsealCode}, ${error.disposition}): ${error.message}`);
  process.exitCode = 1;
} finally {
  transporter.close();
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
