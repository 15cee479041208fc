/** Reaches a server for the interop tests: by its name, which only a private authority vouches for, at a port of loopback. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect as connectTcp } from "node:net";
import {
  type ConnectHook,
  connectSealed,
  createMailer,
  type Mailer,
  type MailerOptions,
  MailError,
  type Receipt,
  receiptOf,
  type SealedSession,
  type Transport,
} from "@postseal/mailer";
import type { Server } from "./roster.ts";
import type { Authority } from "./servers/pki.ts";
import { accounts, serverName } from "./servers/server.ts";

const [alice = { user: "", password: "" }] = accounts;
export const user: string = alice.user;
export const password: string = alice.password;

/** No name server knows the names. The hook connects to loopback, and TLS still verifies the name. */
export const toLoopback: ConnectHook = async ({ port }) => {
  const socket = connectTcp({ port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  return socket;
};

export function urlOf(server: Server, transport: Transport = "starttls"): string {
  if (transport === "starttls") return `submission://${serverName}:${server.submissionPort}`;
  if (server.submissionsPort === undefined) throw new Error("this server has no implicit TLS");
  return `submissions://${serverName}:${server.submissionsPort}`;
}

interface Reach extends MailerOptions {
  readonly authority: Authority;
  readonly transport?: Transport;
}

export function mailerFor(server: Server, { authority, transport, ...options }: Reach): Mailer {
  return createMailer(urlOf(server, transport), {
    tls: { ca: { only: readFileSync(authority.caFile, "utf8") } },
    credentials: { username: user, password },
    connect: toLoopback,
    ...options,
  });
}

/** A session of alice, for tests that need a single connection. */
export async function sessionWith(server: Server, authority: Authority): Promise<SealedSession> {
  const session = await connectSealed(urlOf(server), {
    tls: { ca: { only: readFileSync(authority.caFile, "utf8") } },
    connect: toLoopback,
  });
  await session.authenticate({ username: user, password });
  return session;
}

/** Each recipient's outcome, and the code of the error if the send threw one. */
export async function fateOf(
  sending: Promise<Receipt>,
): Promise<{ readonly code?: string; readonly outcomes: Readonly<Record<string, string>> }> {
  try {
    return { outcomes: outcomesOf(await sending) };
  } catch (error) {
    const receipt = receiptOf(error);
    if (!(error instanceof MailError) || receipt === undefined) throw error;
    return { code: error.code, outcomes: outcomesOf(receipt) };
  }
}

/** The receipt of a send, whether it resolved or threw. */
export async function receiptOfSend(sending: Promise<Receipt>): Promise<Receipt> {
  try {
    return await sending;
  } catch (error) {
    const receipt = receiptOf(error);
    if (receipt === undefined) throw error;
    return receipt;
  }
}

function outcomesOf({ recipients }: Receipt): Readonly<Record<string, string>> {
  return Object.fromEntries(
    recipients.map(({ address, outcome, reply }) => [address, [outcome, reply?.code].filter(Boolean).join(" ")]),
  );
}
