/** Certificates that form more than one path, in the shapes of BetterTLS and RFC 4158: is the good path found? */
import { certify, type Party, privateKeyOf } from "./forge.ts";
import type { Shown } from "./meet.ts";
import type { Verdict } from "../difference.ts";
import type { Sheet } from "./sheet.ts";

/** Issuer and subject, by their names. `root` is trusted, `leaf` is the server. */
type Edge = readonly [issuer: string, subject: string];

/** Flaws that make a certificate of the graph useless. */
type Flaw =
  | "expired"
  | "not-yet-valid"
  | "out-of-scope"
  | "for-email"
  | "no-basic-constraints"
  | "no-authority"
  | "sha1";

const FLAWS: Readonly<Record<Flaw, Sheet>> = {
  expired: { from: -20, until: -1 },
  "not-yet-valid": { from: 1 },
  "out-of-scope": { permit: [["dns", "example.com"]] },
  "for-email": { purposes: ["email"] },
  "no-basic-constraints": { authority: "unsaid" },
  "no-authority": { authority: false, usages: ["certificates"], purposes: [] },
  sha1: { hash: "SHA-1" },
};

interface GraphCase {
  readonly id: string;
  readonly right: Verdict;
  /** In the order in which they are sent. */
  readonly edges: readonly Edge[];
  readonly bad: readonly Edge[];
  readonly flaw: Flaw;
}

/** RFC 4158 sections 2.3 and 2.4: from one line of authorities to a bridge between four roots. */
const graphs: Readonly<Record<string, readonly Edge[]>> = {
  line: [
    ["a", "leaf"],
    ["root", "a"],
  ],
  "two-roots": [
    ["a", "leaf"],
    ["root", "a"],
    ["stranger", "a"],
  ],
  "cross-signed": [
    ["b", "leaf"],
    ["c", "b"],
    ["a", "b"],
    ["c", "a"],
    ["a", "c"],
    ["root", "c"],
    ["root", "a"],
  ],
  bridge: [
    ["n", "leaf"],
    ["l", "n"],
    ["x", "l"],
    ["bridge", "x"],
    ["x", "bridge"],
    ["y", "bridge"],
    ["bridge", "y"],
    ["root", "bridge"],
    ["bridge", "z"],
  ],
};

export async function showGraph({ edges, bad, flaw }: GraphCase): Promise<Shown> {
  const party = (name: string): Party => ({ name: `Material ${name}`, label: `graph ${name}` });
  const root = party("root");
  const leaves: string[] = [];
  const others: string[] = [];
  for (const edge of edges) {
    const [issuer, subject] = edge;
    const sheet: Sheet = bad.includes(edge) ? FLAWS[flaw] : {};
    if (subject === "leaf")
      leaves.push(await certify(party("leaf"), party(issuer), { names: [["dns", "smtp.example.test"]], ...sheet }));
    else others.push(await certify(party(subject), party(issuer), { authority: true, ...sheet }));
  }
  return {
    certificates: [...leaves, ...others],
    key: await privateKeyOf("graph leaf"),
    trusted: [await certify(root, root, { authority: true })],
  };
}

/** Cases with each certificate bad, and each pair of them, sent in two orders. `chain-cases.ts` has the cases with only a bad leaf. */
export function graphCases(): readonly GraphCase[] {
  return Object.entries(graphs).flatMap(([graph, edges]) => {
    const authorities = edges.filter(([, subject]) => subject !== "leaf");
    const singles = authorities.map((edge) => [edge]);
    const pairs = authorities.flatMap((one, index) => authorities.slice(index + 1).map((two) => [one, two]));
    return (["forth", "back"] as const).flatMap((order) => {
      const sent = order === "forth" ? edges : [...edges.slice(0, 1), ...authorities.toReversed()];
      const make = (flaw: Flaw, bad: readonly Edge[]): GraphCase => ({
        id: `graph/${graph}/${order}/${flaw}/${bad.length === 0 ? "none" : bad.map(([issuer, subject]) => `${issuer}-${subject}`).join("+")}`,
        right: reaches(edges, bad) ? "accepted" : "refused",
        edges: sent,
        bad,
        flaw,
      });
      return [
        make("expired", []),
        ...(graph === "bridge" ? flaws.slice(0, 3) : flaws).flatMap((flaw) => singles.map((bad) => make(flaw, bad))),
        ...(graph === "bridge" ? [] : pairs.map((bad) => make("expired", bad))),
      ];
    });
  });
}

const flaws: readonly Flaw[] = [
  "expired",
  "out-of-scope",
  "no-authority",
  "not-yet-valid",
  "for-email",
  "no-basic-constraints",
  "sha1",
];

/** Whether good certificates form a path from the root to the leaf. */
function reaches(edges: readonly Edge[], bad: readonly Edge[]): boolean {
  const reached = new Set(["root"]);
  for (const _ of edges) {
    for (const edge of edges) if (!bad.includes(edge) && reached.has(edge[0])) reached.add(edge[1]);
  }
  return reached.has("leaf");
}
