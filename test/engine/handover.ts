/** Messages that go out in every way there is, and a caller who is asked before they do. */
import { setImmediate as turn } from "node:timers/promises";
import { connectSealed, type Message, type Receipt, type SendOptions } from "@postseal/mailer";
import type { Behaviour } from "./behaviour.ts";
import { byBdat, byData, letter, rigWith, sessionTo, stepwise } from "./client.ts";
import type { Server } from "./server.ts";

/** A caller whose answer is awaited. */
export class Caller {
  /** How often it was asked. */
  asked = 0;
  readonly #first = Promise.withResolvers<void>();
  readonly #answer = Promise.withResolvers<void>();

  constructor() {
    // It may say no before anybody asks.
    this.#answer.promise.catch(() => {});
  }

  readonly beforeHandover = (): Promise<void> => {
    this.asked += 1;
    this.#first.resolve();
    return this.#answer.promise;
  };

  /** Resolves when it is asked for the first time. */
  get isAsked(): Promise<void> {
    return this.#first.promise;
  }

  sayYes(): void {
    this.#answer.resolve();
  }

  sayNo(reason: unknown): void {
    this.#answer.reject(reason);
  }
}

export interface Way {
  readonly name: string;
  readonly capabilities: readonly string[];
  /** Whether the caller is asked before MAIL: the message goes out in one piece. */
  readonly isWhole: boolean;
  readonly make: (name: string) => Message;
}

export const ways: readonly Way[] = [
  { name: "whole, by BDAT", capabilities: byBdat, isWhole: true, make: (name) => letter(name) },
  { name: "whole, by DATA", capabilities: byData, isWhole: true, make: (name) => letter(name) },
  { name: "whole, step by step", capabilities: stepwise, isWhole: true, make: (name) => letter(name) },
  { name: "long, by BDAT", capabilities: byBdat, isWhole: false, make: long },
  { name: "long, by DATA", capabilities: byData, isWhole: false, make: long },
  { name: "a stream, by DATA", capabilities: byBdat, isWhole: false, make: streamed },
  { name: "a stream, step by step", capabilities: stepwise, isWhole: false, make: streamed },
];

export function long(name: string): Message {
  const one = letter(name);
  return { ...one, message: `${one.message}${"x\r\n".repeat(90_000)}` };
}

export function streamed(name: string): Message {
  const one = letter(name);
  return { ...one, message: () => inPieces(one.message) };
}

async function* inPieces(message: string): AsyncGenerator<Uint8Array> {
  for (const line of message.split(/(?<=\n)/)) {
    yield Buffer.from(line);
    await turn();
  }
}

/** What sends a message: a mailer, or a session of the caller's own. */
export interface Sender {
  readonly server: Server;
  readonly send: (message: Message, options?: SendOptions) => Promise<Receipt>;
  readonly close: () => Promise<void>;
}

export const senders: Readonly<Record<string, (behaviour: Behaviour) => Promise<Sender>>> = {
  "a mailer": async (behaviour) => {
    const { server, mailer } = await rigWith(behaviour, { pool: { connections: 1 } });
    return { server, send: (message, options) => mailer.send(message, options), close: () => mailer.close() };
  },
  "a session": async (behaviour) => {
    const { server } = await rigWith(behaviour);
    const { url, options } = await sessionTo(server, "implicit");
    const session = await connectSealed(url, options);
    return { server, send: (message, own) => session.send(message, own), close: () => session.close() };
  },
};

/** Whether the server heard that this message begins. */
export function isBegun({ connections }: Server, name: string): boolean {
  return connections.some((connection) => connection.knows(`${name}@x.example`));
}

/** What was under way has gone as far as it can. */
export async function quiet(server: Server): Promise<void> {
  for (let before = -1; before !== server.traffic;) {
    before = server.traffic;
    for (let at = 0; at < 10; at += 1) await turn();
  }
}
