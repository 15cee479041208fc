/** What a certificate says, for the person who reads an error: names, dates, and whether it is an authority's. */
import type { X509Certificate } from "node:crypto";
import { shown } from "../errors/shown.ts";
import type { UnverifiedReason } from "../errors/tls-error.ts";
import { commonNameIn } from "../policy/self-signed.ts";

/** The names that it proves, without the words of X.509. */
export function namesOf({ subject, subjectAltName }: X509Certificate): string {
  if (subjectAltName !== undefined) return subjectAltName.replace(/(^|, )(?:DNS|IP Address):/g, "$1");
  const common = /^CN=(.*)$/m.exec(subject)?.[1];
  return common === undefined
    ? "no name at all"
    : `no name: it has only the common name "${common}", which does not count (RFC 9525)`;
}

/** Since when, or from when on; `undefined` if that is not what is wrong with this certificate. */
export function whenOf(reason: UnverifiedReason, { validFromDate, validToDate }: X509Certificate): string | undefined {
  const now = new Date();
  if (reason === "expired")
    return validToDate < now
      ? `its certificate expired on ${minute(validToDate)}; now it is ${minute(now)}`
      : "the certificate of an authority on its path has expired";
  if (reason === "not-yet-valid" && validFromDate > now)
    return `its certificate is valid only from ${minute(validFromDate)}, and this machine's clock says ${minute(now)}, which may be wrong`;
  return undefined;
}

/** What the caller gave as an authority, and that is no root. */
export function roleOf({ subject, issuer, ca }: X509Certificate): string {
  const [name, by] = [shown(commonNameIn(subject)), shown(commonNameIn(issuer))];
  return ca
    ? `the authority "${name}" (tls.ca), which is no root: it was issued by "${by}"`
    : `the certificate of the server "${name}" (tls.ca), which is no authority: it was issued by "${by}"`;
}

function minute(date: Date): string {
  return Number.isNaN(date.getTime())
    ? "a date that cannot be read"
    : `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
