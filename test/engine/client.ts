/** A mailer to the server in memory, and the client's word about each of its messages held against what the server took. */
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
import { type Behaviour, Server } from "./server.ts";

export const byBdat: readonly string[] = ["PIPELINING", "SIZE 1000000", "CHUNKING"];
export const byData: readonly string[] = ["PIPELINING", "SIZE 1000000"];
export const stepwise: readonly string[] = ["SIZE 1000000"];

export interface Rig {
  readonly server: Server;
  readonly mailer: Mailer;
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
  const mailer = createMailer(
    { host: HOST, transport },
    {
      tls: { ca: { only: authority.certificate } },
      connect: async () => server.connect(),
      ...options,
    },
  );
  return { server, mailer };
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

/** A message that is known by its sender, which no other has. */
export function letter(
  name: string,
  to: readonly string[] = [`to-${name}@x.example`],
): { readonly envelope: { readonly from: string; readonly to: readonly string[] }; readonly message: string } {
  return { envelope: { from: `${name}@x.example`, to }, message: `From: ${name}@x.example\r\n\r\n.${name}\r\n` };
}

/** What the client says became of one message: by recipient. */
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
 * second copy. Each message under its own sender.
 */
export function assertTruth(words: readonly Word[], { taken }: Server): void {
  for (const { sender, receipt } of words) {
    for (const { address, outcome } of receipt.recipients) {
      const copies = taken.filter((one) => one.sender === sender && one.recipients.includes(address)).length;
      const evidence = `${sender} to ${address}: told ${outcome}, taken ${copies} times`;
      assert.ok(copies <= 1, evidence);
      if (outcome === "accepted") assert.equal(copies, 1, evidence);
      else if (outcome !== "unknown") assert.equal(copies, 0, evidence);
    }
  }
  for (const { sender, recipients, body } of taken) {
    const name = sender.replace("@x.example", "");
    assert.match(body, new RegExp(`^From: ${name}@`), `under the sender of another: ${sender}`);
    assert.ok(
      recipients.every((one) => one.includes(`-${name}@`)),
      `to the recipients of another: ${recipients.join()}`,
    );
  }
}

/** The outcomes of each, without repetition. */
export function fates(words: readonly Word[]): readonly string[] {
  return words.map(({ receipt }) => [...new Set(receipt.recipients.map(({ outcome }) => outcome))].join(" "));
}
