/** A whole conversation, from the greeting to QUIT, that ends after any of its octets: EHLO, STARTTLS, a login, three messages. */
import assert from "node:assert/strict";
import type { Transport } from "@postseal/mailer";
import { assertTruth, burst, letter, type Rig, rigWith, type Word, wordOf } from "./client.ts";
import { Clock } from "./clock.ts";
import type { Behaviour, Cut } from "./behaviour.ts";

export interface Whole extends Omit<Behaviour, "cut"> {
  readonly transport: Transport;
}

const credentials = { username: "alice", password: "open sesame" };
/** Milliseconds until silence is a failure. */
const PATIENCE = 200;
const timeouts = {
  greeting: PATIENCE,
  ehlo: PATIENCE,
  startTls: PATIENCE,
  handshake: 1_000,
  auth: PATIENCE,
  envelope: PATIENCE,
  finalReply: PATIENCE,
  command: PATIENCE,
};

/** Octets of one side, when nobody ends it. */
export async function lengthOf(whole: Whole, of: Cut["of"]): Promise<number> {
  const { server, words } = await converse(whole, whole);
  assert.ok(words.every(({ error }) => error === undefined));
  const [connection] = server.connections;
  assert.ok(connection !== undefined);
  return of === "server" ? connection.saidSince() : connection.heard.length;
}

/** The first connection is as `first` says; those after it are honest. What is said of each message is true, and nothing is left behind. */
export async function converse(
  { transport, ...honest }: Whole,
  first: Behaviour,
): Promise<{ readonly words: readonly Word[]; readonly server: Rig["server"] }> {
  const behaviour = (connection: number): Behaviour => (connection === 0 ? first : honest);
  const { server, mailer } = await rigWith(behaviour, { transport, credentials, timeouts, pool: { connections: 1 } });
  using clock = new Clock(() => server.traffic);
  // The second and the third are on their way together: the first has opened the window.
  const words = [await wordOf(mailer.send(letter("m0"))), ...(await burst(mailer, "n", 2))];
  await mailer.close();
  assertTruth(words, server);
  assert.ok(server.connections.length <= 3, `${server.connections.length} connections`);
  assert.ok(
    server.connections.every(({ isClosed }) => isClosed),
    "a connection is left",
  );
  assert.equal(clock.needed, 0, "a timer is left");
  return { words, server };
}
