/** Postfix under load: its log about five thousand messages that one mailer was given at once. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { mailerFor } from "./client.ts";
import { createAuthority } from "./servers/pki.ts";
import { poll } from "./servers/poll.ts";
import { startPostfix } from "./servers/postfix.ts";

const COUNT = 5_000;

test(`Postfix takes ${COUNT} messages in bulk, each once, and logs no complaint`, async (t) => {
  await using authority = await createAuthority();
  await using server = await startPostfix({ authority });
  await using mailer = mailerFor(server, { authority });
  const ids = new Set<string>();
  const messages = Array.from({ length: COUNT }, (_, index) => ({
    from: "alice@example.test",
    // Mail to strangers goes nowhere, but is logged.
    to: "far@far.test",
    subject: `number ${index}`,
    text: "text",
    messageId: `<load-${index}@example.test>`,
  }));
  for await (const { receipt, error } of mailer.sendAll(messages)) {
    assert.equal(error, undefined);
    assert.ok(receipt?.messageId !== undefined);
    ids.add(receipt.messageId);
  }
  assert.equal(ids.size, COUNT);
  const taken = await poll(
    async () => {
      const found = takenBy(server.log());
      return found.length >= COUNT ? found : undefined;
    },
    () => `${takenBy(server.log()).length} of ${COUNT} are in the log`,
  );
  // A connection that close() gives up while it is set up, since others have carried all messages, is lost to the server.
  const complaints = complaintsIn(server.log());
  await mailer.close();
  const log = server.log();
  t.diagnostic(`${taken.length} taken, ${log.match(/submission\/smtpd\[\d+\]: connect from /g)?.length} connections`);
  assert.equal(taken.length, COUNT);
  assert.deepEqual(new Set(taken), ids);
  assert.deepEqual(complaints, []);
  const later = complaintsIn(log).filter((line) => !/lost connection after (?:EHLO|STARTTLS|AUTH) /.test(line));
  assert.deepEqual(later, []);
});

/** What Postfix says against the client. The probe that waits for the port shows up as lost after CONNECT. */
function complaintsIn(log: string): readonly string[] {
  // These are about a busy machine's clocks.
  const isClock = /file system clock|resetting file time stamps/;
  const complaint = /improper command pipelining|lost connection after (?!CONNECT)|too many errors|warning:/;
  return log.split("\n").filter((line) => complaint.test(line) && !isClock.test(line));
}

/** The Message-IDs of everything in the queue. */
function takenBy(log: string): readonly string[] {
  return [...log.matchAll(/postfix\/cleanup\[\d+\]: \w+: message-id=(<load-\d+@example\.test>)/g)].map(
    ([, id = ""]) => id,
  );
}
