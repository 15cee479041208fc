import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { AuthenticationError } from "../errors/authentication-error.ts";
import { NetworkError } from "../errors/network-error.ts";
import { Openings } from "./openings.ts";

const down = new NetworkError("MAIL_NETWORK_CONNECT", "connect", "nobody there");
const refused = new AuthenticationError("MAIL_AUTH_REFUSED", "535 no");
const PATIENCE = 30_000;
const MINUTE = 60_000;

/** Without chance: each wait is as long as it can be. */
function longest(): Openings {
  return new Openings(() => 1);
}

/** The waits if every attempt fails with this error, beginning with a failure at 0. */
function waits(openings: Openings, error: unknown, others: number, count: number): readonly number[] {
  let now = 0;
  return Array.from({ length: count }, () => {
    openings.failed(openings.begin(now), { others, loggedIn: false, error }, now);
    const delay = others > 0 ? openings.delayBeside(0, now) : openings.delay(Infinity, now);
    now += Math.max(delay, 1);
    return delay;
  });
}

test("while no connection serves, two quick attempts follow the first failure, then each waits as long as all before it and a little more", () => {
  assert.deepEqual(waits(longest(), down, 0, 8), [0, 250, 1_501, 3_002, 6_004, 12_008, 24_016, 30_000]);
});

test("after some failures in a minute no attempt is quick, so that attempts are left for the next absence", () => {
  const openings = longest();
  const absence = (from: number): readonly number[] => {
    const attempts: number[] = [];
    // The server is away for three seconds.
    for (let now = from; now < from + 3_000; now += Math.max(1, openings.delay(Infinity, now))) {
      openings.failed(openings.begin(now), { others: 0, loggedIn: false, error: down }, now);
      attempts.push(now - from);
    }
    openings.served(1);
    return attempts;
  };
  assert.deepEqual(absence(0), [0, 1, 251, 1_752]);
  assert.deepEqual(absence(10_000), [0, 1, 1_252]);
  for (const from of [20_000, 30_000]) assert.deepEqual(absence(from), [0, 1_250]);
});

test("one beside others that serve is not tried at once", () => {
  assert.deepEqual(waits(longest(), down, 1, 5), [10_000, 20_000, 40_000, 60_000, 60_000]);
});

test("a refused login is tried again far later", () => {
  assert.deepEqual(waits(longest(), refused, 0, 4), [0, 20_000, 40_000, 60_000]);
  assert.deepEqual(waits(longest(), refused, 1, 3), [40_000, 60_000, 60_000]);
  const inLogin = new NetworkError("MAIL_NETWORK_LOST", "auth", "it hung up");
  assert.deepEqual(waits(longest(), inLogin, 1, 1), [40_000], "the password was said");
});

test("chance takes off up to half of a wait, so that many do not come back together", () => {
  assert.deepEqual(waits(new Openings(() => 0), down, 1, 3), [5_000, 10_000, 20_000]);
});

test("connections that fail together are one failure", () => {
  const openings = longest();
  const attempts = Array.from({ length: 5 }, () => openings.begin(0));
  for (const [index, attempt] of attempts.entries())
    openings.failed(attempt, { others: 4 - index, loggedIn: false, error: down }, 0);
  assert.equal(openings.delay(PATIENCE, 0), 0, "none of them serves any more");
  assert.equal(openings.delayBeside(0, 0), 10_000);
});

type End = "down" | "login refused" | "login taken, then lost" | "served";

test("whatever a server says, a minute holds 12 failures, and 4 failed logins", () => {
  // Without logins, too: their bound is lower, and would hide the other.
  const steps = fc
    .constantFrom<readonly End[]>(
      ["down", "down", "served"],
      ["down", "login refused", "login taken, then lost", "served"],
    )
    .chain((ends) =>
      fc.array(
        fc.record({
          end: fc.constantFrom(...ends),
          others: fc.constantFrom(0, 0, 0, 1, 2),
          pause: fc.nat(500),
          chance: fc.nat(100),
        }),
        { minLength: 60, maxLength: 200 },
      ),
    );
  fc.assert(
    fc.property(steps, (taken) => {
      let chance = 0;
      const openings = new Openings(() => chance / 100);
      const failures: number[] = [];
      const logins: number[] = [];
      let now = 0;
      for (const one of taken) {
        chance = one.chance;
        now += one.pause;
        const delay = (): number => (one.others > 0 ? openings.delayBeside(0, now) : openings.delay(PATIENCE, now));
        now += delay();
        assert.equal(delay(), 0);
        const loggedIn = one.end === "login taken, then lost";
        if (one.end === "served") openings.served(one.others + 1);
        else {
          const error = one.end === "login refused" ? refused : down;
          openings.failed(openings.begin(now), { others: one.others, loggedIn, error }, now);
        }
        if (one.end !== "served") failures.push(now);
        if (one.end !== "served" && one.end !== "down") logins.push(now);
        const within = (times: readonly number[]): number => times.filter((at) => at >= now - MINUTE).length;
        assert.ok(within(failures) <= 12, `${within(failures)} failures`);
        assert.ok(within(logins) <= 4, `${within(logins)} logins`);
      }
    }),
  );
});

test("a failure beside others lowers the number of connections, until it is tried again", () => {
  const openings = longest();
  assert.equal(openings.most(0), Infinity);
  openings.failed(openings.begin(0), { others: 2, loggedIn: false, error: down }, 0);
  assert.deepEqual([openings.isCrowded, openings.most(0), openings.most(9_999)], [true, 2, 2]);
  assert.equal(openings.most(10_000), Infinity);
});

test("one that takes the place of another does not show that the server takes more; one more does", () => {
  const openings = longest();
  openings.failed(openings.begin(0), { others: 2, loggedIn: false, error: down }, 0);
  openings.served(2);
  assert.equal(openings.delayBeside(0, 0), 10_000);
  openings.served(3);
  assert.deepEqual([openings.isCrowded, openings.delayBeside(0, 0), openings.most(0)], [false, 0, Infinity]);
});

test("a failure before the first success fails waiting sends at once, and each failure only once", () => {
  const openings = longest();
  assert.equal(openings.mustGiveUp(PATIENCE), false);
  openings.failed(openings.begin(0), { others: 0, loggedIn: false, error: down }, 5);
  assert.equal(openings.mustGiveUp(PATIENCE), true);
  openings.nobodyWaits();
  assert.equal(openings.mustGiveUp(PATIENCE), false, "sends that come now wait for the next attempt");
  openings.failed(openings.begin(6), { others: 0, loggedIn: false, error: down }, 7);
  assert.equal(openings.mustGiveUp(PATIENCE), true);
});

test("a server that could be reached before fails waiting sends only if it still fails once patience is over", () => {
  const openings = longest();
  openings.opened(openings.begin(0), 20);
  assert.equal(openings.cost, 20);
  openings.failed(openings.begin(0), { others: 0, loggedIn: false, error: down }, 1_000);
  for (const now of [3_000, 20_000]) {
    openings.failed(openings.begin(now), { others: 0, loggedIn: false, error: refused }, now);
    assert.equal(openings.mustGiveUp(PATIENCE), false);
  }
  assert.equal(openings.delay(PATIENCE, 20_000), 11_000, "tried once more before waiting sends fail");
  openings.failed(openings.begin(31_000), { others: 0, loggedIn: false, error: refused }, 31_000);
  assert.equal(openings.mustGiveUp(PATIENCE), true);
  assert.deepEqual(openings.absence, { since: 1_000, latest: 31_000, tried: 4, error: refused });
  openings.served(1);
  assert.deepEqual([openings.absence, openings.isAway, openings.mustGiveUp(PATIENCE)], [undefined, false, false]);
  assert.equal(openings.delay(PATIENCE, 61_000), 0);
});

test("patience begins anew once no send waits; the wait for the next attempt does not", () => {
  const openings = longest();
  openings.opened(openings.begin(0), 20);
  for (const now of [1_000, 2_000])
    openings.failed(openings.begin(now), { others: 0, loggedIn: false, error: down }, now);
  openings.nobodyWaits();
  assert.deepEqual([openings.isAway, openings.delay(PATIENCE, 2_000)], [true, 2_250]);
  openings.failed(openings.begin(60_000), { others: 0, loggedIn: false, error: down }, 60_000);
  assert.equal(openings.mustGiveUp(PATIENCE), false);
  assert.deepEqual(openings.absence, { since: 60_000, latest: 60_000, tried: 1, error: down });
});

test("a failure beside others that serve fails no waiting send", () => {
  const openings = longest();
  openings.failed(openings.begin(0), { others: 1, loggedIn: false, error: down }, 0);
  assert.deepEqual([openings.isAway, openings.mustGiveUp(PATIENCE)], [false, false]);
});
