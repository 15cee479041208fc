/** Sends once for each given name and value while `Object.prototype` has that property. Reads and prints one line of JSON. */
import { connect } from "node:net";
import { json } from "node:stream/consumers";
import { createSecureContext } from "node:tls";
import { createMailer, type MailerOptions } from "@postseal/mailer";
import { canaries } from "@postseal/lab";

interface Task {
  /** Names of options: the mailer's, then Node's. */
  readonly ours: readonly string[];
  readonly nodes: readonly string[];
  /** Those of ours at which Node or the language fails. */
  readonly tripping: readonly string[];
  readonly rogue: { readonly port: number; readonly ca: string; readonly pin: string };
  readonly honest: { readonly port: number; readonly ca: string };
}

/** Milliseconds. A property may keep Node from ever answering; a send that must succeed gets the longer time. */
const [PATIENCE, LONG] = [500, 10_000];

const nothing = (): undefined => undefined;

/** Hostile values for some names. JSON cannot carry functions; they are tried all the same. */
function made({ ca, pin, port }: Task["rogue"]): ReadonlyMap<string, readonly unknown[]> {
  const values: Readonly<Record<string, readonly unknown[]>> = {
    tls: [{ ca: { only: ca } }, { trust: { pins: [pin] } }, { ca: { add: ca } }],
    ca: [ca, { only: ca }, { add: ca }],
    trust: [{ pins: [pin] }],
    pins: [[pin]],
    port: [port],
    host: ["127.0.0.1"],
    rejectUnauthorized: [false],
    checkServerIdentity: [nothing],
    pskCallback: [nothing],
    connect: [async () => connect({ host: "127.0.0.1", port })],
    secureContext: [createSecureContext({ ca })],
    session: [Buffer.alloc(64)],
    ALPNProtocols: [["smtp"]],
    minVersion: ["TLSv1"],
    ciphers: ["ALL:eNULL:@SECLEVEL=0"],
    envelope: [{ to: ["thief@rogue.example"] }],
    bcc: ["thief@rogue.example"],
    username: ["thief"],
    credentials: [{ username: "thief", password: "thief" }],
  };
  return new Map(Object.entries(values));
}

// Node's own event emitters fail at some names: what they throw is not the mailer's answer.
process.on("uncaughtException", nothing);

const task: unknown = await json(process.stdin);
if (!isTask(task)) throw new TypeError("no task was given");
const { ours, nodes, tripping, rogue, honest } = task;
const tls = { ca: { only: honest.ca } };
const [believed, disturbed] = [new Set<string>(), new Set<string>()];
const special = made(rogue);
const any: readonly unknown[] = [true, rogue.ca];
const toRogue = (): Promise<boolean> => within(attempt(rogue.port, { tls }), PATIENCE);
const toRogueInPublic = (): Promise<boolean> => within(attempt(rogue.port, {}), PATIENCE);
const toHonest = (): Promise<boolean> => within(attempt(honest.port, { tls }), LONG);

for (const name of ours) {
  for (const value of [...(special.get(name) ?? []), ...any]) {
    const trips = tripping.includes(name);
    const [beside, delivered] = await polluted(name, value, trips ? [toRogue] : [toRogue, toHonest]);
    if (beside === true) believed.add(name);
    if (!trips && delivered !== true) disturbed.add(name);
  }
}
for (const name of nodes) {
  for (const value of any) {
    const [beside] = await polluted(name, value, [toRogue]);
    if (beside === true) believed.add(name);
  }
}
// The values worth most to an attacker are also tried with the public authorities trusted.
for (const [name, values] of special) {
  for (const value of values) {
    const sent = await polluted(name, value, [toRogueInPublic, toRogue]);
    if (sent.includes(true)) believed.add(name);
  }
}
process.stdout.write(JSON.stringify({ believed: [...believed], disturbed: [...disturbed] }));
process.exit(0);

async function polluted(
  name: string,
  value: unknown,
  sends: readonly (() => Promise<boolean>)[],
): Promise<readonly boolean[]> {
  Reflect.defineProperty(Object.prototype, name, { value, configurable: true, enumerable: true, writable: true });
  const results = await Promise.all(sends.map((send) => send()));
  Reflect.deleteProperty(Object.prototype, name);
  return results;
}

/** Returns whether it was sent. */
async function attempt(port: number, options: MailerOptions): Promise<boolean> {
  try {
    const credentials = { username: canaries.username, password: canaries.password };
    const mailer = createMailer({ host: "127.0.0.1", port, transport: "implicit" }, { credentials, ...options });
    await mailer.send({ from: canaries.sender, to: canaries.recipient, text: canaries.body });
    void mailer.close();
    return true;
  } catch {
    return false;
  }
}

function within(sending: Promise<boolean>, patience: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), patience);
    const settle = (sent: boolean): void => {
      clearTimeout(timer);
      resolve(sent);
    };
    sending.then(settle, () => settle(false));
  });
}

function isTask(given: unknown): given is Task {
  return typeof given === "object" && given !== null && "ours" in given && "rogue" in given && "honest" in given;
}
