/** Plays one vector against one client: starts the impostor, runs the client, and judges by what the impostor saw. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Authority } from "../authority/authority.ts";
import { hostOf, type Reference } from "../authority/certificate.ts";
import { type Impostor, startImpostor } from "../impostor/impostor.ts";
import { recordConnections } from "../report/record.ts";
import type { ClientEnd, Outcome, Run } from "../report/report.ts";
import type { Vector } from "../vectors/vector.ts";
import { canaries } from "../verdict/canary.ts";
import { isSealed, judge, type Judgement } from "../verdict/verdict.ts";
import { killAll, runCommand } from "./command.ts";

export interface Trial {
  readonly vector: Vector;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Whether an honest delivery includes a login. */
  readonly login: boolean;
}

/** Where trials take place. */
export interface Place {
  readonly authority: Authority;
  /** Holds `authority.pem` and `message.eml`. The owner of the place makes and removes it. */
  readonly folder: string;
  readonly address: string;
  /** True if the names, the ports and the trust store are the lab's own. */
  readonly isPrivate: boolean;
}

const MESSAGE: string = [
  `From: ${canaries.sender}`,
  `To: ${canaries.recipient}`,
  "Subject: at dusk",
  "Date: Sun, 01 Nov 2026 18:04:00 +0000",
  "Message-ID: <8830@sender.example.test>",
  "MIME-Version: 1.0",
  "Content-Type: text/plain; charset=us-ascii",
  "",
  canaries.body,
  "",
].join("\r\n");

const PORTS = { starttls: 587, implicit: 465 } as const;
/** Where a client may go if it does not like what it meets. */
const MAIL_PORTS: readonly number[] = [25, 465, 587, 2525];
/** Milliseconds for connections to end after the client has. */
const SETTLING = 2_000;

/** `signal` ends the client, and with it the trial. */
export async function runTrial(trial: Trial, place: Place, signal: AbortSignal): Promise<Run> {
  const { vector } = trial;
  const started = performance.now();
  const work = path.join(place.folder, "work");
  await mkdir(work, { mode: 0o700 });
  try {
    await using impostor = await startImpostor(vector, {
      authority: place.authority,
      listen: { address: place.address, port: place.isPrivate ? PORTS[vector.transport] : 0 },
      elsewhere: place.isPrivate ? MAIL_PORTS : [],
    });
    const end = await runClient(trial, place, { work, port: impostor.port, signal });
    await Promise.race([impostor.settled(), settling()]);
    return conclude(trial, referenceIn(place, vector), impostor, end, performance.now() - started);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function referenceIn(place: Place, vector: Vector): Reference {
  return place.isPrivate ? (vector.reference ?? "name") : "address";
}

async function runClient(
  { vector, command, environment, timeoutMs }: Trial,
  place: Place,
  { work, port, signal }: { readonly work: string; readonly port: number; readonly signal: AbortSignal },
): Promise<ClientEnd> {
  const ca = path.join(place.folder, "authority.pem");
  try {
    return await runCommand({
      command,
      timeoutMs,
      signal,
      environment: { ...environment, HOME: work, SSL_CERT_FILE: ca, NODE_EXTRA_CA_CERTS: ca },
      words: {
        host: hostOf(referenceIn(place, vector), place.address),
        port: String(port),
        scheme: vector.transport === "implicit" ? "smtps" : "smtp",
        username: canaries.username,
        password: canaries.password,
        from: canaries.sender,
        to: canaries.recipient,
        body: canaries.body,
        message: path.join(place.folder, "message.eml"),
        ca,
        work,
      },
    });
  } finally {
    // The first process of a namespace may end all others in it, here the processes that the client left running.
    if (process.pid === 1) killAll(-1);
  }
}

function settling(): Promise<void> {
  return new Promise((resolve) => {
    AbortSignal.timeout(SETTLING).addEventListener("abort", () => resolve(), { once: true });
  });
}

function conclude(
  { vector, login }: Trial,
  reference: Reference,
  { transcript }: Impostor,
  client: ClientEnd,
  durationMs: number,
): Run {
  const judged = { ...vector, reference };
  const claim = client.exitCode === 0 ? "sent" : "not-sent";
  const judgement = judge(transcript, { vector: judged, canaries, claim });
  const delivered = transcript.messages.some(
    ({ username, body }) => (!login || username === canaries.username) && holds(body, canaries.body),
  );
  return {
    vector: vector.id,
    outcome: outcomeOf(vector, judgement, client, delivered),
    findings: judgement.findings,
    client,
    durationMs: Math.round(durationMs),
    connections: recordConnections(transcript, {
      canaries,
      trust: (connection, channel) => isSealed(judged, connection, channel),
    }),
  };
}

/** The verdict, or, if the client gave nothing away, how the client itself ended. */
function outcomeOf(vector: Vector, { verdict }: Judgement, client: ClientEnd, delivered: boolean): Outcome {
  if (verdict !== "held" && verdict !== "delivered-sealed") return verdict;
  if (client.timedOut) return "hang";
  if (client.signal !== null || isSignal(client.exitCode ?? 0)) return "crash";
  if (vector.expected !== "delivered-sealed") return verdict;
  return verdict === "delivered-sealed" && delivered ? verdict : "over-strict";
}

/** Shells report a command that a signal ended as 128 plus the signal's number. Higher codes are a program's own. */
function isSignal(exitCode: number): boolean {
  return exitCode > 128 && exitCode <= 192;
}

/** A message without the canary text does not count: a leak of it could not be seen. */
function holds(body: string, text: string): boolean {
  return [
    body,
    body.replaceAll("=\r\n", ""),
    Buffer.from(body.split("\r\n\r\n").slice(1).join(""), "base64").toString(),
  ].some((form) => form.includes(text));
}

/** Writes the files that the trials read. */
export async function preparePlace(folder: string, authority: Authority): Promise<void> {
  await writeFile(path.join(folder, "authority.pem"), authority.certificate);
  await writeFile(path.join(folder, "message.eml"), MESSAGE);
}
