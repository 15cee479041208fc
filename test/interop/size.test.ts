/** Large messages go through in constant memory, and are refused before a word is said if they exceed the server's stated limit. */
import assert from "node:assert/strict";
import { createCipheriv, createHash } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, suite, test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { makePrivateFolder } from "@postseal/lab";
import PostalMime from "postal-mime";
import { CapabilityError } from "@postseal/mailer";
import { fateOf, mailerFor, sessionWith } from "./client.ts";
import { deliveredWith } from "./reader.ts";
import { mailServers, type Server } from "./roster.ts";
import { type Authority, createAuthority } from "./servers/pki.ts";
import { poll } from "./servers/poll.ts";

const mebibyte = 1024 * 1024;
const folder = makePrivateFolder("size");
const file = path.join(folder, "large.bin");
/** Not compressible, and the same in every run. */
const large = createCipheriv("aes-128-ctr", Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(25 * mebibyte));
const hash = createHash("sha256").update(large).digest("hex");

let authority: Authority;
before(async () => {
  authority = await createAuthority();
  writeFileSync(file, large);
});
after(async () => {
  rmSync(folder, { recursive: true });
  await authority[Symbol.asyncDispose]();
});

for (const [name, { start }] of mailServers) {
  suite(name, () => {
    test("takes an attachment of 25 MiB from a file, of which only a little is in memory at any time", async () => {
      await using server = await start({ authority, sizeLimit: 50 * mebibyte });
      await using mailer = mailerFor(server, { authority });
      await mailer.verify();
      collect();
      const first = memory();
      const most = { rss: 0, buffers: 0 };
      let sent = 0;
      let looks = 0;
      const progress = (octets: number): void => {
        // Collects garbage now and then, so that only what is held is measured.
        if (octets < sent + 8 * mebibyte) return;
        sent = octets;
        looks += 1;
        collect();
        const now = memory();
        most.rss = Math.max(most.rss, now.rss - first.rss);
        most.buffers = Math.max(most.buffers, now.buffers - first.buffers);
      };
      const message = {
        from: "alice@example.test",
        to: "bob@example.test",
        subject: "large",
        attachments: [{ path: file }],
      };
      const receipt = await mailer.send(message, { progress });
      assert.ok(looks >= 3, "memory was not measured often enough");
      assert.ok(most.buffers < 8 * mebibyte, `${most.buffers} octets in buffers`);
      assert.ok(most.rss < 100 * mebibyte, `${most.rss} octets`);
      const mail = await PostalMime.parse(await deliveredWith(server, receipt.messageId ?? "no Message-ID"));
      const [content = ""] = mail.attachments.map((attachment) => attachment.content);
      assert.equal(
        createHash("sha256")
          .update(typeof content === "string" ? content : new Uint8Array(content))
          .digest("hex"),
        hash,
      );
    });

    suite("with a limit of 1 MiB", () => {
      let server: Server;
      before(async () => {
        server = await start({ authority, sizeLimit: mebibyte });
      });
      after(() => server[Symbol.asyncDispose]());

      test("hears nothing of a message over its limit, and takes the next one on the same connection", async () => {
        await using session = await sessionWith(server, authority);
        const message = {
          from: "alice@example.test",
          to: "bob@example.test",
          subject: "over the limit",
          attachments: [{ path: file }],
        };
        await assert.rejects(session.send(message), (error) => {
          assert.ok(error instanceof CapabilityError, String(error));
          assert.deepEqual([error.code, error.keyword], ["MAIL_MESSAGE_TOO_LARGE", "SIZE"]);
          return true;
        });
        await session.send({ from: "carol@example.test", to: "bob@example.test", subject: "within", text: "within" });
        await deliveredWith(server, "Subject: within");
        await session.close();
        // Only Postfix logs how many commands of each kind it heard.
        if (name.startsWith("Postfix"))
          await poll(
            async () => / auth=1 mail=1 rcpt=1 bdat=1 quit=1 /.test(server.log()) || undefined,
            () => server.log(),
          );
      });

      test("takes nothing of a stream that grows over its limit, and no receipt says that it did", async () => {
        await using session = await sessionWith(server, authority);
        const envelope = { from: "alice@example.test", to: "bob@example.test" };
        const fate = await fateOf(session.send({ envelope, message: endless }));
        // Dovecot closes without a word, within the body or after it.
        const truths = name === "Dovecot" ? ["unsent", "unknown"] : ["refused 552", "refused 550"];
        assert.ok(truths.includes(fate.outcomes[envelope.to] ?? ""), JSON.stringify(fate));
        await using later = await sessionWith(server, authority);
        await later.send({ from: "alice@example.test", to: "bob@example.test", subject: "after it", text: "text" });
        await deliveredWith(server, "Subject: after it");
        assert.ok((await server.delivered(0)).every((bytes) => !Buffer.from(bytes).includes("Subject: endless")));
      });
    });
  });
}

/** 2.9 MB; a stream does not announce its size. */
async function* endless(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("From: alice@example.test\r\nSubject: endless\r\n\r\n");
  const lines = Buffer.from(`${"x".repeat(70)}\r\n`.repeat(1000));
  for (let count = 0; count < 40; count += 1) yield lines;
}

function collect(): void {
  setFlagsFromString("--expose-gc");
  // The second collection waits for buffers that the first one frees outside the main thread.
  runInNewContext("gc(); gc()");
}

function memory(): { readonly rss: number; readonly buffers: number } {
  const { rss, arrayBuffers } = process.memoryUsage();
  return { rss, buffers: arrayBuffers };
}
