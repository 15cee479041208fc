/** The domain of a mailbox (RFC 5321 section 4.1.2): a host name, which becomes A-labels, or an address literal. */
import { InputError } from "../errors/input-error.ts";
import { shown } from "../errors/shown.ts";
import { NORMALISED, toALabel } from "../wire/a-label.ts";
import { isAddressLiteral } from "./address-literal.ts";

const LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/;
/** A last label that a resolver takes for part of an IPv4 address: `127.1`, `0x7f.1`. */
const NUMERIC = /^(?:[0-9]+|0[xX][0-9A-Fa-f]*)$/;
const LONGEST_LABEL = 63;
/** RFC 5321 section 4.5.3.1.2. */
const LONGEST = 255;

/** Domains that were judged and need no conversion: most mail goes to a few of them. */
const known = new Set<string>();
const MOST_KNOWN = 1000;

/** The last one found: the recipients of a message often share one. */
let latest = "";

/** The domain at `from` in `text`, if it was judged before and needs no conversion. */
export function knownDomain(text: string, from: number): string | undefined {
  if (text.length - from === latest.length && text.endsWith(latest)) return latest;
  const domain = text.slice(from);
  if (known.has(domain)) return (latest = domain);
  return undefined;
}

/** The domain for a command: unchanged, but with A-labels. Throws `InputError`. */
export function judgeDomain(domain: string, field: string): string {
  if (domain === "") throw new InputError("MAIL_INPUT_ADDRESS", field, "has no domain: write local-part@domain.");
  if (domain.length > LONGEST) throw refusal(field, domain, "is longer than 255 octets");
  if (domain.startsWith("[")) {
    if (isAddressLiteral(domain)) return domain;
    throw refusal(field, domain, "is not an address literal. Write [192.0.2.1] or [IPv6:2001:db8::1]");
  }
  const labels = domain.split(".").map((label) => aLabel(label, domain, field));
  if (NUMERIC.test(labels.at(-1) ?? "")) {
    throw refusal(field, domain, "ends in a number. Write an IP address as a literal: [192.0.2.1]");
  }
  const written = labels.join(".");
  if (written.length > LONGEST) throw refusal(field, domain, "is longer than 255 octets");
  if (written === domain && known.size < MOST_KNOWN) known.add(domain);
  return written;
}

function aLabel(label: string, domain: string, field: string): string {
  const written = toALabel(label);
  if (written === undefined)
    throw refusal(
      field,
      domain,
      `has a label, "${shown(label)}", that is another name once it is ${NORMALISED}${spelling(domain)}`,
    );
  if (written.length > LONGEST_LABEL || !LABEL.test(written)) {
    throw refusal(
      field,
      domain,
      written === ""
        ? domain.endsWith(".")
          ? "ends with a dot: leave it out"
          : "has an empty label: two dots in a row, or a dot at its beginning"
        : `has a label, "${shown(label)}", that is not 1 to 63 letters, digits and inner hyphens`,
    );
  }
  return written;
}

/** The dots of other scripts (RFC 3490 section 3.1), which separate labels for some programs and not for others. */
const OTHER_DOTS = /[\u3002\uff0e\uff61]/g;

/** How the domain is written, if it is a domain once it is normalised. We do not change it: that name may be somebody else's. */
function spelling(domain: string): string {
  const meant = domain.normalize("NFKC").replace(OTHER_DOTS, ".").toLowerCase();
  const isDomain = meant.split(".").every((label) => LABEL.test(toALabel(label) ?? ""));
  return isDomain ? `. If you mean "${shown(meant)}", write that` : "";
}

function refusal(field: string, domain: string, why: string): InputError {
  return new InputError("MAIL_INPUT_ADDRESS", field, `the domain "${shown(domain)}" ${why}.`);
}
