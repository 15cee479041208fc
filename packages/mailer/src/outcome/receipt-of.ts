/** The receipt that an error carries: also on errors that are not ours, such as the reason of an abort. */
import type { Receipt } from "./receipt.ts";

const receipts = new WeakMap<object, Receipt>();

/** What became of the message that was under way when this was thrown; `undefined` where none was. */
export function receiptOf(error: unknown): Receipt | undefined {
  return typeof error === "object" && error !== null ? receipts.get(error) : undefined;
}

/** Ties a receipt to what is about to be thrown; a reason that is not an object gets an `Error` around it. */
export function attachReceipt(error: unknown, receipt: Receipt): unknown {
  const carrier =
    typeof error === "object" && error !== null ? error : new Error("the send was aborted", { cause: error });
  receipts.set(carrier, receipt);
  return carrier;
}
