/** What came of a subcommand, for people: what was done on standard output, what went wrong on standard error. */
import { styleText } from "./node-util.ts";
import type { Outcome, Receipt, RecipientOutcome, Seal, Verification } from "@postseal/mailer";
import { explainFailure } from "./failure.ts";
import type { Failed, Result } from "./result.ts";
import { printable, widthOf, wrap } from "./terminal.ts";

export interface Streams {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/** `exitCode`: where it is not the one that `exitCodeOf` tells. */
export function writeReport(result: Result, { stdout, stderr }: Streams, exitCode?: number): void {
  switch (result.kind) {
    case "sent":
      write(stdout, receiptRows(result.receipt));
      return;
    case "verified":
      write(stdout, verificationRows(result.verification));
      return;
    case "failed":
      writeFailure(result, stderr, exitCode);
  }
}

/** Those who did not get a message that others did. */
export function writeUndelivered({ recipients }: Receipt, stderr: NodeJS.WriteStream, exitCode: number): void {
  stderr.write("postseal: the message was taken for some recipients, and not for these:\n");
  write(stderr, recipients.filter(({ outcome }) => outcome !== "accepted").map(recipientRow));
  stderr.write(`  exit ${exitCode}; sending it again would deliver it twice to the others\n`);
}

/** A label and what it is about; the values stand in one column. */
type Row = readonly [label: string, value: string];

const COLUMN = 12;

function write(stream: NodeJS.WriteStream, rows: readonly Row[]): void {
  const width = widthOf(stream);
  for (const [label, value] of rows) {
    // Coloured after it was measured: escapes have no width.
    const line = wrap(`${label.padEnd(COLUMN - 1)} ${printable(value)}`, width, " ".repeat(COLUMN));
    const colour = isOutcome(label) ? COLOURS[label] : undefined;
    stream.write(`${colour === undefined ? line : styleText(colour, label, { stream }) + line.slice(label.length)}\n`);
  }
}

const COLOURS: Readonly<Record<Outcome, "green" | "red" | "yellow">> = {
  accepted: "green",
  refused: "red",
  deferred: "yellow",
  unsent: "yellow",
  unknown: "red",
};

function isOutcome(label: string): label is Outcome {
  return Object.hasOwn(COLOURS, label);
}

function receiptRows({ recipients, messageId, seal }: Receipt): readonly Row[] {
  return [
    ...recipients.flatMap((one) => [recipientRow(one), ...(one.seal === undefined ? [] : sealRows(one.seal))]),
    ...(messageId === undefined ? [] : [["message", messageId] as const]),
    ...(seal === undefined ? [] : sealRows(seal)),
  ];
}

function recipientRow({ address, outcome, reply }: RecipientOutcome): Row {
  if (reply === undefined) return [outcome, address];
  const said = [reply.code, reply.enhanced, reply.text].filter((part) => part !== undefined && part !== "").join(" ");
  return [outcome, `${address} (${said})`];
}

function sealRows(seal: Seal): readonly Row[] {
  const { protocol, cipherSuite, keyExchange, postQuantum, serverName, certificate, channelBinding } = seal;
  return [
    ["sealed", `${protocol}, ${cipherSuite}, ${keyExchange}${postQuantum ? " (post-quantum)" : ""}`],
    ["server", `${serverName}, ${provenBy(seal)}`],
    ["issuer", `${certificate.issuer}; the certificate expires ${certificate.notAfter.slice(0, 10)}`],
    ["binding", channelBinding === undefined ? "none" : `${channelBinding}: the login counts in this TLS session only`],
  ];
}

function provenBy({ verifiedBy, rootOrigin }: Seal): string {
  if (verifiedBy === "pin") return "verified by its pinned key, which stands instead of chain and name";
  return `verified by chain and name, up to ${rootOrigin === undefined ? "a trusted root" : ROOTS[rootOrigin]}`;
}

const ROOTS: Readonly<Record<NonNullable<Seal["rootOrigin"]>, string>> = {
  bundled: "a root that came with Node",
  system: "a root of this system",
  environment: "a root that the environment adds",
  added: "a root that you gave",
};

function verificationRows({ seal, mechanism, capabilities }: Verification): readonly Row[] {
  return [
    ...sealRows(seal),
    ["pin", seal.certificate.spki],
    ["login", mechanism ?? "none: there were no credentials"],
    ["offers", capabilities.join(", ")],
  ];
}

function writeFailure(result: Failed, stderr: NodeJS.WriteStream, exitCode: number | undefined): void {
  const { receipt } = result;
  const width = widthOf(stderr);
  const { message, note } = explainFailure(result, exitCode);
  const line = wrap(`postseal: ${printable(message)}`, width, "  ");
  stderr.write(`${styleText("red", "postseal:", { stream: stderr })}${line.slice("postseal:".length)}\n`);
  if (receipt !== undefined && isTelling(receipt)) write(stderr, receipt.recipients.map(recipientRow));
  stderr.write(`  ${wrap(printable(note), width === undefined ? undefined : width - 2, "  ")}\n`);
}

/** Whether the recipients say more than the error does. */
function isTelling({ recipients }: Receipt): boolean {
  return recipients.length > 1 && recipients.some(({ outcome }) => outcome !== "unsent");
}
