/** Reads the keys of an account that are about the outbox. */
import type { AccountKey, AccountOutbox } from "./account.ts";
import type { TableReader } from "./table-reader.ts";

export function outboxOf(reader: TableReader<AccountKey>): AccountOutbox {
  refuseBoth(reader, "messages-per-second", "messages-per-minute");
  refuseBoth(reader, "recipients-per-minute", "recipients-per-day");
  return {
    queues: queuesOf(reader),
    onUnknown: reader.word("on-unknown", ["hold", "redeliver"]),
    rate: {
      messagesPerSecond: amountOf(reader, "messages-per-second"),
      messagesPerMinute: amountOf(reader, "messages-per-minute"),
      recipientsPerMinute: amountOf(reader, "recipients-per-minute"),
      recipientsPerDay: amountOf(reader, "recipients-per-day"),
    },
  };
}

function queuesOf(reader: TableReader<AccountKey>): boolean {
  const value = reader.value("queue");
  if (reader.has("queue") && typeof value !== "boolean")
    reader.problem("queue", "queue is neither true nor false", "Write queue = true, without quotes, or leave it out");
  return value === true;
}

function amountOf(reader: TableReader<AccountKey>, key: AccountKey): number | undefined {
  const remedy = `Write ${key} = 10, as your provider allows`;
  const amount = reader.number(key, remedy);
  if (amount === undefined || (Number.isSafeInteger(amount) && amount >= 1)) return amount;
  reader.problem(key, `${key} is not a whole number of at least 1`, remedy);
  return undefined;
}

/** Of two rates of one kind the outbox keeps only one. */
function refuseBoth(reader: TableReader<AccountKey>, one: AccountKey, other: AccountKey): void {
  if (reader.has(one) && reader.has(other))
    reader.problem(other, `${one} and ${other} exclude each other`, "Keep the one that your provider names");
}
