/** Plays one vector against one client: starts the impostor, runs the client, and judges by what the impostor saw. */
import { randomUUID } from "node:crypto";
import { createAuthority } from "../authority/authority.ts";
import { hostOf, type Reference } from "../authority/certificate.ts";
import { startImpostor } from "../impostor/impostor.ts";
import { recordConnections } from "../report/record.ts";
import type { ClientEnd, Outcome, Run } from "../report/report.ts";
import type { Vector } from "../vectors/vector.ts";
import { type Canaries, createCanaries } from "../verdict/canary.ts";
import { deliveryOf } from "../verdict/delivery.ts";
import type { Transcript } from "../verdict/transcript.ts";
import { isSealed, judge, type Judgement } from "../verdict/verdict.ts";
import { runCommand } from "./command.ts";
import { openRoom, type Place, type Room } from "./room.ts";

export interface Trial {
  readonly vector: Vector;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Whether an honest delivery includes a login. */
  readonly login: boolean;
}

function messageOf({ sender, recipient, body }: Canaries): string {
  return [
    `From: ${sender}`,
    `To: ${recipient}`,
    "Subject: at dusk",
    "Date: Sun, 01 Nov 2026 18:04:00 +0000",
    `Message-ID: <${randomUUID()}@sender.example.test>`,
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=us-ascii",
    "",
    body,
    "",
  ].join("\r\n");
}

const PORTS = { starttls: 587, implicit: 465 } as const;
/** Where a client may go if it does not like what it meets. */
const MAIL_PORTS: readonly number[] = [25, 465, 587, 2525];
/** Milliseconds for connections to end after the client has. */
const SETTLING = 2_000;

/** `signal` ends the client, and with it the trial. */
export async function runTrial(trial: Trial, place: Place, signal: AbortSignal): Promise<Run> {
  const { vector } = trial;
  const started = performance.now();
  const canaries = createCanaries();
  const message = messageOf(canaries);
  const authority = await createAuthority({ address: place.address });
  await using impostor = await startImpostor(vector, {
    authority,
    canaries,
    listen: { address: place.address, port: place.isolated === undefined ? 0 : PORTS[vector.transport] },
    elsewhere: place.isolated === undefined ? [] : MAIL_PORTS,
  });
  const scene = { place, canaries, message, port: impostor.port, signal };
  const end = await inRoom(place, { message, authority: authority.certificate }, (room) =>
    runClient(trial, { ...scene, room }),
  );
  await Promise.race([impostor.settled(), settling()]);
  return conclude(trial, {
    canaries,
    reference: referenceIn(place, vector),
    transcript: impostor.transcript,
    client: end,
    durationMs: performance.now() - started,
  });
}

/** The room is left, and with it everything in it, before anything is judged. */
async function inRoom(
  place: Place,
  contents: { readonly message: string; readonly authority: string },
  use: (room: Room) => Promise<ClientEnd>,
): Promise<ClientEnd> {
  await using room = await openRoom(place, contents);
  return await use(room);
}

function referenceIn(place: Place, vector: Vector): Reference {
  return place.isolated === undefined ? "address" : (vector.reference ?? "name");
}

interface Scene {
  readonly place: Place;
  readonly room: Room;
  readonly canaries: Canaries;
  readonly message: string;
  readonly port: number;
  readonly signal: AbortSignal;
}

function runClient(
  { vector, command, environment, timeoutMs }: Trial,
  { place, room, canaries, message, port, signal }: Scene,
): Promise<ClientEnd> {
  const { cell, ca, work, temporary } = room;
  return runCommand({
    command,
    input: message,
    cell,
    timeoutMs,
    signal,
    environment: {
      ...environment,
      ...Object.fromEntries(["TMPDIR", "TMP", "TEMP"].map((name) => [name, temporary])),
      HOME: work,
      SSL_CERT_FILE: ca,
      NODE_EXTRA_CA_CERTS: ca,
    },
    words: {
      host: hostOf(referenceIn(place, vector), place.address),
      port: String(port),
      scheme: vector.transport === "implicit" ? "smtps" : "smtp",
      username: canaries.username,
      password: canaries.password,
      from: canaries.sender,
      to: canaries.recipient,
      body: canaries.body,
      message: room.message,
      ca,
      work,
    },
  });
}

function settling(): Promise<void> {
  return new Promise((resolve) => {
    AbortSignal.timeout(SETTLING).addEventListener("abort", () => resolve(), { once: true });
  });
}

interface Seen {
  readonly canaries: Canaries;
  readonly reference: Reference;
  readonly transcript: Transcript;
  readonly client: ClientEnd;
  readonly durationMs: number;
}

function conclude({ vector, login }: Trial, { canaries, reference, transcript, client, durationMs }: Seen): Run {
  const judged = { ...vector, reference };
  const claim = client.exitCode === 0 ? "sent" : "not-sent";
  const judgement = judge(transcript, { vector: judged, canaries, claim });
  const delivery = deliveryOf(transcript.messages, canaries, login);
  const outcome = outcomeOf(vector, judgement, client, delivery === "whole");
  const short = outcome === "over-strict" && delivery !== "whole" ? delivery : undefined;
  return {
    vector: vector.id,
    outcome,
    ...(short === undefined ? {} : { shortfall: short }),
    findings: judgement.findings,
    canaries,
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
