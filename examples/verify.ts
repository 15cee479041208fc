/**
 * Asks what a server proves and offers, and sends no mail. Without a user there is no login:
 *
 *   node examples/verify.ts submission://mail.example.com [alice password.txt]
 */
import { readFile } from "node:fs/promises";
import { createMailer } from "@postseal/mailer";

const [server = "", username, passwordFile = ""] = process.argv.slice(2);

const mailer = createMailer(
  server,
  username === undefined
    ? {}
    : { credentials: async () => ({ username, password: (await readFile(passwordFile, "utf8")).trimEnd() }) },
);
const { seal, mechanism, capabilities } = await mailer.verify();

process.stdout.write(
  [
    `${seal.serverName}: ${seal.protocol}, ${seal.cipherSuite}, ${seal.keyExchange}`,
    `post-quantum: ${seal.postQuantum}`,
    `verified by ${seal.verifiedBy}, root: ${seal.rootOrigin}`,
    `pin: ${seal.certificate.spki}`,
    `login: ${mechanism ?? "none"}, bound to this TLS session: ${seal.channelBinding !== undefined}`,
    `offers ${capabilities.join(" ")}`,
    "",
  ].join("\n"),
);
