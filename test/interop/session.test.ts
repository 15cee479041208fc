/** The session step by step, on every server: clear, sealed, authenticated; commands, messages, and closing. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, suite, test } from "node:test";
import { connect, connectSealed, MailError, type TlsOptions } from "@postseal/mailer";
import { fateOf, password, sessionWith, toLoopback, urlOf, user } from "./client.ts";
import { deliveredWith } from "./reader.ts";
import { mailServers, type Server } from "./roster.ts";
import { type Authority, createAuthority } from "./servers/pki.ts";
import { serverName } from "./servers/server.ts";

let authority: Authority;
let tls: TlsOptions;
before(async () => {
  authority = await createAuthority();
  tls = { ca: { only: readFileSync(authority.caFile, "utf8") } };
});
after(() => authority[Symbol.asyncDispose]());

const letter = (text: string): { readonly from: string; readonly to: string; readonly text: string } => ({
  from: user,
  to: "bob@example.test",
  text,
});

for (const [name, { start, strongest }] of mailServers) {
  suite(name, () => {
    let server: Server;
    before(async () => {
      server = await start({ authority });
    });
    after(() => server[Symbol.asyncDispose]());

    test("a clear session becomes sealed and authenticated and sends mail, each step once", async () => {
      const clear = await connect(urlOf(server), { connect: toLoopback });
      const session = await clear.startTls(tls);
      await assert.rejects(clear.startTls(tls), { code: "MAIL_SESSION_SPENT" });
      assert.deepEqual([session.mechanism, session.isOpen], [undefined, true]);
      assert.ok(session.capabilities.has("auth") && !session.capabilities.has("starttls"));
      assert.equal(session.capabilities.size, 10 * 1024 * 1024);
      await session.authenticate({ username: user, password });
      assert.equal(session.mechanism, strongest);
      await assert.rejects(session.authenticate({ username: user, password }), { code: "MAIL_SESSION_SPENT" });
      await session.send(letter("step by step"));
      await deliveredWith(server, "step by step");
      await session.close();
      assert.equal(session.isOpen, false);
      await assert.rejects(session.send(letter("never")), { code: "MAIL_SESSION_SPENT" });
    });

    test("commands get their replies as the server says them, refusals too, and disturb no mail", async () => {
      await using session = await sessionWith(server, authority);
      assert.equal((await session.command("NOOP")).code, 250);
      assert.equal((await session.command("RSET")).code, 250);
      assert.match(String((await session.command("VRFY", { argument: "bob" })).code), /^25[02]$|^5\d\d$/);
      assert.match(String((await session.command("EXPN", { argument: "staff" })).code), /^25[02]$|^5\d\d$/);
      assert.match(String((await session.command("HELP")).code), /^21[14]$|^250$|^5\d\d$/);
      await session.send(letter("after commands"));
      await deliveredWith(server, "after commands");
      assert.equal((await session.command("NOOP")).code, 250);
    });

    test("messages sent at once, with commands among them, go one after the other", async () => {
      await using session = await sessionWith(server, authority);
      const sent = Array.from({ length: 5 }, (_, index) => session.send(letter(`at once ${index}.`)));
      const [reply] = await Promise.all([session.command("NOOP"), ...sent]);
      assert.equal(reply.code, 250);
      for (const index of sent.keys()) await deliveredWith(server, `at once ${index}.`);
    });

    // Haraka, as configured here, requires no login.
    test("without AUTH it takes nothing, and says so for each recipient", { skip: name === "Haraka" }, async () => {
      await using session = await connectSealed(urlOf(server), { tls, connect: toLoopback });
      const { code, outcomes } = await fateOf(session.send(letter("never")));
      assert.equal(code, "MAIL_REFUSED");
      assert.match(outcomes["bob@example.test"] ?? "", /^refused 5\d\d$/);
    });

    test("a message that is aborted on the way is unsent, and nothing of it is delivered", async () => {
      await using session = await sessionWith(server, authority);
      const reason = new Error("the user changed his mind");
      const controller = new AbortController();
      const message = async function* (): AsyncGenerator<Uint8Array> {
        yield Buffer.from(`From: ${user}\r\nSubject: given up\r\n\r\n${"text\r\n".repeat(50_000)}`);
        controller.abort(reason);
        yield Buffer.from("more\r\n");
      };
      const envelope = { from: user, to: "bob@example.test" };
      await assert.rejects(session.send({ envelope, message }, { signal: controller.signal }), (error) => {
        assert.ok(error instanceof MailError, String(error));
        assert.deepEqual([error.code, error.cause], ["MAIL_ABORTED", reason]);
        assert.deepEqual(error.receipt?.recipients, [{ address: "bob@example.test", outcome: "unsent" }]);
        return true;
      });
      assert.equal(session.isOpen, false);
      await using later = await sessionWith(server, authority);
      await later.send(letter("the next one"));
      await deliveredWith(server, "the next one");
      assert.ok((await server.delivered(0)).every((bytes) => !Buffer.from(bytes).includes("Subject: given up")));
    });

    test("its STARTTLS port does not speak TLS from the first octet, and the error says so", async () => {
      const wrong = `submissions://${serverName}:${server.submissionPort}`;
      await assert.rejects(connectSealed(wrong, { tls, connect: toLoopback }), { code: "MAIL_TLS_NOT_SPOKEN" });
    });
  });
}
