/** `postseal lab serve`: runs the impostor of one vector, for a client that is started by hand. */
import {
  canaries,
  type ConversationEvent,
  followImpostor,
  formatEntry,
  formatServeOpening,
  type Impostor,
  startImpostor,
} from "@postseal/lab";
import type { Arguments } from "../arguments.ts";
import { output } from "../output.ts";
import { exits } from "../result/exits.ts";
import { paperOf } from "./paper.ts";
import { ADDRESS, portOf, stand } from "./stand.ts";
import { vectorOf } from "./vector.ts";
import { type ServeOption, labOptions } from "./options.ts";
import { type Subcommand, subcommand } from "../subcommand.ts";

export const serve: Subcommand = subcommand({
  options: labOptions.serve,
  run: serveVector,
});

async function serveVector(given: Arguments<ServeOption>): Promise<number> {
  const vector = vectorOf(given.one("vector"));
  const port = portOf(given, "port");
  const paper = paperOf(output);
  await stand(async ({ authority, authorityFile }) => {
    const onEvent = (event: ConversationEvent): void => {
      output.page(formatEntry(event, paper));
    };
    const impostor: Impostor = await startImpostor(vector, {
      authority,
      canaries,
      listen: { address: ADDRESS, ...(port === undefined ? {} : { port }) },
      ...followImpostor({ vector, canaries, transcript: () => impostor.transcript, onEvent }),
    });
    const opening = { vector, canaries, address: ADDRESS, port: impostor.port, authorityFile };
    output.page(`${formatServeOpening(opening, paper)}Ctrl-C ends it.\n\n`);
    return impostor;
  });
  return exits.done.code;
}
