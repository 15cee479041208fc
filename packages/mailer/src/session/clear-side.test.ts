/**
 * The security property is a type, inside the package too: what a `ClearSession` holds cannot send a secret or a message.
 * These lines never run; they compile only if each `@ts-expect-error` stands above an error.
 */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import type { Wait } from "../net/nature.ts";
import { beginAuth } from "../protocol/auth.ts";
import type { Action } from "../protocol/command.ts";
import { quit } from "../protocol/quit.ts";
import { startTls } from "../protocol/starttls.ts";
import { type Transaction, transact } from "../protocol/transaction.ts";
import { authenticateOver, type Login } from "./authenticate.ts";
import { beginSealed } from "./begin.ts";
import { Carrier } from "./carrier.ts";
import type { SessionContext } from "./context.ts";
import { Conversation, type ConversationOptions, type Listener } from "./conversation.ts";
import { drive, driveClear } from "./drive.ts";
import { SealedSession } from "./sealed-session.ts";
import type { Turnstile } from "./turnstile.ts";
import type { ClearChannel } from "../tls/clear-channel.ts";
import type { SealedChannel } from "../tls/sealed-channel.ts";
import type { Capabilities } from "../protocol/capabilities.ts";

/** What a method of `ClearSession` could reach. */
export interface Clear {
  readonly channel: ClearChannel;
  readonly context: SessionContext;
  readonly options: ConversationOptions;
  readonly wait: Wait;
}

export async function secrets({ channel, options, wait }: Clear, login: Login): Promise<void> {
  // @ts-expect-error a login takes a channel that TLS has sealed
  await authenticateOver(channel, login, options);
  // @ts-expect-error AUTH is not among the actions of a clear channel
  await driveClear(beginAuth("PLAIN", undefined, "mx"), channel, options);
  // @ts-expect-error nor can a clear channel take the place of a sealed one
  await drive(beginAuth("PLAIN", undefined, "mx"), channel, options);
  // @ts-expect-error there is no way to write what is not an action
  channel.exchange("AUTH PLAIN AGEAYg==\r\n", wait);
  // @ts-expect-error nor an action that is not one of a clear channel
  channel.exchange([{ verb: "AUTH", mechanism: "PLAIN", initialResponse: "AGEAYg==" }], wait);
  // @ts-expect-error the loop itself does not take such a dialogue
  new Conversation(beginAuth("PLAIN", undefined, "mx"), channel, options, listener()).begin();
  // @ts-expect-error nor if its actions are named
  new Conversation<unknown, Action>(beginAuth("PLAIN", undefined, "mx"), channel, options, listener()).begin();
}

export async function mail(
  { channel, context, options, wait }: Clear,
  transaction: Transaction,
  offered: Capabilities,
  turnstile: Turnstile,
): Promise<void> {
  // @ts-expect-error messages are carried over a sealed channel
  const carrier = new Carrier(channel, offered, context, turnstile);
  // @ts-expect-error a sealed session is not made of a clear channel
  void new SealedSession(channel, offered, context, turnstile, carrier);
  // @ts-expect-error nor begun over one
  await beginSealed(channel, context, undefined);
  // @ts-expect-error no message is said in the clear
  await driveClear(transact(transaction), channel, options);
  // @ts-expect-error nor QUIT
  await driveClear(quit(), channel, options);
  // @ts-expect-error nor the envelope
  channel.exchange([{ verb: "MAIL", reversePath: "s@x.example" }], wait);
  // @ts-expect-error the stream below is for the upgrade alone
  channel.release();
  // @ts-expect-error a clear channel is not a sealed one
  const sealed: SealedChannel = channel;
  void sealed;
  await driveClear(startTls("mx"), channel, options);
}

function listener<T>(): Listener<T> {
  return { written: () => {}, done: () => {}, failed: () => {} };
}

/** The files that may name the class of all channels, whose stream may be in the clear. */
const NAMES_CHANNEL = [
  "session/await-greeting.ts",
  "session/conversation.ts",
  "tls/clear-channel.ts",
  "tls/sealed-channel.ts",
];

test("only the loop, the greeting and tls/ name the class of all channels", () => {
  const root = "packages/mailer/src/";
  const files = globSync(`${root}**/*.ts`).filter((file) => !file.endsWith(".test.ts"));
  assert.ok(files.length > 100, `saw ${files.length} files`);
  const naming = files.filter((file) => /from "[^"]*\/channel\.ts"/.test(readFileSync(file, "utf8")));
  assert.deepEqual(naming.map((file) => file.slice(root.length)).toSorted(), NAMES_CHANNEL);
});

test("all connecting is in one file", () => {
  const files = globSync("packages/mailer/src/**/*.ts").filter((file) => !file.endsWith(".test.ts"));
  const connecting = files.filter((file) => /\bconnectTo\(|\bnew ClearChannel\(/.test(readFileSync(file, "utf8")));
  assert.deepEqual(connecting.toSorted(), [
    "packages/mailer/src/net/connect.ts",
    "packages/mailer/src/session/connect.ts",
  ]);
});

test("no package exports a variable that it changes later", () => {
  const files = globSync("packages/*/src/**/*.ts");
  assert.ok(files.length > 250, `saw ${files.length} files`);
  for (const file of files) assert.doesNotMatch(readFileSync(file, "utf8"), /^export (?:let|var) /m, file);
});
