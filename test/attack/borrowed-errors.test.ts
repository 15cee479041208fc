/** The error of one message is never thrown for another: its receipt would report the wrong fate. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  AbortedError,
  createMailer,
  type Disposition,
  FaultError,
  InputError,
  MailError,
  NetworkError,
  ReplyError,
  Secret,
} from "@postseal/mailer";
import { byData, letter, rigWith, wordOf } from "../engine/client.ts";
import type { Fault, Moment } from "../engine/behaviour.ts";

/** Refuses the first message, and never answers the second. */
function refusesThenHangs(moment: Moment, count: number): Fault | undefined {
  return moment === "MAIL" ? (["550", "silence"] as const)[count - 1] : undefined;
}

function refusing(): ReturnType<typeof rigWith> {
  return rigWith({ capabilities: byData, fault: refusesThenHangs }, { pool: { connections: 1, window: 1 } });
}

/** The error of each send. Its receipt has to name that send's own sender, and say that nothing was taken. */
async function errorsOf(sending: readonly Promise<unknown>[], names: readonly string[]): Promise<readonly MailError[]> {
  const errors = await Promise.all(sending.map((one) => one.catch((error: unknown) => error)));
  return errors.map((error, index) => {
    assert.ok(error instanceof MailError, String(error));
    assert.equal(error.receipt?.sender, `${names[index]}@x.example`);
    assert.deepEqual(new Set(error.receipt.recipients.map(({ outcome }) => outcome)), new Set(["unsent"]));
    return error;
  });
}

test("a signal that is aborted with the error of one message gives each other message an abort error of its own", async () => {
  const { mailer } = await refusing();
  const abort = new AbortController();
  const { signal } = abort;
  const first = mailer.send(letter("refused"), { signal });
  const others = ["second", "third", "fourth"];
  const sending = others.map((name) => mailer.send(letter(name), { signal }));
  const cause: unknown = await first.catch((error: unknown) => {
    abort.abort(error);
    return error;
  });
  assert.ok(cause instanceof ReplyError);
  const errors = await errorsOf(sending, others);
  for (const error of errors) {
    assert.ok(error instanceof AbortedError);
    assert.equal(error.cause, cause);
  }
  assert.equal(new Set(errors).size, errors.length);
  assert.equal(cause.receipt?.sender, "refused@x.example");
  await mailer.close();
});

test("sendAll reports the same", async () => {
  const { mailer } = await refusing();
  const abort = new AbortController();
  const told: string[] = [];
  const messages = ["refused", "second", "third", "fourth"].map((name) => letter(name));
  const read = async (): Promise<void> => {
    for await (const { receipt, error } of mailer.sendAll(messages, { signal: abort.signal })) {
      told.push(`${receipt?.sender} ${error?.code}`);
      if (error !== undefined) abort.abort(error);
    }
  };
  await assert.rejects(read(), { code: "MAIL_ABORTED" });
  // `sendAll` stops before it reads the fourth.
  assert.deepEqual(told.toSorted(), [
    "refused@x.example MAIL_REFUSED",
    "second@x.example MAIL_ABORTED",
    "third@x.example MAIL_ABORTED",
  ]);
  await mailer.close();
});

test("a body whose source throws the error of another message fails with an error of its own", async () => {
  const { mailer, server } = await rigWith((connection) => ({
    capabilities: byData,
    fault: (moment, count) => (connection === 0 && moment === "MAIL" && count === 1 ? "550" : undefined),
  }));
  const { error: borrowed } = await wordOf(mailer.send(letter("first")));
  assert.ok(borrowed instanceof Error);
  const thrown: Error = borrowed;
  async function* source(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("From: second@x.example\r\n");
    throw thrown;
  }
  const { envelope } = letter("second");
  for (const message of [source, source()]) {
    const [error] = await errorsOf([mailer.send({ envelope, message })], ["second"]);
    assert.ok(error instanceof InputError && error !== borrowed && error.cause === borrowed);
  }
  assert.equal(borrowed.receipt?.sender, "first@x.example");
  assert.deepEqual(server.taken, []);
  await mailer.close();
});

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

for (const [name, body] of [
  ["could be sent again", letter("only").message],
  ["can be read once", once(letter("only").message)],
] as const) {
  test(`an abort with the error of a lost connection is an abort: a message that ${name}`, async () => {
    const { mailer, server } = await rigWith({
      capabilities: byData,
      fault: (moment) => (moment === "MAIL" ? "silence" : undefined),
    });
    const abort = new AbortController();
    const sending = mailer.send({ ...letter("only"), message: body }, { signal: abort.signal });
    while (server.connections[0]?.heard.includes("MAIL") !== true) await new Promise(setImmediate);
    abort.abort(new NetworkError("MAIL_NETWORK_LOST", "envelope", "of another"));
    const [error] = await errorsOf([sending], ["only"]);
    assert.ok(error instanceof AbortedError);
    assert.equal(server.connections.length, 1);
    await mailer.close();
  });
}

test("credentials that are not an object are refused at once", () => {
  for (const credentials of ["u:p", 5, true]) {
    const create = (): unknown => Reflect.apply(createMailer, undefined, ["submission://x.example", { credentials }]);
    assert.throws(create, { code: "MAIL_INPUT_OPTION", field: "credentials" });
  }
});

test("a credentials function that returns no object is the caller's mistake, neither an abort nor a reason to try again", async () => {
  const { mailer } = await rigWith(
    { capabilities: [...byData, "AUTH PLAIN"] },
    {
      credentials: async () => {
        const given: { readonly username: string; readonly password: string } = JSON.parse('"u:p"');
        return given;
      },
    },
  );
  const { error } = await wordOf(mailer.send(letter("only")));
  assert.deepEqual([error?.code, error?.disposition], ["MAIL_INPUT_OPTION", "give-up" satisfies Disposition]);
  await mailer.close();
});

test("a fault inside the mailer is neither an abort nor a reason to try again, and its error has the cause", async () => {
  const fault = new TypeError("no such thing");
  let isMade = false;
  class Moody extends Secret {
    override reveal(): string {
      // Credentials are checked when the mailer is made.
      if (isMade) throw fault;
      return super.reveal();
    }
  }
  const { mailer } = await rigWith(
    { capabilities: [...byData, "AUTH PLAIN"] },
    { credentials: { username: "alice", password: new Moody("open sesame") } },
  );
  isMade = true;
  const { error } = await wordOf(mailer.send(letter("only")));
  assert.ok(error instanceof FaultError);
  assert.deepEqual([error.cause, error.disposition], [fault, "give-up"]);
  await mailer.close();
});
