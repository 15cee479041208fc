import assert from "node:assert/strict";
import { test } from "node:test";
import { InputError } from "../../errors/input-error.ts";
import { judgeOptions, readDsn } from "./dsn.ts";

test("Nodemailer's names for DSN are read", () => {
  assert.deepEqual(
    readDsn({ ret: "HDRS", envid: "x1", notify: "SUCCESS,delay", orcpt: "rfc822;b@x.test" }, ["b@x.test"]),
    {
      return: "headers",
      envelopeId: "x1",
      notify: ["success", "delay"],
      originalRecipient: true,
    },
  );
  assert.deepEqual(readDsn({ id: 7, return: "full", notify: "never" }, []), {
    return: "full",
    envelopeId: "7",
    notify: "never",
    originalRecipient: undefined,
  });
  assert.equal(readDsn(undefined, []), undefined);
});

test("a value that DSN does not have is refused", () => {
  for (const dsn of [{ ret: "some" }, { notify: ["never", "delay"] }, { recipient: "elsewhere@x.test" }, "full"]) {
    assert.throws(() => readDsn(dsn, ["b@x.test"]), InputError);
  }
});

test("an option that is not honoured is refused", () => {
  assert.throws(() => judgeOptions({ auth: { user: "other" } }), InputError);
  judgeOptions({ auth: undefined });
});
