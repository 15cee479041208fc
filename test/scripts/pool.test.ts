/** One session for many messages: it is kept and renewed, and never causes a second delivery. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { createMailer, type Mailer, MailError, receiptOf } from "@postseal/mailer";
import { type Authority, createAuthority, HOST, type Issued } from "@postseal/lab";
import { type Act, parseActs } from "./script.ts";
import { playServer } from "./server.ts";

let authority: Authority;
let identity: Issued;
before(async () => {
  authority = await createAuthority();
  identity = await authority.issue();
});

const message = { envelope: { from: "s@x.example", to: "a@x.example" }, message: "From: s@x.example\r\n\r\nx\r\n" };
const begin = "TLS\nS: 220 mx\nC: EHLO [127.0.0.1]\n";
const byData = `${begin}S: 250-mx\nS: 250 PIPELINING\n`;
const byBdat = `${begin}S: 250-mx\nS: 250-PIPELINING\nS: 250-SIZE 1000\nS: 250 CHUNKING\n`;
const envelope = "C: MAIL FROM:<s@x.example>\nC: RCPT TO:<a@x.example>\nC: DATA\n";
const sent = `${envelope}S: 250 ok\nS: 250 ok\nS: 354 go\nC: From: s@x.example\nC:\nC: x\nC: .\nS: 250 queued\n`;
const whole = "C: MAIL FROM:<s@x.example> SIZE=24\nC: RCPT TO:<a@x.example>\nC: BDAT 24 LAST\nC: From: s@x.example\nC:\nC: x\n";
const sentWhole = `${whole}S: 250 ok\nS: 250 ok\nS: 250 queued\n`;
const bye = "C: QUIT\nS: 221 bye\nCLOSE\n";

/** A mailer with these connections, in order. `over` rejects if one did not follow its script or is missing; `gone` waits until all so far are closed. */
function mailerOver(...scripts: readonly string[]): { readonly mailer: Mailer; readonly over: () => Promise<void>; readonly gone: () => Promise<void> } {
  const played: Promise<string>[] = [];
  const closed: Promise<unknown>[] = [];
  const mailer = createMailer(
    { host: HOST, transport: "implicit" },
    {
      tls: { ca: { only: authority.certificate } },
      connect: async () => {
        const acts: readonly Act[] | undefined = scripts[played.length] === undefined ? undefined : parseActs(scripts[played.length] ?? "");
        if (acts === undefined) throw new Error("one connection too many");
        const { stream, over } = playServer(acts, identity, "whole");
        played.push(over);
        closed.push(new Promise((resolve) => stream.once("close", resolve)));
        return stream;
      },
    },
  );
  return {
    mailer,
    gone: async () => void (await Promise.all(closed)),
    over: async () => {
      assert.equal(played.length, scripts.length, "connections");
      assert.deepEqual(await Promise.all(played), scripts.map(() => ""));
    },
  };
}

test("messages share one session, even those sent at the same time", async () => {
  const { mailer, over } = mailerOver(byData + sent.repeat(3) + bye);
  await Promise.all([mailer.send(message), mailer.send(message)]);
  await mailer.send(message);
  await mailer.close();
  await over();
});

test("a session is renewed after 100 messages", async () => {
  const { mailer, over } = mailerOver(byBdat + sentWhole.repeat(100) + bye, byBdat + sentWhole + bye);
  for (let count = 0; count < 101; count += 1) await mailer.send(message);
  await mailer.close();
  await over();
});

test("if a server closes the idle session, with or without a reply, the mailer connects again", async () => {
  for (const end of ["CLOSE\n", "S: 421 4.4.2 idle for too long\nCLOSE\n", "CUT\n"]) {
    const { mailer, over, gone } = mailerOver(byData + sent + end, byData + sent + bye);
    await mailer.send(message);
    await gone();
    await mailer.send(message);
    await mailer.close();
    await over();
  }
});

test("a session that turns out to be dead before it saw the message is renewed, and the message is sent once", async () => {
  const { mailer, over } = mailerOver(`${byData}${sent}${envelope}CLOSE\n`, byData + sent + bye);
  await mailer.send(message);
  const { recipients } = await mailer.send(message);
  assert.deepEqual(recipients.map(({ outcome }) => outcome), ["accepted"]);
  await mailer.close();
  await over();
});

test("a message whose fate is unknown is not sent again", async () => {
  const { mailer, over } = mailerOver(`${byBdat}${sentWhole}${whole}CLOSE\n`);
  await mailer.send(message);
  await assert.rejects(mailer.send(message), (error) => {
    assert.deepEqual(receiptOf(error)?.recipients.map(({ outcome }) => outcome), ["unknown"]);
    return true;
  });
  await mailer.close();
  await over();
});

test("a message that is proved unsent is sent again, over as many fresh sessions as end before they have sent anything", async () => {
  const ends = `${byData}${envelope}CLOSE\n`;
  const { mailer, over } = mailerOver(ends, ends, byData + sent + bye);
  await mailer.send(message);
  await mailer.close();
  await over();
});

test("a stream that can be read only once is not sent a second time", async () => {
  const { mailer, over } = mailerOver(`${byData}${sent}${envelope}CLOSE\n`);
  await mailer.send(message);
  async function* once(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(message.message);
  }
  await assert.rejects(mailer.send({ ...message, message: once() }), { code: "MAIL_NETWORK_LOST" });
  await mailer.close();
  await over();
});

test("a refused transaction is cleared by RSET before the next, in the same write", async () => {
  const refused = `${envelope}S: 250 ok\nS: 550 unknown\nS: 554 no\n`;
  const { mailer, over } = mailerOver(
    `${byData}${refused}C: RSET\n${envelope}S: 250 ok\nS: 250 ok\nS: 250 ok\nS: 354 go\nC: From: s@x.example\nC:\nC: x\nC: .\nS: 250 queued\n${bye}`,
  );
  await assert.rejects(mailer.send(message), { code: "MAIL_REFUSED" });
  await mailer.send(message);
  await mailer.close();
  await over();
});

test("a send that is aborted while it waits in line fails with the reason, and nothing of its message is said", async () => {
  const { mailer, over } = mailerOver(byData + sent.repeat(2) + bye);
  const abort = new AbortController();
  const reason = new Error("never mind");
  const first = mailer.send(message);
  const second = mailer.send(message, { signal: abort.signal });
  const third = mailer.send(message);
  abort.abort(reason);
  await assert.rejects(second, (error) => {
    assert.ok(error instanceof MailError && error.code === "MAIL_ABORTED" && error.cause === reason);
    assert.deepEqual(receiptOf(error)?.recipients.map(({ outcome }) => outcome), ["unsent"]);
    return true;
  });
  await Promise.all([first, third]);
  await mailer.close();
  await over();
});

test("a failed connection fails its message, and the next message connects again", async () => {
  const { mailer, over } = mailerOver("TLS\nS: 554 not now\n", byData + sent + bye);
  await assert.rejects(mailer.send(message), { code: "MAIL_GREETING_REFUSED" });
  await mailer.send(message);
  await mailer.close();
  await over();
});

test("a closed mailer takes nothing more, and closing it twice does nothing", async () => {
  const { mailer, over } = mailerOver(byData + sent + bye);
  await mailer.send(message);
  await mailer.close();
  await mailer.close();
  await assert.rejects(mailer.send(message), (error) => {
    assert.ok(error instanceof MailError && error.code === "MAIL_SESSION_SPENT");
    assert.deepEqual(receiptOf(error)?.recipients.map(({ outcome }) => outcome), ["unsent"]);
    return true;
  });
  await assert.rejects(mailer.verify(), { code: "MAIL_SESSION_SPENT" });
  await over();
});

test("hostile input makes no connection", async () => {
  const { mailer, over } = mailerOver();
  await assert.rejects(mailer.send({ ...message, envelope: { from: "s@x.example", to: "b@x>\r\nRCPT TO:<e@e" } }), { name: "InputError" });
  await mailer.close();
  await over();
});
