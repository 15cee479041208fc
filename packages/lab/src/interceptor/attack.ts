/** What can be done to a connection from the middle, as plain values: the proxy does what stands in the row, and nothing else. */
import type { Transport } from "../vectors/vector.ts";
import { vectorNamed } from "../vectors/index.ts";

export interface Attack {
  /** What `--attack` names. */
  readonly id: string;
  readonly title: string;
  readonly attack: string;
  readonly duty: string;
  /** The vectors in which the impostor does the same. */
  readonly vectors: readonly string[];
  readonly transports: readonly Transport[];
  readonly moves: Moves;
}

/** Where all of it is left out, everything passes as it is. */
export interface Moves {
  /** Takes STARTTLS off the EHLO reply in clear, and says 502 to a client that asks for it all the same. */
  readonly strips?: true;
  /** Adds AUTH to the EHLO reply in clear, unless it is there. */
  readonly tempts?: true;
  /** Replies of the proxy to a command in clear that the server never hears. */
  readonly answers?: Readonly<Partial<Record<"EHLO" | "STARTTLS", string>>>;
  /** Said to the client in the same write as the server's 220 to STARTTLS. */
  readonly behindGo?: string;
  /** Said to the server in the same write as the client's STARTTLS. */
  readonly behindStartTls?: string;
  /** TLS of the client ends at the proxy, and another begins there. */
  readonly endsTls?: true;
  /** Takes every mechanism with -PLUS off the AUTH line. */
  readonly stripsPlus?: true;
  /** The proxy goes over to TLS with the server by itself, while the client is in clear. */
  readonly upgrades?: true;
}

const NOT_OFFERED = "502 5.5.1 Command not implemented\r\n";
export const TEMPTATION = "AUTH PLAIN LOGIN";

/** A connection that nobody attacks. */
export const wiretap: Attack = {
  id: "none",
  title: "a plain wiretap",
  attack: "Nothing: everything passes as it is.",
  duty: "Go over to TLS before a login, an envelope or a message is said.",
  vectors: ["H-starttls", "H-implicit"],
  transports: ["starttls", "implicit"],
  moves: {},
};

export const attacks: readonly Attack[] = [
  wiretap,
  asIn("A1-removed", {
    id: "strip",
    title: "STARTTLS removed from the EHLO reply",
    moves: { strips: true, answers: { STARTTLS: NOT_OFFERED } },
  }),
  asIn("A1-removed-auth", {
    id: "strip-and-tempt",
    title: "STARTTLS removed from the EHLO reply, and AUTH PLAIN LOGIN dangled",
    moves: { strips: true, tempts: true, answers: { STARTTLS: NOT_OFFERED } },
  }),
  asIn("A3-454", {
    id: "refuse",
    title: "STARTTLS refused: 454, and AUTH PLAIN LOGIN dangled",
    moves: { tempts: true, answers: { STARTTLS: "454 4.7.0 TLS not available due to temporary reason\r\n" } },
  }),
  asIn("A2-200", {
    id: "invalid-reply",
    title: "STARTTLS answered by 200, and AUTH PLAIN LOGIN dangled",
    moves: { tempts: true, answers: { STARTTLS: "200 go\r\n" } },
  }),
  asIn("A4-502", {
    id: "downgrade",
    title: "EHLO refused, so that the client says HELO",
    moves: { answers: { EHLO: NOT_OFFERED, STARTTLS: NOT_OFFERED } },
  }),
  {
    ...asIn("C1-unknown-authority", {
      id: "intercept",
      title: "TLS ended here, with a certificate of the lab's authority",
      moves: { endsTls: true },
    }),
    vectors: ["C1-unknown-authority", "C-implicit-unknown-authority"],
    transports: ["starttls", "implicit"],
  },
  {
    id: "strip-plus",
    title: "TLS ended here, and every mechanism with channel binding taken off the AUTH line",
    attack:
      "Stand in for the server with a certificate of an authority that the client trusts, and hide that the server can bind a login to its TLS.",
    duty: "Refuse the certificate. Where its authority is trusted, SCRAM says by the flag y that no -PLUS was offered, and the server refuses it.",
    vectors: ["C1-unknown-authority", "C-implicit-unknown-authority"],
    transports: ["starttls", "implicit"],
    moves: { endsTls: true, stripsPlus: true },
  },
  asIn("B1-same-segment", {
    id: "inject",
    title: "an EHLO reply in the same write as the 220",
    moves: { behindGo: "250-smtp.example.test\r\n250 AUTH PLAIN\r\n" },
  }),
  asIn("B1-command", {
    id: "inject-command",
    title: "a command added behind the client's STARTTLS",
    moves: { behindStartTls: "NOOP\r\n" },
  }),
  {
    ...asIn("A1-removed-auth", {
      id: "relay-clear",
      title: "STARTTLS removed for the client, and TLS to the server: its AUTH works in clear",
      moves: { strips: true, upgrades: true, answers: { STARTTLS: NOT_OFFERED } },
    }),
    attack:
      "Go over to TLS with the server alone, and pass on in it what a client says in clear: its login works, and its mail arrives.",
  },
];

/** By its id, which has to exist. */
export function attackNamed(id: string): Attack {
  const found = attacks.find((attack) => attack.id === id);
  if (found === undefined)
    throw new TypeError(`there is no attack ${id}: there are ${attacks.map((attack) => attack.id).join(", ")}`);
  return found;
}

/** Attack and duty are the vector's: one truth for both. */
function asIn(vector: string, row: Pick<Attack, "id" | "title" | "moves">): Attack {
  const { attack, duty } = vectorNamed(vector);
  return { ...row, attack, duty, vectors: [vector], transports: ["starttls"] };
}
