/** What is printed before a conversation: the attack, and how to lead a client to it. */
import { hostOf } from "../authority/certificate.ts";
import { type Attack, wiretap } from "../interceptor/attack.ts";
import type { Upstream } from "../interceptor/passage.ts";
import type { Transport, Vector } from "../vectors/vector.ts";
import type { Canaries } from "../verdict/canary.ts";
import { type Paper, paint, wrap } from "./layout.ts";
import { visible } from "./visible-text.ts";

interface Listening {
  /** The IPv4 address to listen on. */
  readonly address: string;
  readonly port: number;
  /** The file that holds the lab's authority, in PEM. */
  readonly authorityFile: string;
}

export interface ServeOpening extends Listening {
  readonly vector: Pick<Vector, "id" | "title" | "attack" | "duty" | "transport" | "reference">;
  readonly canaries: Canaries;
}

export interface ProxyOpening extends Listening {
  readonly attack: Attack;
  readonly upstream: Upstream;
}

/** A label and its text. */
type Row = readonly [label: string, text: string];

export function formatServeOpening({ vector, canaries, ...listening }: ServeOpening, paper: Paper): string {
  const { address, authorityFile } = listening;
  const host = hostOf(vector.reference, address);
  return page(
    vector,
    paper,
    "Send a message with your client. These words occur nowhere else: if one is seen, it has leaked.",
    [
      ["host", host === address ? host : `${host} at ${address}, ${LED}; most vectors do with ${address} as a name`],
      ["port", portOf(listening, vector.transport)],
      ["authority", `${authorityFile}, which only this client should trust`],
      ["user", canaries.username],
      ["password", canaries.password],
      ["from", canaries.sender],
      ["to", canaries.recipient],
      ["text", canaries.body],
    ],
  );
}

export function formatProxyOpening({ attack, upstream, ...listening }: ProxyOpening, paper: Paper): string {
  const { endsTls, upgrades } = attack.moves;
  const staysClear = attack !== wiretap && endsTls !== true && upgrades !== true;
  return page(
    attack,
    paper,
    "Use your client as usual, but lead it here. Its login and its messages are counted, and neither shown nor kept.",
    [
      [
        "host",
        upstream.host === listening.address ? upstream.host : `${upstream.host} at ${listening.address}, ${LED}`,
      ],
      ["port", portOf(listening, upstream.transport)],
      ["server", `${upstream.host} port ${upstream.port}, with the client's own account`],
      ...(staysClear
        ? [["cleartext", "a login goes no further; an envelope and a message go on to the server"] as const]
        : []),
      ...(endsTls === true
        ? [
            [
              "authority",
              `${listening.authorityFile}. A correct client does not know it, and refuses. To look inside, let a client trust it`,
            ] as const,
          ]
        : []),
    ],
  );
}

const LED = "by the hosts file or by an option of the client";

function portOf({ port }: Listening, transport: Transport): string {
  return `${port}, ${transport === "starttls" ? "STARTTLS" : "TLS from the start"}`;
}

const COLUMN = 11;

function page(
  { id, title, attack, duty }: Pick<Vector, "id" | "title" | "attack" | "duty">,
  paper: Paper,
  invitation: string,
  rows: readonly Row[],
): string {
  const flush = { first: "", rest: "" };
  const lines = [
    ...wrap(visible(`${id}: ${title}`), paper.columns, flush).map((line) => paint(line, "strong", paper)),
    ...table(
      [
        ["attack", attack],
        ["duty", duty],
      ],
      paper,
    ),
    "",
    ...wrap(invitation, paper.columns, flush),
    ...table(rows, paper),
    "",
  ];
  return `${lines.join("\n")}\n`;
}

function table(rows: readonly Row[], { columns }: Paper): readonly string[] {
  return rows.flatMap(([label, text]) =>
    wrap(visible(text), columns, { first: label.padEnd(COLUMN), rest: " ".repeat(COLUMN) }),
  );
}
