/** Asks once over HTTPS, and prints the code of the error or the status. Arguments: URL, port, PEM of the authority in base64. */
import { connect } from "node:net";
import { MailError } from "@postseal/mailer";
import { createSealedHttps } from "@postseal/mailer/internal";

const [, , url = "", pem = ""] = process.argv;
const ask = createSealedHttps({
  ...(pem === "" ? {} : { tls: { ca: { only: Buffer.from(pem, "base64").toString() } } }),
  connect: async ({ port }) => connect({ host: "127.0.0.1", port }),
});
const outcome = await ask({ url: new URL(url), method: "POST", headers: new Headers(), body: "token=secret" }).then(
  ({ status }) => String(status),
  (error: unknown) => (error instanceof MailError ? error.code : String(error)),
);
process.stdout.write(outcome);
