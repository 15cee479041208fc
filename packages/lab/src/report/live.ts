/** Follows a running impostor: reports each piece with its leaks, and each connection with its verdict. */
import type { ImpostorOptions } from "../impostor/impostor.ts";
import type { Vector } from "../vectors/vector.ts";
import type { Canaries } from "../verdict/canary.ts";
import { type ConnectionTranscript, type Transcript, said } from "../verdict/transcript.ts";
import { isSealed, judge } from "../verdict/verdict.ts";
import type { ConversationEvent } from "./conversation.ts";
import { findLeaks } from "../verdict/leaks.ts";
import { terms } from "./outcome-terms.ts";

export interface LiveOptions {
  readonly vector: Vector;
  readonly canaries: Canaries;
  /** The impostor's transcript. A function, since there is none before the impostor has started. */
  readonly transcript: () => Transcript;
  readonly onEvent: (event: ConversationEvent) => void;
}

export function followImpostor(options: LiveOptions): Required<Pick<ImpostorOptions, "onEntry" | "onEnd">> {
  const { vector, canaries, transcript, onEvent } = options;
  let accepted = 0;
  return {
    onEntry: (connection, { by, channel, text }) => {
      const heard = transcript().connections[connection];
      const server = textOf(heard, channel);
      const isSafe = by === "server" || isSealed(vector, heard?.turn ?? 0, channel);
      // Only the leaks within one piece: the verdict looks at all pieces together.
      const leaks = isSafe ? [] : findLeaks({ client: text, server }, canaries);
      onEvent({ kind: "entry", connection, entry: { by, channel, text, leaks } });
    },
    onEnd: (connection) => {
      const { connections, messages } = transcript();
      const alone = connections.map((each, at) => (at === connection ? each : { ...each, entries: [] }));
      const { verdict, findings } = judge(
        { connections: alone, messages: messages.slice(accepted) },
        { vector, canaries, claim: undefined },
      );
      accepted = messages.length;
      const found = findings.map(({ evidence }) => evidence.slice(evidence.indexOf(": ") + 2));
      const isSilent = !hasSpoken(connections[connection]);
      onEvent({
        kind: "judged",
        connection,
        outcome: isSilent ? "inconclusive" : verdict,
        evidence:
          found.length > 0 ? found : [isSilent ? "the client has said nothing" : holding(connections[connection])],
        duty: vector.duty,
      });
    },
  };
}

/** The evidence if nothing leaked. */
function holding(connection: ConnectionTranscript | undefined): string {
  const isBroken = connection?.handshake === "started" || connection?.handshake === "failed";
  return `${isBroken ? "the handshake was not completed, and " : ""}${terms.held.meaning}`;
}

function textOf(connection: ConnectionTranscript | undefined, channel: "clear" | "tls"): string {
  return connection === undefined ? "" : said(connection, "server", channel);
}

function hasSpoken(connection: ConnectionTranscript | undefined): boolean {
  if (connection === undefined) return false;
  return connection.handshake !== "none" || connection.entries.some(({ by }) => by === "client");
}
