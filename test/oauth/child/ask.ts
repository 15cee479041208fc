/** Asks over HTTPS, once for each pair of arguments: URL, PEM of the authority in base64. Prints the codes of the errors or the statuses. */
import { connect } from "node:net";
import { MailError } from "@postseal/mailer";
import { createSealedHttps } from "@postseal/mailer/internal";

const words = process.argv.slice(2);
const outcomes: string[] = [];
for (let at = 0; at < words.length; at += 2) {
  const [url = "", pem = ""] = words.slice(at);
  const ask = createSealedHttps({
    ...(pem === "" ? {} : { tls: { ca: { only: Buffer.from(pem, "base64").toString() } } }),
    connect: async ({ port }) => connect({ host: "127.0.0.1", port }),
  });
  const outcome = await ask({ url: new URL(url), method: "POST", headers: new Headers(), body: "token=secret" }).then(
    ({ status }) => String(status),
    (error: unknown) => (error instanceof MailError ? error.code : String(error)),
  );
  outcomes.push(outcome);
}
process.stdout.write(outcomes.join(" "));
