/** The engines that the tests of this folder are about, and what these tests share. An engine is tested by adding it to the list. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestContext } from "node:test";
import { openSqlite } from "../sqlite/sqlite-store.ts";
import type { AccountLimits, Claim, NewMessage, Settlement, Store } from "../store/operations.ts";

export interface Engine {
  readonly name: string;
  /** A new store, which ends with the test. */
  readonly open: (t: TestContext) => Promise<Store>;
}

export const engines: readonly Engine[] = [
  { name: "SQLite in memory", open: (t) => opened(t, ":memory:") },
  { name: "SQLite", open: (t) => opened(t, path.join(folderOf(t), "mail.db")) },
  { name: "better-sqlite3", open: (t) => opened(t, ":memory:", import.meta.resolve("better-sqlite3")) },
];

export const worker = "worker-1";
export const account = { name: "default", messages: undefined, recipients: undefined } as const;
const weights = { transactional: 10, bulk: 1 } as const;

export function makeFolder(): string {
  return mkdtempSync(path.join(tmpdir(), "postseal-outbox-"));
}

/** One that ends with the test. */
export function folderOf(t: TestContext): string {
  const folder = makeFolder();
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function opened(t: TestContext, file: string, library?: string): Promise<Store> {
  const store = await openSqlite({ file, library });
  t.after(() => store.close());
  return store;
}

let ids = 0;

/** A message to queue, due at once, that expires far away. */
export function message(change: Partial<NewMessage> = {}): NewMessage {
  ids += 1;
  return {
    id: `id-${ids}`,
    key: undefined,
    hash: "hash",
    account: "default",
    stream: "transactional",
    due: 0,
    expires: 1_000_000,
    now: 0,
    sender: "a@example.org",
    messageId: `<${ids}@example.org>`,
    size: 5,
    smtpUtf8: false,
    requireTls: false,
    dsn: undefined,
    floor: {},
    onUnknown: "hold",
    tags: [],
    parts: [["bob@example.net"]],
    octets: [Buffer.from("hello")],
    ...change,
  };
}

export interface ClaimChange {
  readonly now?: number;
  readonly most?: number;
  readonly worker?: string;
  readonly account?: AccountLimits;
  readonly keepBody?: number;
}

export async function claim(store: Store, change: ClaimChange = {}): Promise<readonly Claim[]> {
  const request = { worker, account, weights, most: 10, mostOctets: 1_000_000, now: 1, ...change };
  return (await store.call("claim", request)).claims;
}

/** The first message that is due, or an error. */
export async function claimOne(store: Store, change: ClaimChange = {}): Promise<Claim> {
  const [first] = await claim(store, { ...change, most: 1 });
  assert.ok(first !== undefined, "nothing is due");
  return first;
}

export function settlement(claimed: Claim, ending: Settlement["ending"], change: Partial<Settlement> = {}): Settlement {
  const outcome = ({ finish: "accepted", defer: "deferred", doubt: "unknown", cancel: "cancelled" } as const)[
    ending === "finish" || ending === "defer" || ending === "doubt" || ending === "cancel" ? ending : "finish"
  ];
  const isOpen = ending === "release" || ending === "redeliver" || ending === "exhaust" || ending === "refuse";
  return {
    seq: claimed.seq,
    token: claimed.token,
    worker,
    ending,
    recipients: claimed.recipients.map((address) => ({ address, outcome: isOpen ? "pending" : outcome })),
    due: 100,
    now: 2,
    reason: undefined,
    seal: undefined,
    keepBody: 0,
    random: 0.5,
    ...change,
  };
}

export async function stateOf(store: Store, id: string): Promise<string | undefined> {
  const [details] = await store.call("details", { id });
  return details?.message.state;
}
