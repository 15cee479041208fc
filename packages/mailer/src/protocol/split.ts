/** A message to more recipients than one transaction may have (RCPTMAX, RFC 9422): several transactions, one result. */
import type { RecipientOutcome } from "../outcome/receipt.ts";
import type { Dialogue } from "./dialogue.ts";
import { type Transacted, type Transaction, transact } from "./transaction.ts";

/** As `transact`. Where one transaction ends the connection, those that were to follow are unsent. */
export function* transactAll(whole: Transaction): Dialogue<Transacted> {
  const { forwardPaths } = whole.message.envelope;
  const most = whole.offered.limit("RCPTMAX") ?? forwardPaths.length;
  if (forwardPaths.length <= most) return yield* transact(whole);
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
