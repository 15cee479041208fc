/** The tables, as numbered migrations. Each is applied once, in one transaction, by the first process that needs it. */
import { OutboxError } from "../errors/outbox-error.ts";
import { type Handle, statement } from "./handle.ts";
import { number } from "./row.ts";

/**
 * The tables may be in the application's own file, so each name begins with `outbox_`, and the version is in a table:
 * `user_version` is the application's. Only `outbox_message` is hot, and no body is in it.
 */
const first = `
create table outbox_message (
  seq integer primary key autoincrement,
  id text not null,
  part integer not null,
  key text,
  hash text not null,
  account text not null,
  stream text not null,
  lane text not null,
  domain text,
  state text not null,
  due integer not null,
  expires integer not null,
  token integer not null default 0,
  worker text,
  attempts integer not null default 0,
  sender text not null,
  message_id text,
  size integer not null,
  content integer,
  smtp_utf8 integer not null,
  require_tls integer not null,
  dsn text,
  floor text not null,
  on_unknown text not null,
  tags text not null,
  reason text,
  created integer not null,
  settled integer,
  body_until integer,
  delay_told integer not null default 0
) strict;
create unique index outbox_message_id on outbox_message (id, part);
create unique index outbox_message_key on outbox_message (key) where key is not null;
create index outbox_message_due on outbox_message (account, lane, due, seq) where state = 'waiting';
create index outbox_message_expires on outbox_message (expires) where state = 'waiting';
create index outbox_message_worker on outbox_message (worker) where worker is not null;
create index outbox_message_settled on outbox_message (settled) where settled is not null;
create index outbox_message_body on outbox_message (body_until) where body_until is not null;
create index outbox_message_delay on outbox_message (created) where state = 'waiting' and delay_told = 0 and attempts > 0;
create index outbox_message_state on outbox_message (state) where state not in ('done', 'waiting');

create table outbox_recipient (
  message integer not null references outbox_message (seq) on delete cascade,
  n integer not null,
  address text not null,
  outcome text not null,
  code integer,
  enhanced text,
  text text,
  stage text,
  decided integer,
  primary key (message, n)
) strict, without rowid;
create index outbox_recipient_address on outbox_recipient (address);
create index outbox_recipient_unknown on outbox_recipient (message) where outcome = 'unknown';

create table outbox_attempt (
  message integer not null references outbox_message (seq) on delete cascade,
  token integer not null,
  worker text not null,
  marked integer,
  ended integer,
  ending text,
  reason text,
  seal text,
  primary key (message, token)
) strict, without rowid;

create table outbox_body (
  content integer not null,
  n integer not null,
  octets blob not null,
  primary key (content, n)
) strict;

create table outbox_lane (
  account text not null,
  name text not null,
  domain text,
  paused integer not null default 0,
  held_until integer not null default 0,
  failures integer not null default 0,
  reason text,
  served real not null default 0,
  primary key (account, name)
) strict, without rowid;

create table outbox_account (
  name text primary key,
  paused integer not null default 0,
  locked integer not null default 0,
  rests_until integer not null default 0,
  failures integer not null default 0,
  reason text,
  messages real,
  messages_filled integer,
  recipients real,
  recipients_filled integer
) strict, without rowid;

create table outbox_worker (
  id text primary key,
  host text not null,
  pid integer not null,
  started text not null,
  seen integer not null
) strict, without rowid;

create table outbox_event (
  seq integer primary key autoincrement,
  at integer not null,
  id text not null,
  part integer not null,
  kind text not null,
  state text not null,
  reason text,
  recipients text not null
) strict;
create index outbox_event_at on outbox_event (at);
`;

/** Refusals at MAIL in a row, and of which message the last one was. */
const refusals = `
alter table outbox_account add column refusals integer not null default 0;
alter table outbox_account add column refusal text;
alter table outbox_account add column refused_id text;
`;

const migrations: readonly string[] = [first, refusals];

/** All migrations as SQL text, for people who apply them themselves. */
export const schema: string = [
  "create table outbox_version (version integer not null) strict;",
  ...migrations,
  `insert into outbox_version values (${migrations.length});`,
].join("\n");

/** Within a transaction. Throws `OutboxError` if a newer outbox has changed the tables. */
export function migrate(handle: Handle): void {
  const version = versionOf(handle);
  if (version > migrations.length) {
    throw new OutboxError(
      "OUTBOX_SCHEMA_NEWER",
      `The outbox's tables have version ${version}, and this one knows ${migrations.length}. A newer version of ` +
        "@postseal/outbox has used this database: install that version here too.",
    );
  }
  if (version === migrations.length) return;
  if (version === 0)
    handle.exec("create table outbox_version (version integer not null) strict; insert into outbox_version values (0)");
  for (const migration of migrations.slice(version)) handle.exec(migration);
  handle.exec(`update outbox_version set version = ${migrations.length}`);
}

/** Whether there is nothing to migrate. */
export function isCurrent(handle: Handle): boolean {
  return versionOf(handle) === migrations.length;
}

/** 0 if there are no tables yet. */
function versionOf(handle: Handle): number {
  const found = handle
    .prepare("select count(*) as n from sqlite_master where type = 'table' and name = 'outbox_version'")
    .get();
  if (number(found, "n") === 0) return 0;
  return number(statement(handle, "select version from outbox_version").get(), "version");
}
