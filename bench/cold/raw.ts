/** The least that a process can do to send one message: a TLS socket and no library. Arguments as in `nodemailer.ts`. */
import { readFileSync } from "node:fs";
import { connect } from "node:tls";

const [port = "", caFile = "", passwordFile = ""] = process.argv.slice(2);

const message =
  "From: reports@example.com\r\nTo: recipient@example.org\r\nSubject: Report\r\n\r\nNothing to report.\r\n";
const login = Buffer.from(`\0bench\0${readFileSync(passwordFile, "utf8").trim()}`).toString("base64");
const steps = [
  "EHLO raw.example\r\n",
  `AUTH PLAIN ${login}\r\n`,
  `MAIL FROM:<reports@example.com>\r\nRCPT TO:<recipient@example.org>\r\nBDAT ${message.length} LAST\r\n${message}QUIT\r\n`,
];
const socket = connect({ host: "127.0.0.1", port: Number(port), ca: readFileSync(caFile) });
socket.on("data", () => {
  const next = steps.shift();
  if (next !== undefined) socket.write(next);
});
