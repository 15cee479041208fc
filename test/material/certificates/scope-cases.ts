/** Name constraints in the shapes of BetterTLS: the names of a leaf, crossed with what its authority may vouch for. */
import type { Name } from "@postseal/lab";
import type { Verdict } from "../difference.ts";
import type { Case } from "./sheet.ts";

/** A name: none, the dialled one or another; a constraint: none, or one that covers the dialled name or the other. */
type Value = "absent" | "dialled" | "other";

const DNS = { dialled: "smtp.example.test", other: "bad.example.com" } as const;
const IP = { dialled: "192.0.2.1", other: "198.51.100.1" } as const;
const TREES = { dialled: "example.test", other: "example.com" } as const;
const RANGES = { dialled: "192.0.2.0/255.255.255.0", other: "198.51.100.0/255.255.255.0" } as const;

interface Scope {
  readonly permitDns: Value;
  readonly excludeDns: Value;
  readonly permitIp: Value;
  readonly excludeIp: Value;
}

const VALUES: readonly Value[] = ["absent", "dialled", "other"];
const NONE: Scope = { permitDns: "absent", excludeDns: "absent", permitIp: "absent", excludeIp: "absent" };

/** No constraint, each one alone, permitted and excluded of one kind together, and the same of both kinds. */
const scopes: readonly Scope[] = [
  NONE,
  ...VALUES.slice(1).flatMap((value): readonly Scope[] => [
    { ...NONE, permitDns: value },
    { ...NONE, excludeDns: value },
    { ...NONE, permitIp: value },
    { ...NONE, excludeIp: value },
    { ...NONE, permitDns: value, permitIp: value },
    { ...NONE, excludeDns: value, excludeIp: value },
    { ...NONE, permitDns: "dialled", excludeDns: value },
    { ...NONE, permitIp: "dialled", excludeIp: value },
  ]),
];

function right(host: "dns" | "ip", dns: Value, ip: Value, scope: Scope): Verdict {
  if ((host === "dns" ? dns : ip) !== "dialled") return "refused";
  return keeps(dns, scope.permitDns, scope.excludeDns) && keeps(ip, scope.permitIp, scope.excludeIp)
    ? "accepted"
    : "refused";
}

/** RFC 5280 section 6.1.3 (b) and (c): every name counts, not only the dialled one. */
function keeps(name: Value, permit: Value, exclude: Value): boolean {
  return name === "absent" || ((permit === "absent" || permit === name) && exclude !== name);
}

function names(
  kind: "dns" | "ip",
  value: Value,
  values: Readonly<Record<"dialled" | "other", string>>,
): readonly Name[] {
  return value === "absent" ? [] : [[kind, values[value]]];
}

export const scopeCases: readonly Case[] = scopes.flatMap((scope) =>
  VALUES.flatMap((dns) =>
    VALUES.flatMap((ip) =>
      (["dns", "ip"] as const).map((host): Case => ({
        id: `scope-matrix/${host}-dialled/dns-${dns}/ip-${ip}/${described(scope)}`,
        rule: "RFC 5280 section 6.1.3 (b) and (c), RFC 9525 section 6",
        right: right(host, dns, ip, scope),
        chain: {
          authorities: [
            {
              permit: [...names("dns", scope.permitDns, TREES), ...names("ip", scope.permitIp, RANGES)],
              exclude: [...names("dns", scope.excludeDns, TREES), ...names("ip", scope.excludeIp, RANGES)],
            },
          ],
          leaf: { names: [...names("dns", dns, DNS), ...names("ip", ip, IP)] },
        },
        host: host === "dns" ? DNS.dialled : IP.dialled,
      })),
    ),
  ),
);

function described(scope: Scope): string {
  const said = Object.entries(scope).filter(([, value]) => value !== "absent");
  return said.length === 0 ? "unconstrained" : said.map(([name, value]) => `${name}-${value}`).join("-");
}
