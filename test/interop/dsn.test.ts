/**
 * A server does what DSN parameters ask for (RFC 3461), as its notifications show, and a server without DSN is not asked.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { globSync } from "node:fs";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { CapabilityError, type DsnOptions, type Mailer } from "@postseal/mailer";
import { mailerFor } from "./client.ts";
import { deliveredWith } from "./reader.ts";
import { mailServers, type Server } from "./roster.ts";
import { type Authority, createAuthority } from "./servers/pki.ts";
import { poll } from "./servers/poll.ts";
import { startPostfix } from "./servers/postfix.ts";

let authority: Authority;
before(async () => {
  authority = await createAuthority();
});
after(() => authority[Symbol.asyncDispose]());

const recipient = "bob+tag=1@example.test";
/** A space and the characters that xtext has to encode. */
const envelopeId = "order 7+8=15";

for (const [name, { start }] of mailServers.filter(([, { dsn }]) => dsn)) {
  test(`${name} notifies of success, and names the envelope and the recipient as they were given`, async () => {
    await using server = await start({ authority });
    await using mailer = mailerFor(server, { authority });
    const notification = await notificationOf(server, mailer);
    // Exim leaves the xtext as it came, Postfix decodes it.
    assert.match(notification, /^Original-Envelope-ID: order(?: 7\+8=15|\+207\+2B8\+3D15)$/im);
    assert.match(notification, /^Original-Recipient: ?rfc822; ?bob(?:\+tag=|\+2Btag\+3D)1@example\.test$/im);
    assert.match(notification, /^Action: delivered$/m);
  });

  test(`${name} does not notify of success if only failures, or nothing, was asked for`, async () => {
    await using server = await start({ authority });
    await using mailer = mailerFor(server, { authority });
    for (const notify of [["failure", "delay"], "never"] as const) await deliver(server, mailer, { notify });
    // A notification of these would have come before the next one.
    await notificationOf(server, mailer);
    assert.equal((await server.delivered(0)).filter(isNotification).length, 1);
  });
}

/** NOTIFY and RET as numbers in Postfix's queue file. */
const flags: readonly (readonly [asked: DsnOptions, notify: number, ret: number])[] = [
  [{ notify: ["success"], return: "full" }, 2, 1],
  [{ notify: ["failure", "delay"], return: "headers" }, 12, 2],
  [{ notify: ["success", "failure", "delay"], return: "full" }, 14, 1],
  [{ notify: "never", return: "headers" }, 1, 2],
];

test("Postfix queues what was asked for: NOTIFY, RET, ENVID and ORCPT", async () => {
  await using server = await startPostfix({ authority });
  await using mailer = mailerFor(server, { authority });
  // Nothing delivers to a system user here, so the messages stay in the queue.
  const to = "root@[127.0.0.1]";
  for (const [index, [asked]] of flags.entries()) {
    const dsn = { ...asked, envelopeId: `${envelopeId} ${index}`, originalRecipient: true };
    await mailer.send({ from: "alice@example.test", to, text: "text", dsn });
  }
  const files = await poll(
    async () => {
      const queued = globSync(`${server.folder}/spool/deferred/*/*`);
      return queued.length === flags.length ? queued : undefined;
    },
    () => server.log(),
  );
  const queued = await Promise.all(files.map((file) => attributesOf(file, server)));
  assert.deepEqual(
    queued.toSorted((one, other) => (one.envelope_id ?? "").localeCompare(other.envelope_id ?? "")),
    flags.map(([, notify, ret], index) => ({
      envelope_id: `${envelopeId} ${index}`,
      notify_flags: String(notify),
      ret_flags: String(ret),
      dsn_orig_rcpt: `rfc822;${to}`,
    })),
  );
});

for (const [name, { start }] of mailServers.filter(([, { dsn }]) => !dsn))
  test(`${name} has no DSN, so a message that asks for it is not sent`, async () => {
    await using server = await start({ authority });
    await using mailer = mailerFor(server, { authority });
    await assert.rejects(deliver(server, mailer, { notify: ["failure"] }), (error) => {
      assert.ok(error instanceof CapabilityError, String(error));
      assert.deepEqual([error.code, error.keyword], ["MAIL_CAPABILITY_MISSING", "DSN"]);
      return true;
    });
    assert.deepEqual(await server.delivered(0), []);
  });

async function deliver(server: Server, mailer: Mailer, dsn: DsnOptions): Promise<void> {
  const { messageId = "" } = await mailer.send({
    from: "alice@example.test",
    to: recipient,
    text: "the whole text",
    dsn,
  });
  await deliveredWith(server, messageId);
}

/** Goes to alice, whose mail is in the same Maildir. After a success both servers return only the header, even for RET=FULL. */
async function notificationOf(server: Server, mailer: Mailer): Promise<string> {
  await deliver(server, mailer, { notify: ["success"], envelopeId, originalRecipient: true });
  return (await deliveredWith(server, "Reporting-MTA: ")).toString();
}

function isNotification(message: Uint8Array): boolean {
  return /^Content-Type: multipart\/report/im.test(Buffer.from(message).toString());
}

const attributeNames = ["envelope_id", "notify_flags", "ret_flags", "dsn_orig_rcpt"] as const;

async function attributesOf(
  file: string,
  { folder }: Server,
): Promise<Readonly<Partial<Record<(typeof attributeNames)[number], string>>>> {
  const { stdout } = await promisify(execFile)("/usr/sbin/postcat", ["-c", `${folder}/etc`, "-e", file]);
  const valueOf = (name: string): string | undefined =>
    new RegExp(`^named_attribute: ${name}=(.*)$`, "m").exec(stdout)?.[1];
  return Object.fromEntries(attributeNames.map((name) => [name, valueOf(name)]));
}
