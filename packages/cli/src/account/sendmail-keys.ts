/** Reads the keys of an account that are about `postseal sendmail`. */
import type { AccountKey, AccountSendmail } from "./account.ts";
import { placeOf } from "./place.ts";
import type { TableReader } from "./table-reader.ts";

/** What holds if an account says nothing, or if POSTSEAL_URL names the server. */
export const usualSendmail: AccountSendmail = { mends: true, alwaysOwn: false, log: "syslog-if-any" };

export function sendmailOf(reader: TableReader<AccountKey>, file: string, from: readonly string[]): AccountSendmail {
  return { mends: mendsOf(reader), alwaysOwn: alwaysOwnOf(reader, from), log: logOf(reader, file) };
}

function mendsOf(reader: TableReader<AccountKey>): boolean {
  const value = reader.value("mend");
  if (reader.has("mend") && typeof value !== "boolean")
    reader.problem("mend", "mend is neither true nor false", "Write mend = false, without quotes, or leave it out");
  return value !== false;
}

function alwaysOwnOf(reader: TableReader<AccountKey>, from: readonly string[]): boolean {
  const isAlways = reader.word("sender", ["always"]) === "always";
  if (isAlways && from.every((address) => address.startsWith("@"))) {
    const what = 'sender = "always" needs an address to send from, and from has none';
    reader.problem("sender", what, 'Write from = ["alice@example.com"]');
  }
  return isAlways;
}

function logOf(reader: TableReader<AccountKey>, file: string): AccountSendmail["log"] {
  const remedy = 'Write log = "syslog", log = "none", or the path of a file: log = "~/sendmail.log"';
  const written = reader.text("log", remedy);
  if (written === undefined) return usualSendmail.log;
  if (written === "syslog" || written === "none") return written;
  if (!written.includes("/")) {
    reader.problem("log", `log has a value that is neither one of its words nor a path`, remedy);
    return usualSendmail.log;
  }
  return { path: placeOf(written, file) };
}
