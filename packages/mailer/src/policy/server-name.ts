/** The reference identifier (RFC 9525 section 6.1): which name or address the peer must prove. */
import { InputError } from "../errors/input-error.ts";
import { shown } from "../errors/shown.ts";
import { NORMALISED, toALabel } from "../wire/a-label.ts";

export type ServerName =
  | { readonly kind: "dns"; /** A-labels, lower case, no trailing dot. */ readonly name: string }
  | { readonly kind: "ip"; /** Without brackets. */ readonly name: string };

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
const IPV6 = /^[0-9a-f:.]{2,45}$/;

/**
 * Reads a host as people write it. U-labels become A-labels, and one trailing dot is dropped. Anything else that is not
 * plainly a name or an address is refused: a name that is cleaned up is another name.
 */
export function parseServerName(host: unknown, field: string): ServerName {
  if (typeof host !== "string") throw new InputError("MAIL_INPUT_URL", field, "a host is text");
  const bracketed = /^\[(.+)\]$/.exec(host)?.[1];
  const literal = (bracketed ?? host).toLowerCase();
  if (bracketed !== undefined || literal.includes(":")) {
    if (IPV6.test(literal) && URL.canParse(`http://[${literal}]/`))
      return { kind: "ip", name: new URL(`http://[${literal}]/`).hostname.slice(1, -1) };
    throw refused(host, field, "it is not an IPv6 address");
  }
  if (IPV4.test(literal)) return { kind: "ip", name: literal };
  const given = (host.endsWith(".") ? host.slice(0, -1) : host).split(".");
  const labels = given.map((label) => toALabel(label)?.toLowerCase() ?? "");
  const name = labels.join(".");
  if (name.length > 253) throw refused(host, field, "it is longer than 253 characters");
  const changed = given.find((label) => toALabel(label) === undefined);
  if (changed !== undefined) throw refused(host, field, `"${shown(changed)}" is another name once it is ${NORMALISED}`);
  // defence: host-is-plainly-a-name
  if (!labels.every((label) => LABEL.test(label)))
    throw refused(host, field, "one of its labels is empty or has characters that host names do not have");
  if (/^(\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? ""))
    throw refused(host, field, "it looks like an IPv4 address, but is not one");
  return { kind: "dns", name };
}

function refused(host: string, field: string, why: string): InputError {
  return new InputError("MAIL_INPUT_URL", field, `"${shown(host)}" cannot be a server: ${why}`);
}
