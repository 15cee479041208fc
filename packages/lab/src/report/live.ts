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
      const doubt = verdict === "held" ? doubtAbout(vector, connections[connection]) : undefined;
      onEvent({
        kind: "judged",
        connection,
        outcome: doubt === undefined ? verdict : "inconclusive",
        evidence: found.length > 0 ? found : [doubt ?? holding(connections[connection])],
        duty: vector.duty,
      });
    },
  };
}

/** A client that is led here by hand may say nothing, or give away words that nobody looks for. Neither proves that it holds. */
function doubtAbout(vector: Vector, connection: ConnectionTranscript | undefined): string | undefined {
  if (connection === undefined || !hasSpoken(connection)) return "the client has said nothing";
  const readable = (["clear", "tls"] as const)
    .filter((channel) => !isSealed(vector, connection.turn, channel))
    .map((channel) => said(connection, "client", channel));
  return readable.some((text) => OWN_WORDS.test(text))
    ? "nothing is proved: the client gave a login or an address away, and not the words above. Use those, and try again"
    : undefined;
}

/** A response in AUTH or in the line after it that is no command, or an address. */
const OWN_WORDS =
  /^(?:AUTH [A-Z0-9-]{1,20}(?: [^\s]|\r\n(?!QUIT|RSET|NOOP|EHLO|HELO|\*)[^\s])|(?:MAIL FROM|RCPT TO): ?<[^>\s])/im;

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
