/** SASL EXTERNAL on a real server: the client certificate says which user logs in. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { mailerFor } from "./client.ts";
import { deliveredWith } from "./reader.ts";
import { startDovecot } from "./servers/dovecot.ts";
import { type Authority, createAuthority } from "./servers/pki.ts";
import type { MailServer } from "./servers/server.ts";

let authority: Authority;
let server: MailServer;
before(async () => {
  authority = await createAuthority();
  server = await startDovecot({ authority, login: "certificate" });
});
after(async () => {
  await server[Symbol.asyncDispose]();
  await authority[Symbol.asyncDispose]();
});

const pem = (file: string): string => readFileSync(file, "utf8");
const message = {
  from: "alice@example.test",
  to: "bob@example.test",
  subject: "by certificate",
  text: "by certificate.",
};

for (const transport of ["starttls", "implicit"] as const) {
  test(`Dovecot lets in the user in the certificate, without a password, by ${transport}`, async () => {
    const { certificateFile, keyFile } = authority.client;
    const clientCertificate = { cert: pem(certificateFile), key: pem(keyFile) };
    const tls = { ca: { only: pem(authority.caFile) }, clientCertificate };
    await using mailer = mailerFor(server, { authority, transport, tls, credentials: { external: true } });
    assert.equal((await mailer.verify()).mechanism, "EXTERNAL");
    const text = `by certificate and ${transport}.`;
    await mailer.send({ ...message, text });
    await deliveredWith(server, text);
    assert.match(server.log(), /Login: user=<alice>, method=EXTERNAL/);

    await using stranger = mailerFor(server, {
      authority,
      transport,
      tls,
      credentials: { external: true, authorizationId: "bob@example.test" },
    });
    await assert.rejects(stranger.send(message), { code: "MAIL_AUTH_REFUSED" });
  });

  test(`without a certificate EXTERNAL is refused, by ${transport}, and no mail is sent`, async () => {
    await using mailer = mailerFor(server, { authority, transport, credentials: { external: true } });
    await assert.rejects(mailer.send(message));
  });
}
