/** The defences of the outbox: nothing is lost, doubled, or sent weaker than promised, and its file is nobody else's. */
import { always, type Defence, first, never, remove, second, without } from "./defence.ts";

const FENCE = "packages/outbox/src/conformance/fence.test.ts";
const KEYS = "packages/outbox/src/conformance/keys.test.ts";
const STORE = "packages/outbox/src/sqlite/sqlite-store.test.ts";
const SETTLEMENT = "packages/outbox/src/delivery/settlement.test.ts";
const OPTIONS = "packages/outbox/src/options.test.ts";
const DELIVERY = "test/outbox/delivery.test.ts";
const TRANSACTION = "test/outbox/transaction.test.ts";

export const outboxDefences: readonly Defence[] = [
  {
    threat: "K",
    defence: "a mark counts only under the present token, so that a worker that was replaced cannot send",
    removals: [never("mark-is-the-fence")],
    test: FENCE,
    names: "cannot mark, so it cannot send",
  },
  {
    threat: "K",
    defence: "nothing is handed over without a mark",
    removals: [always("nothing-without-a-mark")],
    test: DELIVERY,
    names: "^what is cancelled while it waits",
  },
  {
    threat: "K",
    defence: "what an attempt came to counts only under the present token",
    removals: [without("only-the-token-settles", 1)],
    test: FENCE,
    names: "a redelivery that nobody has begun",
  },
  {
    threat: "K",
    defence: "what a dead worker had marked is unknown",
    removals: [never("marked-and-dead-is-unknown")],
    test: FENCE,
    names: "marked by a worker that died",
  },
  {
    threat: "K",
    defence: "doubt about one recipient comes before what is known of the others",
    removals: [never("doubt-comes-first")],
    test: SETTLEMENT,
    names: "^doubt about one recipient",
  },
  {
    threat: "K",
    defence: "a person changes a state only as the model allows",
    removals: [without("only-the-table-changes-a-state", 1)],
    test: FENCE,
    names: "cancel before the mark",
  },
  {
    threat: "K",
    defence: "what the server said is kept while the disk is full",
    removals: [remove("reply-outlives-a-full-disk")],
    test: "packages/outbox/src/delivery/storeroom.test.ts",
    names: "^while the disk is full",
  },
  {
    threat: "K",
    defence: "a key stands for one message",
    removals: [first("same-key-same-message")],
    test: KEYS,
    names: "a key is taken once",
  },
  {
    threat: "K",
    defence: "a message is queued in a transaction of the outbox's own file alone",
    removals: [never("transaction-on-the-same-file")],
    test: TRANSACTION,
    names: "^node:sqlite: another file",
  },
  {
    threat: "K",
    defence: "a transaction is on a handle of the outbox's own SQLite library",
    removals: [never("one-sqlite-in-a-process")],
    test: TRANSACTION,
    names: "^a handle of another SQLite library",
  },
  {
    threat: "K",
    defence: "a message is queued by a handle only within a transaction",
    removals: [never("transaction-is-one")],
    test: TRANSACTION,
    names: "^node:sqlite: another file",
  },
  {
    threat: "K",
    defence: "a transaction of the caller's has all of a message or nothing of it",
    removals: [remove("no-half-message-in-a-transaction")],
    test: TRANSACTION,
    names: "fails half-way",
  },
  {
    threat: "K",
    defence: "an SQLite that can damage the database is refused",
    removals: [always("sqlite-keeps-what-it-committed")],
    test: "packages/outbox/src/sqlite/version.test.ts",
    names: "^versions of SQLite",
  },
  {
    threat: "A1",
    defence: "an account that promises less than when a message was queued does not send it",
    removals: [never("policy-never-sinks")],
    test: DELIVERY,
    names: "^an account that promises less",
  },
  {
    threat: "E",
    defence: "a refused login stops the account",
    removals: [second("refused-login-is-not-repeated")],
    test: SETTLEMENT,
    names: "^a refused login",
  },
  {
    threat: "K",
    defence: "a server that wants a login refuses no message",
    removals: [never("login-wanted-is-no-refusal")],
    test: SETTLEMENT,
    names: "^a server that wants a login",
  },
  {
    threat: "F",
    defence: "an account's options are not lost because they are inherited",
    removals: [never("accounts-are-plain-objects")],
    test: OPTIONS,
    names: "^an outbox refuses",
  },
  {
    threat: "I",
    defence: "the outbox is in no folder that others can write in",
    removals: [never("outbox-folder-is-closed")],
    test: STORE,
    names: "^a folder that others can write",
  },
  {
    threat: "I",
    defence: "the outbox is in no file that others can write in",
    removals: [never("outbox-file-is-closed")],
    test: STORE,
    names: "^a file that others can write",
  },
  {
    threat: "I",
    defence: "the outbox's file is for this user alone",
    removals: [remove("outbox-file-is-private")],
    test: STORE,
    names: "^the database, its log",
  },
];
