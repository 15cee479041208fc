/** A mistake in what a test asks of its server is refused at once: nothing is ignored. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Failure, startTestServer } from "@postseal/testing";

/** As JavaScript calls it, without types. */
function call(method: (...given: never) => unknown, given: unknown): unknown {
  return Reflect.apply(method, undefined, [given]);
}

const start = async (options: unknown): Promise<unknown> => call(startTestServer, options);

const options: readonly (readonly [options: unknown, said: RegExp])[] = [
  [null, /options is not an object/],
  [5, /options is not an object/],
  [[], /options is not an object/],
  [new Map([["sizeLimit", 5]]), /options is not an object/],
  [{ sizelimit: 5 }, /options\.sizelimit is not known; there are transport, username, password, sizeLimit, receive/],
  [{ [Symbol("x")]: 5 }, /is not known/],
  [Object.create({ sizeLimit: 5 }), /options\.sizeLimit is inherited/],
  [{ transport: "tls" }, /options\.transport should be starttls or implicit/],
  [{ transport: null }, /options\.transport/],
  [{ username: "" }, /options\.username/],
  [{ username: "a\0b" }, /options\.username/],
  [{ password: 5 }, /options\.password/],
  [{ sizeLimit: 0 }, /options\.sizeLimit should be a whole number of octets/],
  [{ sizeLimit: 1.5 }, /options\.sizeLimit/],
  [{ sizeLimit: "10" }, /options\.sizeLimit/],
  [{ sizeLimit: Infinity }, /options\.sizeLimit/],
  [{ receive: true }, /options\.receive should be a function/],
];
for (const [given, said] of options) {
  test(`startTestServer refuses ${nameOf(given)}`, async () => {
    await assert.rejects(start(given), said);
    await assert.rejects(start(given), TypeError);
  });
}

test("an option that is undefined is as good as none", async () => {
  await using server = await startTestServer({ transport: undefined, username: undefined, sizeLimit: undefined });
  assert.equal(server.username, "app");
});

const reply = "550 5.1.1 No such user";
const failures: readonly (readonly [failure: unknown, said: RegExp])[] = [
  ["45O", /"45O" is not a failure: give "450", "552", "421", "cut", "slow", or \{ at, … \}/],
  ["constructor", /is not a failure/],
  [450, /^TypeError: 450 is not a failure: give "450"/],
  [undefined, /is not a failure/],
  [null, /failure is not an object/],
  [[], /failure is not an object/],
  [{ at: "recipient", recipient: ["a@x.example"], reply }, /failure\.recipient is not known; there are at, recipients/],
  [{ at: "recipients", reply }, /failure\.at should be login, or sender/],
  [{ reply }, /failure\.at/],
  [{ at: "recipient" }, /failure should be a reply, a cut or a delay/],
  [{ at: "message", cut: false }, /failure should be a reply, a cut or a delay/],
  [{ at: "message", delay: 0 }, /failure should be a reply, a cut or a delay/],
  [{ at: "message", cut: true, reply }, /a reply or a cut, not both/],
  [{ at: "message", cut: "yes" }, /failure\.cut should be true or false/],
  [{ at: "message", delay: "5" }, /failure\.delay should be a number of milliseconds/],
  [{ at: "message", delay: NaN }, /failure\.delay/],
  [{ at: "message", delay: -1 }, /failure\.delay/],
  // A timer of Node's would end at once.
  [{ at: "message", delay: 2 ** 31 }, /failure\.delay/],
  [
    { at: "sender", recipients: ["a@x.example"], reply },
    /failure\.recipients should be given only with at: "recipient"/,
  ],
  [{ at: "recipient", recipients: [], reply }, /failure\.recipients should be a list/],
  [{ at: "recipient", recipients: "a@x.example", reply }, /failure\.recipients should be a list/],
  [{ at: "recipient", recipients: [5], reply }, /failure\.recipients should be a list/],
  [{ at: "recipient", reply: 550 }, /550 is not a reply/],
];
for (const [failure, said] of failures) {
  test(`failNext refuses ${nameOf(failure)}`, async () => {
    await using server = await startTestServer();
    const fail = (given: unknown): unknown => call((one: Failure) => server.failNext(one), given);
    assert.throws(() => fail(failure), said);
    assert.throws(() => fail(failure), TypeError);
  });
}

for (const [waiting, said] of [
  [{ timout: 5 }, /options\.timout is not known/],
  [{ timeout: "5" }, /options\.timeout should be a number of milliseconds .*, or Infinity/],
  [{ timeout: NaN }, /options\.timeout/],
  [{ timeout: -1 }, /options\.timeout/],
  [{ timeout: 2 ** 31 }, /options\.timeout/],
  [5, /options is not an object/],
] as const) {
  test(`nextMessage refuses ${nameOf(waiting)}`, async () => {
    await using server = await startTestServer();
    const wait = async (given: unknown): Promise<unknown> =>
      call((one: { timeout: number }) => server.nextMessage(one), given);
    await assert.rejects(wait(waiting), said);
  });
}

test("a failure on Object.prototype is not a failure", async () => {
  const failure: Failure = { at: "message", delay: 1 };
  Reflect.defineProperty(Object.prototype, "reply", { value: reply, configurable: true, enumerable: false });
  try {
    await using server = await startTestServer();
    server.failNext(failure);
    server.reset();
  } finally {
    Reflect.deleteProperty(Object.prototype, "reply");
  }
});

function nameOf(given: unknown): string {
  if (given instanceof Map) return "a Map";
  if (typeof given === "object" && given !== null && Object.keys(given).length === 0)
    return Array.isArray(given) ? "a list" : `what is inherited or has a symbol (${Reflect.ownKeys(given).length})`;
  return typeof given === "object" && given !== null
    ? JSON.stringify(given, (_, value: unknown) => (typeof value === "number" ? String(value) : value))
    : String(given);
}
