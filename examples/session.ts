/**
 * The protocol in your own hands, step by step, on one connection:
 *
 *   node examples/session.ts submission://mail.example.com alice password.txt alice@example.com bob@example.org
 */
import { readFile } from "node:fs/promises";
import { connect } from "@postseal/mailer";

const [server = "", username = "", passwordFile = "", from = "", to = ""] = process.argv.slice(2);

// In the clear: greeting heard, nothing said. This session can be upgraded or closed; it has no send and no authenticate.
const clear = await connect(server, { clientName: "client.example.com", timeouts: { connect: 5_000 } });

// EHLO, STARTTLS, the handshake, EHLO again. `clear` is spent now, whatever comes of it.
const session = await clear.startTls({ minVersion: "TLSv1.3" });
try {
  say(`sealed: ${session.seal.protocol}; offers ${session.capabilities.keywords.join(" ")}`);
  say(`takes at most ${session.capabilities.size ?? "any number of"} octets`);

  await session.authenticate(
    { username, password: (await readFile(passwordFile, "utf8")).trimEnd() },
    { minimum: "scram" },
  );
  say(`logged in by ${session.mechanism}`);

  const reply = await session.command("NOOP");
  say(`NOOP: ${reply.code} ${reply.text}`);

  for (const subject of ["One", "Two"]) {
    const receipt = await session.send({ from, to, subject, text: `${subject} of two.` });
    say(`${subject}: ${receipt.recipients.map(({ outcome }) => outcome).join(", ")}`);
  }
} finally {
  await session.close();
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
