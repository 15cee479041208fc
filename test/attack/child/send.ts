/** One send in a process of its own, so that its environment can be an attacker's. Prints one line of JSON. */
import { connect } from "node:net";
import { createMailer, MailError } from "@postseal/mailer";
import { canaries, HOST } from "@postseal/lab";

const [port = "", transport = "", ca = ""] = process.argv.slice(2);

try {
  await using mailer = createMailer(
    { host: HOST, port: Number(port), transport: transport === "implicit" ? "implicit" : "starttls" },
    {
      credentials: { username: canaries.username, password: canaries.password },
      ...(ca === "" ? {} : { tls: { ca: { only: Buffer.from(ca, "base64").toString() } } }),
      connect: async (target) => connect({ host: "127.0.0.1", port: target.port }),
    },
  );
  const receipt = await mailer.send({ from: canaries.sender, to: canaries.recipient, text: canaries.body });
  process.stdout.write(JSON.stringify({ seal: receipt.seal }));
} catch (error) {
  process.stdout.write(JSON.stringify({ code: error instanceof MailError ? error.code : String(error) }));
}
