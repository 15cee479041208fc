/** Reports the result of a subcommand to people: what was done on standard output, what went wrong on standard error. */
import type { Outcome, Receipt, RecipientOutcome, Seal, Verification } from "@postseal/mailer";
import { explainFailure } from "./failure.ts";
import { type Colour, errors, output } from "../output.ts";
import type { OwnWords } from "./own-words.ts";
import type { Failed, Queued, Result } from "./result.ts";
import { type Row, writeRows } from "./rows.ts";

/** `exitCode`: if it is not the one that `exitCodeOf` returns. `words`: if they are not those of `send`. */
export function writeReport(result: Result, exitCode?: number, words?: OwnWords): void {
  switch (result.kind) {
    case "sent":
      writeRows(output, receiptRows(result.receipt), COLOURS);
      return;
    case "verified":
      writeRows(output, verificationRows(result.verification), COLOURS);
      return;
    case "queued":
      writeRows(output, queuedRows(result.queued), new Map([["queued", "green"]]));
      return;
    case "failed":
      writeFailure(result, exitCode, words);
  }
}

/** Lists the recipients who did not get a message that others got. */
export function writeUndelivered({ recipients }: Receipt, exitCode: number): void {
  errors.line("postseal: the message was taken for some recipients, and not for these:");
  writeRows(errors, recipients.filter(({ outcome }) => outcome !== "accepted").map(recipientRow), COLOURS);
  errors.line(`  exit ${exitCode}; sending it again would deliver it twice to the others`);
}

const COLOURS: ReadonlyMap<string, Colour> = new Map<Outcome, Colour>([
  ["accepted", "green"],
  ["refused", "red"],
  ["deferred", "yellow"],
  ["unsent", "yellow"],
  ["unknown", "red"],
]);

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

function queuedRows({ id, duplicate, account }: Queued): readonly Row[] {
  return duplicate
    ? [["duplicate", `${id}: this message is in the outbox already, and nothing was queued`]]
    : [
        ["queued", id],
        ["account", account],
      ];
}

function provenBy({ verifiedBy, rootOrigin }: Seal): string {
  if (verifiedBy === "pin") return "verified by its pinned key, instead of chain and name";
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

function writeFailure(result: Failed, exitCode: number | undefined, words: OwnWords | undefined): void {
  const { receipt } = result;
  const { message, note } = explainFailure(result, exitCode, words);
  errors.line(`postseal: ${message}`, { painted: { word: "postseal:", colour: "red" } });
  if (receipt !== undefined && isTelling(receipt)) writeRows(errors, receipt.recipients.map(recipientRow), COLOURS);
  errors.line(`  ${note}`);
}

/** Whether the recipients say more than the error. */
function isTelling({ recipients }: Receipt): boolean {
  return recipients.length > 1 && recipients.some(({ outcome }) => outcome !== "unsent");
}
