/** The options of the outbox's subcommands. */
import { states } from "@postseal/outbox";
import { jsonOption, messageOptions } from "../mail/options.ts";
import { flag, list, value } from "../option.ts";

/** Which outbox, and how to print. */
export const placeOptions = {
  outbox: value(
    "FILE",
    "the outbox's file. Default: outbox in config.toml, or else ~/.local/state/postseal/outbox.db",
    { completes: "file" },
  ),
  ...jsonOption,
};

/** All of `send` but what is about the connection. */
const { "no-chunking": _, ...messages } = messageOptions;
export const enqueuedMessageOptions = messages;

export const enqueueOnlyOptions = {
  account: value("NAME", "the account that sends it. Default: the one whose from has the sender's address"),
  key: value(
    "TEXT",
    "a name of yours for what the message is about, such as receipt/4711: a second message with it is not queued",
    { sets: ["key"] },
  ),
  stream: value(
    "NAME",
    "transactional (default), bulk, or a name of yours. Streams share an account, and none waits for another to end",
    { completes: ["transactional", "bulk"], sets: ["stream"] },
  ),
  at: value("TIME", "not before this time, such as 2h for in two hours, or 2026-12-24T18:00:00+01:00", {
    sets: ["at"],
  }),
  expires: value("TIME", "not after this time. Default: 4 days later", { sets: ["expires"] }),
  "on-unknown": value(
    "WHAT",
    "if nobody can know whether it was taken: hold it until you resolve it, or redeliver it, perhaps twice. Default: on-unknown of the account, or else hold",
    { completes: ["hold", "redeliver"] },
  ),
  tag: list("WORD", "a word by which it can be found; repeat it for each", { sets: ["tags"] }),
};

/** Which messages. */
export const searchOptions = {
  state: value("STATE", `only messages in this state: ${states.join(", ")}`, { completes: states }),
  account: value("NAME", "only messages of this account"),
  stream: value("NAME", "only messages of this stream"),
  tag: value("WORD", "only messages with this tag"),
  recipient: value("ADDRESS", "only messages to this address"),
};

const pauseOnlyOptions = {
  account: value("NAME", "only this account. Default: all"),
  stream: value("NAME", "only this stream"),
};

export const pageOnlyOptions = {
  after: value("NUMBER", "only what came after this number, which the last entry of the list before has"),
  limit: value("NUMBER", "at most so many; the default is 100"),
};

export const outboxOptions = {
  enqueue: { ...enqueuedMessageOptions, ...enqueueOnlyOptions, ...placeOptions },
  work: {
    once: flag("send what is due, and end"),
    grace: value("SECONDS", "how long a stop waits for what is under way; the default is 25"),
    ...placeOptions,
  },
  list: { ...searchOptions, ...pageOnlyOptions, ...placeOptions },
  show: placeOptions,
  explain: placeOptions,
  retry: { ...searchOptions, ...placeOptions },
  cancel: { ...searchOptions, ...placeOptions },
  resolve: {
    delivered: flag("it has arrived"),
    again: flag("send it again"),
    ...placeOptions,
  },
  pause: { ...pauseOnlyOptions, ...placeOptions },
  resume: { ...pauseOnlyOptions, ...placeOptions },
  stats: placeOptions,
  events: {
    follow: flag("print what happens from then on, until Ctrl-C; with --json one object on each line"),
    ...pageOnlyOptions,
    ...placeOptions,
  },
  export: placeOptions,
  purge: {
    "older-than": value("SPAN", "messages that ended longer ago than this, such as 7d. Default: 30d"),
    recipient: value("ADDRESS", "all that ended and went to this address, whatever its age"),
    ...placeOptions,
  },
  schema: jsonOption,
};

type Table = typeof outboxOptions;
export type PlaceOption = keyof typeof placeOptions;
export type SearchOption = keyof typeof searchOptions;
export type PageOption = keyof typeof pageOnlyOptions;
export type EnqueueOption = keyof Table["enqueue"];
export type WorkOption = keyof Table["work"];
export type ListOption = keyof Table["list"];
export type ResolveOption = keyof Table["resolve"];
export type PauseOption = keyof Table["pause"];
export type EventsOption = keyof Table["events"];
export type PurgeOption = keyof Table["purge"];
