import assert from "node:assert/strict";
import { test } from "node:test";
import { converse, offer, prepared } from "./conversation.test.ts";
import { transactAll } from "./split.ts";

const peer = "mx.example:587";
const offered = offer("PIPELINING", "CHUNKING", "SIZE 10000", "LIMITS RCPTMAX=2");
const to = ["a@x.example", "b@x.example", "c@x.example"];
const first = "MAIL FROM:<s@x.example> SIZE=17\nRCPT TO:<a@x.example>\nRCPT TO:<b@x.example>\n(BDAT)";
const second = "MAIL FROM:<s@x.example> SIZE=17\nRCPT TO:<c@x.example>\n(BDAT)";

test("more recipients than RCPTMAX are several transactions and one result", () => {
  const { said, result } = converse(
    transactAll({ message: prepared(to), offered, peer, resetFirst: false }),
    ["250 ok", "250 ok", "550 no", "250 queued"],
    ["250 ok", "250 ok", "250 queued"],
  );
  assert.deepEqual(said, [first, second]);
  assert.deepEqual(
    result.recipients.map(({ address, outcome }) => `${address} ${outcome}`),
    ["a@x.example accepted", "b@x.example refused", "c@x.example accepted"],
  );
  assert.equal(result.leaves, "nothing");
});

test("a transaction behind a refused one begins with RSET", () => {
  const { said } = converse(
    transactAll({ message: prepared(to), offered, peer, resetFirst: false }),
    ["250 ok", "250 ok", "250 ok", "554 spam"],
    ["250 flushed", "250 ok", "250 ok", "250 queued"],
  );
  assert.deepEqual(said, [first, `RSET\n${second}`]);
});

test("what was to follow a transaction that ended the connection is unsent", () => {
  const { result } = converse(transactAll({ message: prepared(to), offered, peer, resetFirst: false }), {
    lost: ["250 ok", "250 ok", "250 ok"],
    handedOver: true,
  });
  assert.deepEqual(
    result.recipients.map(({ outcome }) => outcome),
    ["unknown", "unknown", "unsent"],
  );
});

test("a limit that is none, or zero, limits nothing", () => {
  for (const keyword of ["LIMITS", "LIMITS RCPTMAX=0", "LIMITS RCPTMAX=many", "LIMITS MAILMAX=1"]) {
    const { said } = converse(
      transactAll({
        message: prepared(to),
        offered: offer("PIPELINING", "CHUNKING", "SIZE 10000", keyword),
        peer,
        resetFirst: false,
      }),
      ["250 ok", "250 ok", "250 ok", "250 ok", "250 queued"],
    );
    assert.equal(said.length, 1, keyword);
  }
});

test("the name of a limit is found whatever its case, and the first of two counts", () => {
  const limits = offer("limits rcptmax=7 MAILMAX=3 MAILMAX=9");
  assert.deepEqual([limits.limit("RCPTMAX"), limits.limit("MAILMAX")], [7, 3]);
});

test("a message that can be read once is not begun where it would go in parts", () => {
  const message = prepared(to, { replayable: false });
  assert.throws(() => transactAll({ message, offered, peer, resetFirst: false }).next([]), {
    code: "MAIL_CAPABILITY_MISSING",
  });
  const whole = offer("PIPELINING", "CHUNKING", "SIZE 10000");
  assert.equal(transactAll({ message, offered: whole, peer, resetFirst: false }).next([]).done, false);
});
