/** A script that sends one message with Nodemailer, as `postseal send` does. Arguments: port, authority, password file. */
import { readFileSync } from "node:fs";
import { createTransport } from "nodemailer";

const [port = "", caFile = "", passwordFile = ""] = process.argv.slice(2);

const transport = createTransport({
  host: "127.0.0.1",
  port: Number(port),
  secure: true,
  auth: { user: "bench", pass: readFileSync(passwordFile, "utf8").trim() },
  tls: { ca: readFileSync(caFile) },
});
await transport.sendMail({
  from: "reports@example.com",
  to: "recipient@example.org",
  subject: "Report",
  text: "Nothing to report.",
});
transport.close();
