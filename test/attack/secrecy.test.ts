/** A server says back what it was told, wherever it can: nothing that a caller could print may then hold the secret. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { before, test } from "node:test";
import { inspect } from "node:util";
import { createMailer, MailError, type MailerOptions, Secret } from "@postseal/mailer";
import { type Authority, canaries, createAuthority, HOST, startImpostor } from "@postseal/lab";

let authority: Authority;
before(async () => {
  authority = await createAuthority();
});

const { username, password } = canaries;
const plain = Buffer.from(`\0${username}\0${password}`).toString("base64");
const echo = `${password} ${Buffer.from(password).toString("base64")} ${plain}`;

const cases: readonly (readonly [string, MailerOptions["credentials"], string])[] = [
  ["a password, by PLAIN", { username, password }, "AUTH PLAIN"],
  ["a Secret, by LOGIN", { username, password: new Secret(password) }, "AUTH LOGIN"],
  ["a password, by SCRAM", { username, password }, "AUTH SCRAM-SHA-256"],
  ["a token, by XOAUTH2", { username, accessToken: password }, "AUTH XOAUTH2"],
  ["a token, by OAUTHBEARER", { username, accessToken: password }, "AUTH OAUTHBEARER"],
];

for (const [name, credentials, offer] of cases) {
  for (const reply of [`535 5.7.8 Not with ${echo}`, `454 4.7.0 Not now with ${echo}`, `250 ${echo}`, `?? ${echo}`]) {
    test(`what the server says back of ${name} is in no error (${reply.slice(0, 3)})`, async () => {
      const script = { tls: { capabilities: [offer], on: { AUTH: [{ do: "say", text: `${reply}\r\n` }] } } } as const;
      await using impostor = await startImpostor({ transport: "starttls", script }, { authority });
      const options: MailerOptions = {
        ...(credentials === undefined ? {} : { credentials }),
        tls: { ca: { only: authority.certificate } },
        connect: async (target) => connect({ host: "127.0.0.1", port: target.port }),
      };
      await using mailer = createMailer({ host: HOST, port: impostor.port }, options);
      const error: unknown = await mailer.verify().catch((reason: unknown) => reason);
      assert.ok(error instanceof MailError, String(error));
      assertClean(inspect(error, { depth: 9, showHidden: true }));
      assertClean(`${error.message}${error.stack ?? ""}${JSON.stringify(error)}`);
      assertClean(inspect(mailer, { depth: 9, showHidden: true }));
    });
  }
}

test("what the server says back of a password later is in no error and in no receipt", async () => {
  const script = {
    tls: { capabilities: ["AUTH PLAIN"], on: { RCPT: [{ do: "say", text: `550 5.1.1 Not to ${echo}\r\n` }] } },
  } as const;
  await using impostor = await startImpostor({ transport: "starttls", script }, { authority });
  await using mailer = createMailer(
    { host: HOST, port: impostor.port },
    {
      credentials: { username, password },
      tls: { ca: { only: authority.certificate } },
      connect: async (target) => connect({ host: "127.0.0.1", port: target.port }),
    },
  );
  const sending = mailer.send({ from: canaries.sender, to: canaries.recipient, text: canaries.body });
  const error: unknown = await sending.catch((reason: unknown) => reason);
  assert.ok(error instanceof MailError && error.code === "MAIL_REFUSED", String(error));
  assert.match(error.message, /\[secret\]/);
  assertClean(inspect([error, error.receipt], { depth: 9, showHidden: true }));
});

test("a password in a URL is in no error and in nothing that is printed", () => {
  const url = `submission://${username}:${password}@${HOST}`;
  const wrong = [
    `${url}:465`,
    `${url}?tls=off`,
    `${url}/path`,
    url.replace("submission", "http"),
    `${url}:99999`,
    url.replace("//", "/ /"),
  ];
  for (const one of wrong) {
    assert.throws(
      () => createMailer(one),
      (error: unknown) => {
        assert.ok(error instanceof MailError, String(error));
        assertClean(inspect(error, { depth: 9, showHidden: true }));
        return true;
      },
      one,
    );
  }
  assertClean(inspect(createMailer(url), { depth: 9, showHidden: true }));
});

function assertClean(text: string): void {
  assert.ok(text.length > 10, "there was nothing to look at");
  for (const form of [password, Buffer.from(password).toString("base64").replace(/=+$/, ""), plain]) {
    assert.ok(!text.includes(form), `the secret is in: ${text}`);
  }
}
