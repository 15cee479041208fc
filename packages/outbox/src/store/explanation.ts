/** Says in sentences why a message does not go, or what became of it. */
import type { Details, RecipientFate } from "./operations.ts";

export function explain({ message, account, lane, attempts }: Details, now: number): readonly string[] {
  const lines: string[] = [];
  const { state, due, expires, reason } = message;
  switch (state) {
    case "waiting":
      lines.push(
        due > now ? `It waits until ${time(due)}.` : "It is due, and waits for a worker that has its account.",
      );
      if (account?.paused === true) lines.push(`The account ${account.name} is paused.`);
      if (account?.locked === true)
        lines.push(
          `The account ${account.name} is stopped until somebody resumes it: ${account.reason ?? "its login was refused"}`,
        );
      if (account !== undefined && account.restsUntil > now)
        lines.push(
          `The account ${account.name} rests until ${time(account.restsUntil)}: ${account.reason ?? "its server failed"}`,
        );
      if (lane?.paused === true) lines.push(`The stream ${lane.name} is paused.`);
      if (lane !== undefined && lane.heldUntil > now)
        lines.push(
          `Mail to ${lane.domain ?? lane.name} was deferred several times in a row; the next try is at ${time(lane.heldUntil)}.`,
        );
      lines.push(`It expires at ${time(expires)}.`);
      break;
    case "leased":
      lines.push("A worker has it. Nothing of its end has been handed over yet.");
      break;
    case "marked":
      lines.push("A worker is handing it over, or waits for the answer.");
      break;
    case "held":
      lines.push(
        message.recipients.some(isUnknown)
          ? "It was handed over, and no answer says whether it was taken. Look at the server's log or ask a recipient, then resolve it: delivered, or again."
          : "It is held until somebody changes the account or cancels it.",
      );
      break;
    case "done":
      lines.push(`It ended at ${time(message.settled ?? now)}: every recipient is decided.`);
      break;
    case "dead":
      lines.push(`It ended at ${time(message.settled ?? now)} and will not be sent again.`);
      break;
    case "cancelled":
      lines.push(
        `It was cancelled at ${time(message.settled ?? now)}.${message.recipients.some(isUnknown) ? " It had been handed over before, so it may have arrived." : ""}`,
      );
      break;
    default:
      return state satisfies never;
  }
  if (reason !== undefined) lines.push(`The last reason: ${reason}`);
  const tried = attempts.length;
  if (tried > 0) lines.push(`There ${tried === 1 ? "was one attempt" : `were ${tried} attempts`}.`);
  return [...lines, ...message.recipients.map(recipientLine)];
}

function isUnknown({ outcome }: RecipientFate): boolean {
  return outcome === "unknown";
}

function recipientLine({ address, outcome, code, enhanced, text }: RecipientFate): string {
  const said = [code, enhanced, text].filter((word) => word !== undefined).join(" ");
  return said === "" ? `<${address}> ${outcome}` : `<${address}> ${outcome}: ${said}`;
}

function time(at: number): string {
  return new Date(at).toISOString();
}
