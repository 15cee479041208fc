/** Each command refused in turn, by Nodemailer and by a sealed transport: the fields that applications read are the same. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { canaries, type Script } from "@postseal/lab";
import { receiptOf } from "@postseal/mailer";
import { sealed, TransportError } from "@postseal/mailer/nodemailer";
import nodemailer, { type Transporter } from "nodemailer";
import { authority, failure, message, options, serve, urlOf } from "./stand.ts";

type Server = Awaited<ReturnType<typeof serve>>;
type Refusable = "MAIL" | "RCPT" | "DATA" | "final";

/** The command, what the server says to it, and the stage that the receipt has. */
const refusals: readonly (readonly [Refusable, string, string])[] = [
  ["MAIL", "550 5.1.8 Not yours", "mail"],
  ["MAIL", "550 Not yours", "mail"],
  ["MAIL", "553 Sorry", "mail"],
  ["MAIL", "451 4.7.1 Later", "mail"],
  ["MAIL", "452 4.3.1 Full", "mail"],
  ["RCPT", "550 5.1.1 No such user", "recipient"],
  ["RCPT", "550 5.7.1 Spam", "recipient"],
  ["RCPT", "554 Spam", "recipient"],
  ["RCPT", "552 5.2.2 Mailbox full", "recipient"],
  ["RCPT", "450 4.2.0 Greylisted", "recipient"],
  ["DATA", "554 5.5.1 No valid recipients", "data"],
  ["DATA", "451 Later", "data"],
  ["final", "550 Spam", "message"],
  ["final", "552 5.3.4 Too big", "message"],
  ["final", "554 5.7.1 Spam", "message"],
  ["final", "451 4.3.0 Later", "message"],
  ["final", "550 5.1.1 No such user", "message"],
];

/** The server takes no chunks, so that both say DATA. */
function refusing(command: Refusable, text: string): Script {
  return {
    tls: {
      capabilities: ["PIPELINING", "8BITMIME", "AUTH PLAIN"],
      on: { [command]: [{ do: "say", text: `${text}\r\n` }] },
    },
  };
}

suite("what is refused", () => {
  for (const [command, text, stage] of refusals) {
    test(`"${text}" to ${command}`, async () => {
      await using server = await serve(refusing(command, text));
      const transport = sealed(urlOf(server), options);
      const sending = { ...message, cc: "rook@recipient.example.test" };
      const ours = await failure(nodemailer.createTransport(transport).sendMail(sending), TransportError);
      await transport.close();
      const theirs = await failure(theirsFor(server).sendMail(sending), Error);
      assert.deepEqual(seen(ours), seen(theirs));
      assert.deepEqual(rejections(ours), rejections(theirs));
      assert.equal(receiptOf(ours.cause)?.recipients[0]?.reply?.stage, stage);
    });
  }
});

test("what is resolved with has the same envelope, and no list of errors if nobody was refused", async () => {
  for (const envelope of [undefined, { from: false as const, to: canaries.recipient }]) {
    await using server = await serve();
    const transport = sealed(urlOf(server), options);
    const sending = { ...message, ...(envelope === undefined ? {} : { envelope }) };
    const ours = await nodemailer.createTransport(transport).sendMail(sending);
    await transport.close();
    const theirs = await theirsFor(server).sendMail(sending);
    assert.deepEqual(ours.envelope, theirs.envelope);
    assert.deepEqual([ours.accepted, ours.rejected], [theirs.accepted, theirs.rejected]);
    assert.equal("rejectedErrors" in ours, "rejectedErrors" in theirs);
  }
});

function theirsFor({ port }: Pick<Server, "port">): Transporter {
  return nodemailer.createTransport({
    host: "127.0.0.1",
    port,
    auth: { user: canaries.username, pass: canaries.password },
    tls: { ca: authority.certificate },
  });
}

/** What applications branch on. */
function seen(error: unknown): readonly unknown[] {
  const names = ["code", "command", "response", "responseCode", "rejected", "recipient"];
  return error instanceof Error ? names.map((name): unknown => Reflect.get(error, name)) : [];
}

function rejections(error: Error): readonly unknown[] | undefined {
  const all: unknown = Reflect.get(error, "rejectedErrors");
  return Array.isArray(all) ? all.map(seen) : undefined;
}
