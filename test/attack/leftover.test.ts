/** What a server keeps of a refused transaction must not reach the next message on the same connection. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { before, test } from "node:test";
import { createMailer } from "@postseal/mailer";
import {
  type Authority,
  canaries,
  createAuthority,
  HOST,
  said,
  type Script,
  sealedCapabilities,
  startImpostor,
} from "@postseal/lab";

let authority: Authority;
before(async () => {
  authority = await createAuthority();
});

const refuseFirst = { RCPT: [{ do: "say", text: "550 5.1.1 No such mailbox\r\n" }] } as const;
const servers: readonly (readonly [string, Script])[] = [
  ["BDAT", { tls: { on: refuseFirst, only: { RCPT: 1 } } }],
  [
    "DATA",
    {
      tls: {
        on: refuseFirst,
        only: { RCPT: 1 },
        capabilities: sealedCapabilities.filter((line) => line !== "CHUNKING"),
      },
    },
  ],
  ["no PIPELINING", { tls: { on: refuseFirst, only: { RCPT: 1 }, capabilities: ["AUTH PLAIN"] } }],
];

for (const [name, script] of servers) {
  test(`a message after a refused one goes out under its own sender (${name})`, async () => {
    await using impostor = await startImpostor({ transport: "starttls", script }, { authority });
    const mailer = createMailer(
      { host: HOST, port: impostor.port },
      {
        credentials: { username: canaries.username, password: canaries.password },
        tls: { ca: { only: authority.certificate } },
        connect: async (target) => connect({ host: "127.0.0.1", port: target.port }),
      },
    );
    await assert.rejects(mailer.send({ from: "stranger@example.test", to: "nobody@example.test", text: "first" }), {
      code: "MAIL_REFUSED",
    });
    await mailer.send({ from: canaries.sender, to: canaries.recipient, text: canaries.body });
    await mailer.close();
    await impostor.settled();
    const [connection, ...others] = impostor.transcript.connections;
    assert.ok(connection !== undefined && others.length === 0, "the messages did not share one connection");
    const [message, ...more] = impostor.transcript.messages;
    assert.equal(more.length, 0);
    assert.equal(message?.reversePath, canaries.sender);
    assert.deepEqual(message?.forwardPaths, [canaries.recipient]);
    assert.match(said(connection, "client", "tls"), /RSET\r\nMAIL FROM:<petrel@/);
  });
}
