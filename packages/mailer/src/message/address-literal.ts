/** Address literals (RFC 5321 section 4.1.3). The general form is refused: no tag but IPv6 is registered. */

const OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const GROUP = /^[0-9A-Fa-f]{1,4}$/;
const TAG = /^\[IPv6:/i;

export function isAddressLiteral(text: string): boolean {
  if (!text.startsWith("[") || !text.endsWith("]")) return false;
  const inner = text.slice(1, -1);
  return IPV4.test(inner) || (TAG.test(text) && isIpv6(inner.slice("IPv6:".length)));
}

function isIpv6(text: string): boolean {
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  const tail = groups.at(-1) ?? "";
  const ipv4 = tail.includes(".");
  if (ipv4 && (!IPV4.test(tail) || !text.endsWith(tail))) return false;
  const hexadecimal = ipv4 ? groups.slice(0, -1) : groups;
  if (!hexadecimal.every((group) => GROUP.test(group))) return false;
  const width = hexadecimal.length + (ipv4 ? 2 : 0);
  // "::" stands for at least two groups (RFC 5321 section 4.1.3), unlike in RFC 4291.
  // defence: gap-is-two-groups
  return halves.length === 2 ? width <= 6 : width === 8;
}
