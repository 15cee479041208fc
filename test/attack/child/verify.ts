/**
 * Verifies several servers in a process of its own, whose environment adds an authority. Prints one line of JSON with an
 * origin or an error code for each.
 */
import { connect } from "node:net";
import { createMailer, MailError } from "@postseal/mailer";
import { HOST } from "@postseal/lab";

const [ca = "", ...ports] = process.argv.slice(2);
const found: string[] = [];
for (const port of ports) {
  const mailer = createMailer(
    { host: HOST, port: Number(port), transport: "implicit" },
    {
      tls: { ca: { add: Buffer.from(ca, "base64").toString() } },
      connect: async () => connect({ host: "127.0.0.1", port: Number(port) }),
    },
  );
  try {
    found.push((await mailer.verify()).seal.rootOrigin ?? "absent");
  } catch (error) {
    found.push(error instanceof MailError ? error.code : String(error));
  }
  await mailer.close();
}
process.stdout.write(JSON.stringify(found));
