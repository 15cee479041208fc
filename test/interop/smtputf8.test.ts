/** Addresses beyond ASCII (RFC 6531) are carried as they are or not sent, and never rewritten into another address. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CapabilityError, receiptOf } from "@postseal/mailer";
import { mailerFor, user } from "./client.ts";
import { deliveredWith, readByPostalMime, readByPython, type Reading } from "./reader.ts";
import { mailServers } from "./roster.ts";
import { type Authority, createAuthority } from "./servers/pki.ts";

let authority: Authority;
before(async () => {
  authority = await createAuthority();
});
after(() => authority[Symbol.asyncDispose]());

for (const [name, { start, smtpUtf8 }] of mailServers) {
  test(`${name} ${smtpUtf8 ? "delivers to" : "is never asked to deliver to"} a local part beyond ASCII`, async () => {
    await using server = await start({ authority });
    await using mailer = mailerFor(server, { authority });
    const to = { name: "Jörg", address: "jörg@example.test" };
    const message = { from: { name: "Alice", address: user }, to, subject: "Grüße an Jörg", text: "Grüße" };
    if (smtpUtf8) {
      const receipt = await mailer.send(message);
      assert.deepEqual(
        receipt.recipients.map(({ address, outcome }) => [address, outcome]),
        [[to.address, "accepted"]],
      );
      const delivered = await deliveredWith(server, receipt.messageId ?? "no Message-ID");
      const reading: Reading = {
        subject: message.subject,
        from: [["Alice", user]],
        to: [[to.name, to.address]],
        texts: ["Grüße"],
        attachments: [],
        defects: [],
      };
      assert.deepEqual(await readByPython(delivered), reading);
      assert.deepEqual(await readByPostalMime(delivered), reading);
    } else {
      await assert.rejects(mailer.send(message), (error) => {
        assert.ok(error instanceof CapabilityError, String(error));
        assert.deepEqual([error.code, error.keyword], ["MAIL_CAPABILITY_MISSING", "SMTPUTF8"]);
        assert.deepEqual(
          receiptOf(error)?.recipients.map(({ outcome }) => outcome),
          ["unsent"],
        );
        return true;
      });
      assert.deepEqual(await server.delivered(0), []);
    }
  });
}

for (const [name, { start }] of mailServers.filter(([, { smtpUtf8 }]) => !smtpUtf8))
  test(`${name} needs no SMTPUTF8 for a domain beyond ASCII, which has A-labels, nor for names and text`, async () => {
    await using server = await start({ authority });
    await using mailer = mailerFor(server, { authority });
    const to = ["bob@example.test", { name: "Jörg", address: "jorg@bücher.test" }];
    const { recipients } = await mailer.send({ from: user, to, subject: "Grüße", text: "Grüße" });
    assert.deepEqual(
      recipients.map(({ address, outcome }) => [address, outcome]),
      [
        ["bob@example.test", "accepted"],
        ["jorg@xn--bcher-kva.test", "accepted"],
      ],
    );
  });
