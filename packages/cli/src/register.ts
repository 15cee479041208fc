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
        what: "withdraw the sign-in of an account, and remove its tokens",
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
