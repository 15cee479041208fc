/** The attacks on a connection from the middle, as plain values: the proxy makes the moves in the row, and no others. */
import type { Transport } from "../vectors/vector.ts";
import { vectorNamed } from "../vectors/index.ts";

export interface Attack {
  /** The name for `--attack`. */
  readonly id: string;
  readonly title: string;
  readonly attack: string;
  readonly duty: string;
  /** The vectors in which the impostor makes the same attack. */
  readonly vectors: readonly string[];
  readonly transports: readonly Transport[];
  readonly moves: Moves;
}

/** How the proxy changes the conversation; without any of these it passes everything unchanged. */
export interface Moves {
  /** Removes STARTTLS from the EHLO reply in the clear. */
  readonly strips?: true;
  /** Adds AUTH to the EHLO reply in the clear, unless it is there. */
  readonly tempts?: true;
  /** The proxy's own replies to commands in the clear, which the server never gets. */
  readonly answers?: Readonly<Partial<Record<"EHLO" | "STARTTLS", string>>>;
  /** Sent to the client in the same write as the server's 220 to STARTTLS. */
  readonly afterGo?: string;
  /** Sent to the server in the same write as the client's STARTTLS. */
  readonly afterStartTls?: string;
  /** Ends the client's TLS at the proxy, which speaks its own TLS to the server. */
  readonly endsTls?: true;
  /** Removes every -PLUS mechanism from the AUTH line. */
  readonly stripsPlus?: true;
  /** The proxy starts TLS with the server by itself, while the client stays in the clear. */
  readonly upgrades?: true;
}

const NOT_OFFERED = "502 5.5.1 Command not implemented\r\n";
export const TEMPTATION = "AUTH PLAIN LOGIN";

/** No attack: the proxy only listens. */
export const wiretap: Attack = {
  id: "none",
  title: "a plain wiretap",
  attack: "Nothing: everything passes unchanged.",
  duty: "Start TLS before sending a login, an envelope or a message.",
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
      title: "TLS ended at the proxy, with a certificate of the lab's authority",
      moves: { endsTls: true },
    }),
    vectors: ["C1-unknown-authority", "C-implicit-unknown-authority"],
    transports: ["starttls", "implicit"],
  },
  {
    id: "strip-plus",
    title: "TLS ended at the proxy, and every mechanism with channel binding removed from the AUTH line",
    attack:
      "Stand in for the server with a certificate of an authority that the client trusts, and hide that the server can bind a login to its TLS.",
    duty: "Refuse the certificate. If its authority is trusted, SCRAM's flag y says that no -PLUS was offered, and the server refuses the login.",
    vectors: ["C1-unknown-authority", "C-implicit-unknown-authority"],
    transports: ["starttls", "implicit"],
    moves: { endsTls: true, stripsPlus: true },
  },
  asIn("B1-same-segment", {
    id: "inject",
    title: "an EHLO reply in the same write as the 220",
    moves: { afterGo: "250-smtp.example.test\r\n250 AUTH PLAIN\r\n" },
  }),
  asIn("B1-command", {
    id: "inject-command",
    title: "a command added after the client's STARTTLS",
    moves: { afterStartTls: "NOOP\r\n" },
  }),
  {
    ...asIn("A1-removed-auth", {
      id: "relay-clear",
      title: "STARTTLS removed for the client, and TLS to the server: the client's AUTH works in the clear",
      moves: { strips: true, upgrades: true, answers: { STARTTLS: NOT_OFFERED } },
    }),
    attack:
      "Start TLS only with the server, and pass on inside it what the client says in the clear: its login works, and its mail arrives.",
  },
];

/** Throws for an unknown id. */
export function attackNamed(id: string): Attack {
  const found = attacks.find((attack) => attack.id === id);
  if (found === undefined)
    throw new TypeError(`there is no attack ${id}; the attacks are ${attacks.map((attack) => attack.id).join(", ")}`);
  return found;
}

/** With the attack and the duty of the vector, so that both are written once. */
function asIn(vector: string, row: Pick<Attack, "id" | "title" | "moves">): Attack {
  const { attack, duty } = vectorNamed(vector);
  return { ...row, attack, duty, vectors: [vector], transports: ["starttls"] };
}
