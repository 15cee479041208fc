/** Counts refusals at MAIL for each account, over all workers, and stops the account when they are its own. */
import { afterRefusal, isOfAccount, MOST_REFUSED, refusalAtMail, tookSender } from "../model/sender-refusal.ts";
import type { Settlement } from "../store/operations.ts";
import { lockAccount } from "./account.ts";
import { type Handle, statement } from "./handle.ts";
import { number, text } from "./row.ts";

const counted = "select refusals, refusal, refused_id from outbox_account where name = ? and refusals > 0";
const counts = `
insert into outbox_account (name, refusals, refusal, refused_id) values (?1, ?2, ?3, ?4)
on conflict (name) do update set refusals = ?2, refusal = ?3, refused_id = ?4`;
const forgets = "update outbox_account set refusals = 0 where name = ? and refusals > 0";

/** Returns the settlement; if the refusal is the account's, one that leaves the message as it was. */
export function countRefusal(
  db: Handle,
  { account, id }: { readonly account: string; readonly id: string },
  settlement: Settlement,
): Settlement {
  const { recipients, reason = "" } = settlement;
  if (tookSender(recipients)) statement(db, forgets).run(account);
  const reply = settlement.ending === "finish" ? refusalAtMail(recipients) : undefined;
  if (reply === undefined) return settlement;
  const row = statement(db, counted).get(account);
  const before =
    row === undefined || row === null
      ? undefined
      : { count: number(row, "refusals"), reply: text(row, "refusal"), last: text(row, "refused_id") };
  const refusals = afterRefusal(before, id, reply);
  statement(db, counts).run(account, refusals.count, refusals.reply, refusals.last);
  if (!isOfAccount(refusals)) return settlement;
  lockAccount(
    db,
    account,
    `its server refused ${MOST_REFUSED} messages in a row at MAIL with the same reply: ${reason}`,
  );
  const open = recipients.map((recipient) => ({ ...recipient, outcome: "pending" as const }));
  return { ...settlement, ending: "release", recipients: open };
}
