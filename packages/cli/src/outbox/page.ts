/** The page of `postseal outbox`, which covers all of its subcommands. */
import { exitSection, type PageText } from "../manual/page.ts";
import type { Member } from "../subcommand.ts";
import {
  enqueuedMessageOptions,
  enqueueOnlyOptions,
  outboxOptions,
  pageOnlyOptions,
  placeOptions,
  searchOptions,
} from "./options.ts";

export function outboxPage(members: readonly Member[]): PageText {
  const { once, grace } = outboxOptions.work;
  const { delivered, again } = outboxOptions.resolve;
  const { account, stream } = outboxOptions.pause;
  const { "older-than": olderThan, recipient } = outboxOptions.purge;
  return {
    examples: [
      "postseal outbox enqueue --from alice@example.com --to bob@example.org \\",
      "    --subject 'Your receipt' --text 'Thank you.' --key receipt/4711",
      "postseal outbox work                       (a service: until SIGTERM)",
      "postseal outbox work --once                (from cron)",
      "postseal outbox stats",
      "postseal outbox list --state held",
      "postseal outbox resolve ID --delivered",
    ],
    sections: [
      {
        paragraphs: [
          "A message that enqueue has taken is on the disk: it survives a server that is down, a crash and a restart. work sends it through the account that it was queued for, and never weaker than that account promised then. The outbox holds no password.",
        ],
      },
      {
        of: "resolve",
        paragraphs: [
          "If a connection ends after the whole message was handed over, and before the server has answered, nobody can know whether it was taken. Such a message is held as unknown, until you resolve it.",
        ],
      },
      {
        heading: "Subcommands",
        rows: members.map(({ word, what, operand }) => [
          operand === undefined ? word : `${word} ${operand.label}`,
          what,
        ]),
      },
      { heading: "Options of all subcommands but schema", options: placeOptions },
      {
        heading: "Options of enqueue",
        options: enqueueOnlyOptions,
      },
      { heading: "Options of work", options: { once, grace } },
      { heading: "Options of list, retry and cancel", options: searchOptions },
      { heading: "Options of list and events", options: pageOnlyOptions },
      { heading: "Options of events", options: { follow: outboxOptions.events.follow } },
      { heading: "Options of resolve", options: { delivered, again } },
      { heading: "Options of pause and resume", options: { account, stream } },
      { heading: "Options of purge", options: { "older-than": olderThan, recipient } },
      { heading: "Options of enqueue for the message", options: enqueuedMessageOptions },
      exitSection(
        ["done", "nothing", "usage", "badInput", "software", "later", "configuration", "interrupted", "terminated"],
        {
          done: "done; of enqueue: the message is on the disk. work ends so after a signal too, with nothing under way",
          badInput: "a bad address, header, attachment or message, or a --key that another message has",
          later: "the disk is full, or the outbox is busy; nothing was queued or changed",
          configuration: "no account, a mistake in one, no outbox, or a version of Node whose SQLite can damage it",
          interrupted: "interrupted; work --once: what is left waits",
          terminated: "ended by SIGTERM or SIGHUP; work --once: what is left waits",
        },
      ),
    ],
  };
}
