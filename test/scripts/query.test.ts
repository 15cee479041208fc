/** VRFY and EXPN over a sealed session: their argument goes out in a form that the server can read (RFC 6531 section 3.7.4.2). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { connectSealed, type SealedSession } from "@postseal/mailer";
import { createAuthority, HOST } from "@postseal/lab";
import { parseActs } from "./script.ts";
import { playServer } from "./server.ts";

const begin = "TLS\nS: 220 mx\nC: EHLO [127.0.0.1]\n";
const bye = "C: QUIT\nS: 221 bye\nCLOSE\n";

/** Plays the script against a session, and fails if the client says anything else. */
async function converse(script: string, use: (session: SealedSession) => Promise<void>): Promise<void> {
  const authority = await createAuthority();
  const { stream, over } = playServer(parseActs(script), await authority.issue(), "whole");
  const session = await connectSealed(
    { host: HOST, transport: "implicit" },
    { tls: { ca: { only: authority.certificate } }, connect: async () => stream },
  );
  await use(session);
  await session.close();
  assert.equal(await over, "");
}

test("a name that is not ASCII goes out with SMTPUTF8, a domain as A-labels", async () => {
  const script = `${begin}S: 250-mx\nS: 250 SMTPUTF8
C: VRFY j\\xc3\\xbcrgen@xn--4cab6c.se SMTPUTF8
S: 250 J\\xc3\\xbcrgen <j\\xc3\\xbcrgen@xn--4cab6c.se>
C: EXPN staff@xn--4cab6c.se
S: 250 ok
${bye}`;
  await converse(script, async (session) => {
    const reply = await session.command("VRFY", { argument: "jürgen@åäö.se" });
    assert.equal(reply.text, "Jürgen <jürgen@xn--4cab6c.se>");
    await session.command("EXPN", { argument: "staff@åäö.se" });
  });
});

test("a server without SMTPUTF8 hears nothing of a name that is not ASCII, and the session goes on", async () => {
  await converse(`${begin}S: 250 mx\nC: NOOP\nS: 250 ok\n${bye}`, async (session) => {
    await assert.rejects(session.command("VRFY", { argument: "jürgen@x.example" }), {
      code: "MAIL_CAPABILITY_MISSING",
      keyword: "SMTPUTF8",
    });
    assert.equal((await session.command("NOOP")).code, 250);
  });
});
