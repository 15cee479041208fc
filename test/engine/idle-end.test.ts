/** A server that ends connections after the login, while callers are asked whether their messages may go. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import { assertTruth, letter, type Rig, rigWith, stepwise, wordOf } from "./client.ts";
import { Clock, pause } from "./clock.ts";

const MINUTE = 60_000;
const credentials = { username: "alice", password: "open sesame" };

/** The most of these times that fall within a minute. */
function mostInAMinute(times: readonly number[]): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at <= from + MINUTE).length));
}

for (const answer of ["yes", "no"] as const) {
  test(`a server that hangs up 10 ms after each login gets no more than four a minute, although callers take longer to say ${answer}`, async () => {
    let isSane = true;
    const made: { rig?: Rig } = {};
    const hangUpSoon = (): undefined => {
      const one = made.rig?.server.connections.at(-1);
      setTimeout(() => one?.hangUp(), 10);
    };
    made.rig = await rigWith(
      {
        capabilities: [...stepwise, "AUTH PLAIN"],
        fault: (moment) => {
          if (isSane) return undefined;
          return moment === "MAIL" ? "close" : moment === "AUTH" ? hangUpSoon() : undefined;
        },
      },
      { credentials },
    );
    const { server, mailer } = made.rig;
    using _ = new Clock(() => server.traffic);
    await mailer.send(letter("first"));
    for (const one of server.connections) one.hangUp();
    for (let at = 0; at < 20; at += 1) await turn();
    isSane = false;
    const beforeHandover = async (): Promise<void> => {
      await pause(20);
      if (answer === "no") throw new Error("another worker has it");
    };
    const words = await Promise.all(
      Array.from({ length: 50 }, (__, index) => wordOf(mailer.send(letter(`m${index}`), { beforeHandover }))),
    );
    await mailer.close();
    assertTruth(words, server);
    const [, ...logins] = server.connections.flatMap(({ loginAt }) => loginAt ?? []);
    assert.ok(logins.length > 1);
    assert.ok(mostInAMinute(logins) <= 4, `${mostInAMinute(logins)} logins in a minute`);
  });
}
