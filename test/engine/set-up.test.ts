/** A server that says too much while a session is set up gets few connections and logins, however much mail waits. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { connectSealed, type Mailer, type MailError, receiptOf, type Transport } from "@postseal/mailer";
import { byBdat, letter, type Rig, rigWith, sessionTo, wordOf } from "./client.ts";
import type { Fault, Moment } from "./behaviour.ts";

const MOST_CONNECTIONS = 2;
/** Twenty messages are worth three connections, and these are opened before any has failed. */
const MOST_FOR_TWENTY = 3;
const credentials = { username: "alice", password: "open sesame" };
/** What comes in the same write as the last reply of the set-up, and the error that follows. */
const surplus: readonly (readonly [fault: Fault, code: string])[] = [
  ["421 too", "MAIL_NETWORK_LOST"],
  ["250 too", "MAIL_PROTOCOL_UNSOLICITED_REPLY"],
  ["354 too", "MAIL_PROTOCOL_UNSOLICITED_REPLY"],
  ["garbage too", "MAIL_PROTOCOL_UNSOLICITED_REPLY"],
];

async function codeOf(doing: Promise<unknown>): Promise<string> {
  return doing.then(
    () => "none",
    (error: MailError) => error.code,
  );
}

/** Each way to use a mailer, returning the code of the error that it ends with. */
const ways: Readonly<Record<string, (mailer: Mailer) => Promise<string>>> = {
  send: async (mailer) => {
    const { error, receipt } = await wordOf(mailer.send(letter("a")));
    assert.deepEqual(receipt.recipients[0]?.outcome, "unsent");
    return error?.code ?? "none";
  },
  "send, twenty at once": async (mailer) => {
    const words = await Promise.all(Array.from({ length: 20 }, (_, index) => wordOf(mailer.send(letter(`m${index}`)))));
    return [...new Set(words.map(({ error }) => error?.code))].join();
  },
  sendAll: async (mailer) => {
    const codes = new Set<string | undefined>();
    for await (const { error } of mailer.sendAll([letter("a"), letter("b")])) {
      assert.equal(receiptOf(error)?.recipients[0]?.outcome, "unsent");
      codes.add(error?.code);
    }
    return [...codes].join();
  },
  verify: (mailer) => codeOf(mailer.verify()),
};

function rig(transport: Transport, moment: Moment, fault: Fault): Promise<Rig> {
  const behaviour = {
    capabilities: moment === "AUTH" ? [...byBdat, "AUTH PLAIN"] : byBdat,
    fault: (now: Moment, count: number) =>
      now === moment && count === (isSecond(transport, moment) ? 2 : 1) ? fault : undefined,
  };
  return rigWith(behaviour, { transport, ...(moment === "AUTH" ? { credentials } : {}) });
}

/** With STARTTLS the client says EHLO twice. */
function isSecond(transport: Transport, moment: Moment): boolean {
  return transport === "starttls" && moment === "EHLO";
}

for (const transport of ["implicit", "starttls"] as const) {
  for (const moment of ["EHLO", "AUTH"] as const) {
    for (const [fault, code] of surplus) {
      for (const [way, go] of Object.entries(ways)) {
        test(`${way}: ${fault} with the last reply of the set-up (${moment}, ${transport}) is ${code}`, async () => {
          const { server, mailer } = await rig(transport, moment, fault);
          assert.equal(await go(mailer), code);
          await mailer.close();
          const most = way === "send, twenty at once" ? MOST_FOR_TWENTY : MOST_CONNECTIONS;
          assert.ok(server.connections.length <= most, `${server.connections.length} connections`);
        });
      }
    }
  }
  for (const [fault, code] of surplus) {
    test(`connectSealed: ${fault} with the last reply of the set-up (${transport}) is ${code}`, async () => {
      const { server } = await rig(transport, "EHLO", fault);
      const { url, options } = await sessionTo(server, transport);
      assert.equal(await codeOf(connectSealed(url, options)), code);
      assert.equal(server.connections.length, 1);
    });
  }
}
