/**
 * Sends text and HTML with an image in it, and a file of any size, which is read as it is sent:
 *
 *   node examples/send-with-attachment.ts submission://mail.example.com alice password.txt \
 *     alice@example.com bob@example.org report.pdf
 */
import { readFile } from "node:fs/promises";
import { createMailer } from "@postseal/mailer";

const [server = "", username = "", passwordFile = "", from = "", to = "", file = ""] = process.argv.slice(2);

/** A dot of one pixel; `contentId` is what the HTML calls it by. */
const dot = Buffer.from("R0lGODlhAQABAIAAAP8AAAAAACwAAAAAAQABAAACAkQBADs=", "base64");

const mailer = createMailer(server, {
  credentials: async () => ({ username, password: (await readFile(passwordFile, "utf8")).trimEnd() }),
});

try {
  const receipt = await mailer.send(
    {
      from: { name: "The reporter", address: from },
      to,
      subject: "The report",
      text: "The report is attached.",
      html: '<p>The report is attached. <img src="cid:dot" alt=""></p>',
      attachments: [
        { path: file },
        { content: dot, filename: "dot.gif", contentType: "image/gif", contentId: "dot" },
        { content: "A note, as UTF-8.\n", filename: "note.txt" },
      ],
    },
    { progress: (sent, total) => process.stderr.write(`${sent} of ${total ?? "?"} octets\n`) },
  );
  process.stdout.write(`${receipt.messageId}: ${receipt.recipients.map(({ outcome }) => outcome).join(", ")}\n`);
} finally {
  await mailer.close();
}
