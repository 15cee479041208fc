/** What a certificate says, as data. A sheet has only what is unusual; `forge.ts` fills in everything else. */
import type { Name } from "./general-name.ts";

export type Usage = "signature" | "encipherment" | "agreement" | "certificates" | "lists";
export type Purpose = "server" | "client" | "code" | "email" | "stamping" | "any" | "microsoft-sgc" | "netscape-sgc";

export interface Sheet {
  readonly names?: readonly Name[];
  readonly namesAreCritical?: boolean;
  /** basicConstraints. `unsaid` leaves the extension out. */
  readonly authority?: boolean | "unsaid";
  readonly basicIsCritical?: boolean;
  readonly pathLength?: number;
  /** keyUsage. Empty leaves the extension out. */
  readonly usages?: readonly Usage[];
  /** extKeyUsage. Empty leaves the extension out. */
  readonly purposes?: readonly Purpose[];
  readonly purposesAreCritical?: boolean;
  readonly permit?: readonly Name[];
  readonly exclude?: readonly Name[];
  readonly constraintsAreCritical?: boolean;
  /** Other extensions: object identifier, criticality, value. */
  readonly extensions?: readonly (readonly [oid: string, critical: boolean, hex: string])[];
  /** A number counts days from now. */
  readonly from?: number | Date;
  readonly until?: number | Date;
  readonly hash?: "SHA-256" | "SHA-384" | "SHA-1";
  /** Hexadecimal. */
  readonly serial?: string;
  readonly subjectKeyIdentifier?: "none" | "critical" | "wrong";
  readonly authorityKeyIdentifier?: "none" | "critical" | "wrong";
}
