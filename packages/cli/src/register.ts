/** Every subcommand. Dispatch, help, the manual page, completion and "did you mean" are made from this table. */
import type { Register } from "./subcommand.ts";

export const register: Register = [
  {
    word: "send",
    what: "send one message over verified TLS",
    load: async () => (await import("./mail/subcommands.ts")).send,
  },
  {
    word: "verify",
    what: "connect, seal and log in; send nothing",
    load: async () => (await import("./mail/subcommands.ts")).verify,
  },
  {
    word: "sendmail",
    what: "take mail from cron, git, PHP, mutt: a drop-in sendmail",
    isProgram: true,
    hasOwnGrammar: true,
    load: async () => (await import("./sendmail/subcommand.ts")).sendmail,
  },
  {
    word: "outbox",
    what: "queue mail durably, send it later, and see what became of it",
    page: async () => (await import("./outbox/page.ts")).outboxPage,
    fail: async (error, asJson) => (await import("./outbox/failure.ts")).fail(error, asJson),
    members: [
      {
        word: "enqueue",
        what: "put a message into the outbox",
        load: async () => (await import("./outbox/enqueue.ts")).enqueue,
      },
      {
        word: "work",
        what: "send what is in the outbox, until a signal",
        load: async () => (await import("./outbox/work.ts")).work,
      },
      {
        word: "list",
        what: "list the messages",
        load: async () => (await import("./outbox/list.ts")).list,
      },
      {
        word: "show",
        what: "show all that is known of a message",
        load: async () => (await import("./outbox/show.ts")).show,
      },
      {
        word: "explain",
        what: "explain why a message does not go, or what became of it",
        load: async () => (await import("./outbox/explain.ts")).explain,
      },
      {
        word: "retry",
        what: "have messages sent now that wait, or are held for another reason than doubt",
        load: async () => (await import("./outbox/change.ts")).retry,
      },
      {
        word: "cancel",
        what: "cancel messages that are not handed over yet, or are held",
        load: async () => (await import("./outbox/change.ts")).cancel,
      },
      {
        word: "resolve",
        what: "decide about a message in doubt: it arrived, or it is sent again",
        load: async () => (await import("./outbox/change.ts")).resolve,
      },
      {
        word: "pause",
        what: "stop an account, or a stream of it, in every process",
        load: async () => (await import("./outbox/pause.ts")).pause,
      },
      {
        word: "resume",
        what: "go on after pause, or after a login that was refused",
        load: async () => (await import("./outbox/pause.ts")).resume,
      },
      {
        word: "stats",
        what: "count the messages in each state, and show what is in trouble",
        load: async () => (await import("./outbox/stats.ts")).stats,
      },
      {
        word: "events",
        what: "list what happened, or follow it",
        load: async () => (await import("./outbox/events.ts")).events,
      },
      {
        word: "export",
        what: "print a message as it will be sent",
        load: async () => (await import("./outbox/export.ts")).exportMessage,
      },
      {
        word: "purge",
        what: "forget messages that have ended",
        load: async () => (await import("./outbox/purge.ts")).purge,
      },
      {
        word: "schema",
        what: "print the tables as SQL",
        load: async () => (await import("./outbox/schema.ts")).schema,
      },
    ],
  },
  {
    word: "account",
    what: "add an account, list them, sign in and out",
    members: [
      {
        word: "add",
        what: "try an account, and add it if it works",
        load: async () => (await import("./account/subcommands.ts")).add,
      },
      {
        word: "list",
        what: "list the accounts, and how it stands with their sign-ins",
        load: async () => (await import("./account/subcommands.ts")).list,
      },
      {
        word: "sign-in",
        what: "sign in again for an account, by OAuth",
        load: async () => (await import("./oauth/subcommands.ts")).signIn,
      },
      {
        word: "sign-out",
        what: "end a sign-in, and remove its tokens",
        load: async () => (await import("./oauth/subcommands.ts")).signOut,
      },
    ],
  },
  {
    word: "config",
    what: "check the accounts: postseal config check",
    members: [
      {
        word: "check",
        what: "report what is wrong with the accounts",
        load: async () => (await import("./account/subcommands.ts")).check,
      },
    ],
  },
  {
    word: "import",
    what: "turn the settings of msmtp, git, Laravel and others into safe accounts",
    load: async () => (await import("./import/subcommand.ts")).importFile,
  },
  {
    word: "lab",
    what: "attack a mail client, and see whether it holds",
    page: async () => (await import("./lab/page.ts")).labPage,
    fail: async (error, asJson) => (await import("./lab/failure.ts")).fail(error, asJson),
    members: [
      {
        word: "run",
        what: "play every vector to the client that COMMAND starts",
        load: async () => (await import("./lab/run.ts")).run,
      },
      {
        word: "matrix",
        what: "play every vector to each client of the catalogue that is installed",
        load: async () => (await import("./lab/matrix.ts")).matrix,
      },
      {
        word: "serve",
        what: "run the impostor of one vector, for a client that you start",
        load: async () => (await import("./lab/serve.ts")).serve,
      },
      {
        word: "proxy",
        what: "stand between your own client and your own server",
        load: async () => (await import("./lab/proxy.ts")).proxy,
      },
      { word: "list", what: "list every vector", load: async () => (await import("./lab/list.ts")).list },
      {
        word: "explain",
        what: "explain what a vector does, and what a correct client does",
        load: async () => (await import("./lab/explain.ts")).explain,
      },
    ],
  },
  {
    word: "completion",
    what: "print the completion script for bash, zsh or fish",
    load: async () => (await import("./completion.ts")).completion,
  },
];
