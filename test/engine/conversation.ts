/** A whole conversation (greeting, EHLO, STARTTLS, a login, three messages, QUIT) that can be cut after any octet. */
import assert from "node:assert/strict";
import type { Transport } from "@postseal/mailer";
import { assertTruth, burst, letter, type Rig, rigWith, type Word, wordOf } from "./client.ts";
import { Clock } from "./clock.ts";
import type { Behaviour, Cut } from "./behaviour.ts";

export interface Whole extends Omit<Behaviour, "cut"> {
  readonly transport: Transport;
}

const credentials = { username: "alice", password: "open sesame" };
/** Milliseconds of silence that count as a failure. */
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

/** How many octets one side says if nothing cuts the conversation. */
export async function lengthOf(whole: Whole, of: Cut["of"]): Promise<number> {
  const { server, words } = await converse(whole, whole);
  assert.ok(words.every(({ error }) => error === undefined));
  const [connection] = server.connections;
  assert.ok(connection !== undefined);
  return of === "server" ? connection.saidSince() : connection.heard.length;
}

/** The first connection behaves as `first` says, later ones are honest. Each message's outcome is true, and nothing leaks. */
export async function converse(
  { transport, ...honest }: Whole,
  first: Behaviour,
): Promise<{ readonly words: readonly Word[]; readonly server: Rig["server"] }> {
  const behaviour = (connection: number): Behaviour => (connection === 0 ? first : honest);
  const { server, mailer } = await rigWith(behaviour, { transport, credentials, timeouts, pool: { connections: 1 } });
  using clock = new Clock(() => server.traffic);
  // The first opens the window, so the second and the third are in flight together.
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
