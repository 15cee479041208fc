/** `postseal outbox show`: all that is known of a message. */
import type { AttemptFacts, Details, RecipientFate, State } from "@postseal/outbox";
import { amountOf } from "../amount.ts";
import type { Arguments } from "../arguments.ts";
import { CommandError } from "../command-error.ts";
import { output } from "../output.ts";
import { exits } from "../result/exits.ts";
import { type Row, writeRows } from "../result/rows.ts";
import { type Subcommand, subcommand } from "../subcommand.ts";
import { formatMoment } from "./moment.ts";
import { withOutbox } from "./opening.ts";
import { outboxOptions, type PlaceOption } from "./options.ts";
import { existingOutbox } from "./outbox-file.ts";
import { idOf } from "./search.ts";
import { ID, replyText, STATE_COLOURS, tellFacts, reasonText } from "./telling.ts";

export const show: Subcommand = subcommand({
  options: outboxOptions.show,
  operand: { label: "ID", takes: "word" },
  run: showMessage,
});

async function showMessage(given: Arguments<PlaceOption>): Promise<number> {
  const id = idOf(given.words, "show");
  const details = await withOutbox(await existingOutbox(given), {}, (outbox) => outbox.show(id));
  if (details.length === 0) throw noSuchMessage();
  if (given.has("json")) return tellFacts({ details: details.map(withSeals) });
  writeRows(output, details.flatMap(rowsOf), STATE_COLOURS, ID);
  return exits.done.code;
}

/** There is no message with this id. */
export function noSuchMessage(): CommandError {
  return new CommandError(
    "OUTBOX_BODY_GONE",
    "there is no message with this id. It may have been purged: what ended is forgotten after 30 days",
  );
}

function withSeals({ attempts, ...rest }: Details): object {
  return { ...rest, attempts: attempts.map(({ seal, ...attempt }) => ({ ...attempt, seal: sealOf(seal) })) };
}

function sealOf(text: string | undefined): unknown {
  return text === undefined ? undefined : JSON.parse(text);
}

function rowsOf({ message, attempts, hasBody }: Details): readonly Row[] {
  const { id, part, state, reason, sender, recipients, account, stream, key, tags } = message;
  const optional: readonly (readonly [label: string, value: string | undefined])[] = [
    ["reason", reason && reasonText(reason)],
    ["Message-ID", message.messageId],
    ["key", key],
    ["tags", tags.length === 0 ? undefined : tags.join(", ")],
    ["ended", message.settled === undefined ? undefined : formatMoment(message.settled)],
  ];
  return [
    ["message", part === 0 ? id : `${id}, part ${part + 1}`],
    [state, whenOf(message)],
    ["from", sender === "" ? "<>" : sender],
    ...recipients.map(recipientRow),
    ["account", `${account}, stream ${stream}`],
    ["queued", `${formatMoment(message.created)}, ${amountOf(message.size)}${hasBody ? "" : "; its octets are gone"}`],
    ...optional.flatMap(([label, value]): readonly Row[] => (value === undefined ? [] : [[label, value]])),
    ...attempts.map(attemptRow),
  ];
}

const MEANINGS: Readonly<Record<State, string>> = {
  waiting: "",
  leased: "a worker has it; nothing of its end is handed over",
  marked: "a worker hands it over, or waits for the answer",
  done: "every recipient is decided",
  held: "somebody has to decide: postseal outbox explain says what",
  dead: "it will not be sent any more",
  cancelled: "it was taken back, and will not be sent any more",
};

function whenOf({ state, due, expires }: Details["message"]): string {
  return state === "waiting" ? `due ${formatMoment(due)}, expires ${formatMoment(expires)}` : MEANINGS[state];
}

function recipientRow({ address, outcome, ...reply }: RecipientFate): Row {
  const said = replyText(reply);
  return [outcome, said === "" ? address : `${address} (${said})`];
}

function attemptRow({ token, marked, ended, ending, reason, seal }: AttemptFacts): Row {
  const facts = [
    ending ?? "under way",
    ...(marked === undefined ? [] : [`handed over ${formatMoment(marked)}`]),
    ...(ended === undefined ? [] : [`ended ${formatMoment(ended)}`]),
    ...(reason === undefined ? [] : [reasonText(reason)]),
    ...(seal === undefined ? [] : [sealText(seal)]),
  ];
  return [`attempt ${token}`, facts.join("; ")];
}

function sealText(text: string): string {
  const seal: unknown = JSON.parse(text);
  const fact = (name: string): string =>
    typeof seal === "object" && seal !== null ? String(Reflect.get(seal, name)) : "";
  return `sealed by ${fact("protocol")} with ${fact("serverName")}`;
}
