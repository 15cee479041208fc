/** A mailer to the server in memory; compares what the client says of each message with what the server took. */
import assert from "node:assert/strict";
import {
  createMailer,
  type Mailer,
  type MailerOptions,
  MailError,
  type Receipt,
  receiptOf,
  type ServerOptions,
  type Transport,
} from "@postseal/mailer";
import { type Authority, createAuthority, HOST, type Issued } from "@postseal/lab";
import type { Behaviour, Excuse } from "./behaviour.ts";
import type { Connection } from "./connection.ts";
import { Server } from "./server.ts";

export const byBdat: readonly string[] = ["PIPELINING", "SIZE 1000000", "CHUNKING"];
export const byData: readonly string[] = ["PIPELINING", "SIZE 1000000"];
export const stepwise: readonly string[] = ["SIZE 1000000"];

export interface Rig {
  readonly server: Server;
  readonly mailer: Mailer;
  /** Another mailer to the same server. */
  readonly another: () => Mailer;
}

const made: Promise<{ readonly authority: Authority; readonly identity: Issued }> = createAuthority().then(
  async (authority) => ({
    authority,
    identity: await authority.issue(),
  }),
);

export async function rigWith(
  behaviour: Behaviour | ((connection: number) => Behaviour),
  { transport = "implicit", ...options }: MailerOptions & { readonly transport?: Transport } = {},
): Promise<Rig> {
  const { authority, identity } = await made;
  const server = new Server(identity, typeof behaviour === "function" ? behaviour : () => behaviour, transport);
  const another = (): Mailer =>
    createMailer(
      { host: HOST, transport },
      {
        tls: { ca: { only: authority.certificate } },
        connect: async () => server.connect(),
        ...options,
      },
    );
  return { server, mailer: another(), another };
}

/** What `connectSealed` needs to reach the same server. */
export async function sessionTo(
  server: Server,
  transport: Transport,
): Promise<{ readonly url: ServerOptions; readonly options: Pick<MailerOptions, "tls" | "connect"> }> {
  const { authority } = await made;
  return {
    url: { host: HOST, transport },
    options: { tls: { ca: { only: authority.certificate } }, connect: async () => server.connect() },
  };
}

/** A message with a sender of its own, by which it is recognised. */
export function letter(
  name: string,
  to: readonly string[] = [`to-${name}@x.example`],
): { readonly envelope: { readonly from: string; readonly to: readonly string[] }; readonly message: string } {
  return { envelope: { from: `${name}@x.example`, to }, message: `From: ${name}@x.example\r\n\r\n.${name}\r\n` };
}

/** What the client says became of one message, for each recipient. */
export interface Word {
  readonly sender: string;
  readonly receipt: Receipt;
  readonly error: MailError | undefined;
}

export async function wordOf(sending: Promise<Receipt>): Promise<Word> {
  try {
    const receipt = await sending;
    return { sender: receipt.sender, receipt, error: undefined };
  } catch (error) {
    assert.ok(error instanceof MailError, String(error));
    const receipt = receiptOf(error);
    assert.ok(receipt !== undefined, "every send that fails has a receipt");
    return { sender: receipt.sender, receipt, error };
  }
}

/** Sends that many at once. */
export function burst(mailer: Mailer, prefix: string, count: number): Promise<readonly Word[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => wordOf(mailer.send(letter(`${prefix}${index}`)))));
}

/**
 * Never "accepted" for what the server did not take, never "unsent", "deferred" or "refused" for what it took, and never a
 * second copy, unless the server did one of the few things that nobody can notice. Each message has its own sender.
 * Returns the excuses that were needed.
 */
export function assertTruth(words: readonly Word[], { taken, connections }: Server): readonly Excuse[] {
  const excused: Excuse[] = [];
  for (const { sender, receipt, error } of words) {
    if (error?.code === "MAIL_REFUSED" || error?.code === "MAIL_DEFERRED") {
      const isRefused = receipt.recipients.some(({ outcome }) => outcome === "refused" || outcome === "deferred");
      assert.ok(isRefused, `${sender}: ${error.code}, which the server said of another`);
    }
    for (const { address, outcome } of receipt.recipients) {
      const copies = taken.filter((one) => one.sender === sender && one.recipients.includes(address)).length;
      const isTrue = copies <= 1 && (outcome === "unknown" || copies === (outcome === "accepted" ? 1 : 0));
      if (isTrue) continue;
      const lie = outcome === "accepted" && copies === 0 ? "not taken" : "taken";
      const excuse = connections.filter((one) => one.knows(sender)).flatMap((one) => excusesFor(lie, one))[0];
      assert.ok(excuse !== undefined, `${sender} to ${address}: reported ${outcome}, taken ${copies} times`);
      excused.push(excuse);
    }
  }
  for (const { sender, recipients, body } of taken) {
    const name = sender.replace("@x.example", "");
    assert.match(body, new RegExp(`^From: ${name}@`), `under another message's sender: ${sender}`);
    assert.ok(
      recipients.every((one) => one.includes(`-${name}@`)),
      `to another message's recipients: ${recipients.join()}`,
    );
  }
  return excused;
}

/** Why a client may be wrong about a message on this connection: "accepted" but not taken, or the other way round. */
function excusesFor(
  lie: "taken" | "not taken",
  { excuses, shifts, isEnhanced, hasData }: Connection,
): readonly Excuse[] {
  return [...excuses].filter((excuse) => {
    switch (excuse) {
      case "said 421 to MAIL or RSET, and went on":
        return lie === "taken";
      case "said one reply too many in the middle of what was written ahead":
        // A status about an address where the answer to BDAT belongs shows one or two surplus replies.
        return lie === "taken" || !isEnhanced || hasData || shifts > 2;
      default:
        return true;
    }
  });
}

/** The different outcomes of each message's recipients. */
export function fates(words: readonly Word[]): readonly string[] {
  return words.map(({ receipt }) => [...new Set(receipt.recipients.map(({ outcome }) => outcome))].join(" "));
}
