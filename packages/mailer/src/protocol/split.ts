/** A message to more recipients than one transaction may have (RCPTMAX, RFC 9422): several transactions, one result. */
import { CapabilityError } from "../errors/capability-error.ts";
import type { RecipientOutcome } from "../outcome/receipt.ts";
import type { Dialogue } from "./dialogue.ts";
import type { Transacted } from "./ledger.ts";
import { type Transaction, transact } from "./transaction.ts";

/** As `transact`. Where one transaction ends the connection, those that were to follow are unsent. */
export function transactAll(whole: Transaction): Dialogue<Transacted> {
  const most = whole.offered.limit("RCPTMAX") ?? Infinity;
  if (whole.message.envelope.forwardPaths.length <= most) return transact(whole);
  return transactInParts(whole, most);
}

function* transactInParts(whole: Transaction, most: number): Dialogue<Transacted> {
  const { forwardPaths } = whole.message.envelope;
  if (!whole.message.content.replayable) throw readOnce(whole.peer, most, forwardPaths.length);
  const recipients: RecipientOutcome[] = [];
  let { resetFirst, pushedBack } = whole;
  for (let from = 0; ; from += most) {
    const more = from + most < forwardPaths.length;
    const message = addressedTo(whole.message, forwardPaths.slice(from, from + most));
    const part = yield* transact({ ...whole, message, resetFirst, pushedBack, more });
    recipients.push(...part.recipients);
    if (!more || part.leaves === "dead-connection")
      return { ...part, recipients: [...recipients, ...unsent(forwardPaths.slice(from + most))] };
    resetFirst = part.leaves === "transaction";
    pushedBack = undefined;
  }
}

/** The same message for some of its recipients. */
export function addressedTo<Message extends Transaction["message"]>(
  message: Message,
  forwardPaths: readonly string[],
): Message {
  return { ...message, envelope: { ...message.envelope, forwardPaths } };
}

function unsent(addresses: readonly string[]): readonly RecipientOutcome[] {
  return addresses.map((address) => ({ address, outcome: "unsent" }));
}

function readOnce(peer: string, most: number, count: number): CapabilityError {
  return new CapabilityError(
    "MAIL_CAPABILITY_MISSING",
    "LIMITS",
    `${peer} takes ${most} recipients at a time (RCPTMAX), so a message to ${count} is sent several times over, and this one can be read only once. Pass a function that opens its stream. Nothing was sent.`,
  );
}
