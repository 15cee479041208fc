/** Variables that weaken every program of a process, whatever its own settings are. */
import type { Finding } from "../draft.ts";
import { always, meanings, oneOf } from "../settings/meaning.ts";
import { sorted } from "../settings/sorted.ts";
import { readVariables } from "../settings/variables.ts";

const table = meanings({
  NODE_TLS_REJECT_UNAUTHORIZED: oneOf(
    /^0$/,
    "unsafe",
    "no client of the process checks a certificate",
    "Certificates are verified, whatever it says",
  ),
  PYTHONHTTPSVERIFY: oneOf(/^0$/, "unsafe", "clients of the process check no certificate", "Certificates are verified"),
  NODE_EXTRA_CA_CERTS: always(
    "left-out",
    "an authority for every client of the process",
    "Write its path into ca (as well as the public ones) or ca-only (instead of them)",
  ),
});

export function foundEverywhere(text: string): readonly Finding[] {
  return sorted(readVariables(text), { meanings: table, usual: { security: "implicit", said: "" } }).findings;
}
