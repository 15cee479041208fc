/** The refusals that people meet at Gmail, Microsoft 365 and others, played by an impostor: each is answered with its cure. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, suite, test } from "node:test";
import type { Step } from "@postseal/lab";
import { authority as impostors, serve } from "../cli/command.ts";
import { type Authority, createAuthority } from "./servers/pki.ts";
import { openSigningStage, type SigningStage } from "./signing-stage.ts";

/** A refusal of a token begins with a challenge, which the client answers (RFC 7628 section 3.2.3). */
function challenged(facts: object, reply: string): readonly Step[] {
  const challenge = Buffer.from(JSON.stringify(facts)).toString("base64");
  return [{ do: "say", text: `334 ${challenge}\r\n` }, { do: "swallow" }, { do: "say", text: `${reply}\r\n` }];
}

/** Microsoft's come without a challenge. As of the dates in docs/guide/gmail-and-microsoft-365.md. */
const texts: readonly (readonly [name: string, steps: readonly Step[], cure: RegExp])[] = [
  [
    "SMTP AUTH is switched off",
    [
      {
        do: "say",
        text: "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.\r\n",
      },
    ],
    /Set-CASMailbox -Identity MAILBOX -SmtpClientAuthenticationDisabled \$false/,
  ],
  [
    "a token for another service, or a shared mailbox",
    [{ do: "say", text: "535 5.7.3 Authentication unsuccessful\r\n" }],
    /may be a shared mailbox: log in as yourself, and make the shared address the sender/,
  ],
  [
    "a scope that Gmail does not take",
    challenged(
      { status: "400", schemes: "Bearer", scope: "https://mail.google.com/" },
      "535-5.7.8 Username and Password not accepted.\r\n535 5.7.8 https://support.google.com/mail/?p=BadCredentials",
    ),
    /the server wants the scope https:\/\/mail\.google\.com\/, and what was granted is urn:ietf:params:oauth:scope:mail.* postseal account sign-in work/,
  ],
  [
    "a token that has ended, or another user's",
    challenged({ status: "401", schemes: "bearer", scope: "mail" }, "535 5.7.8 Error: authentication failed"),
    /may have expired or been withdrawn, lack the right scope, or be another user's/,
  ],
];

suite("a refusal is explained", { concurrency: 1 }, () => {
  let authority: Authority;
  let stage: SigningStage;
  let written = "";
  before(async () => {
    authority = await createAuthority();
    stage = await openSigningStage({ authority });
    assert.equal((await stage.add("work")).code, 0);
    written = readFileSync(stage.configuration, "utf8");
  });
  after(async () => {
    await stage[Symbol.asyncDispose]();
    await authority[Symbol.asyncDispose]();
  });

  for (const [name, steps, cure] of texts) {
    test(name, async () => {
      await using impostor = await serve({ tls: { capabilities: ["AUTH XOAUTH2"], on: { AUTH: steps } } });
      const ca = stage.file("impostor.pem", impostors.certificate);
      const toml = written.replace(/@127\.0\.0\.1:\d+/, `@127.0.0.1:${impostor.port}`);
      stage.write(toml.replace(/^ca-only = .*$/m, `ca-only = "${ca}"`));
      const { code, stderr } = await stage.run(["verify"]);
      assert.equal(code, 77, stderr);
      assert.match(stderr, cure);
    });
  }

  test("a password where only tokens are taken", async () => {
    const text = "535 5.7.139 Authentication unsuccessful, basic authentication is disabled.\r\n";
    await using impostor = await serve({
      tls: { capabilities: ["AUTH PLAIN XOAUTH2"], on: { AUTH: [{ do: "say", text }] } },
    });
    const [ca, file] = [stage.file("impostor.pem", impostors.certificate), stage.file("password", "secret-alice\n")];
    const server = `submission://alice%40example.test@127.0.0.1:${impostor.port}`;
    const { code, stderr } = await stage.run(["verify", "--server", server, "--ca-only", ca, "--password-file", file]);
    assert.equal(code, 77, stderr);
    assert.match(stderr, /takes no passwords any more: log in with an access token \(OAuth\)/);
  });
});
