/** Names of every kind in a certificate (RFC 5280 section 4.2.1.6), written unchecked: a caller may want a wrong one. */
import { sequence, tlv } from "./der.ts";

/**
 * `directory`: a common name. `other`: an otherName with a private type; `srv`: one that is an SRVName (RFC 4985).
 * In a constraint an `ip` is `address/mask`. `hex`: the whole GeneralName, tag included, for what no encoder would write.
 */
export type Name = readonly [
  kind: "dns" | "ip" | "email" | "uri" | "directory" | "other" | "srv" | "hex",
  value: string,
];

export function encodeName([kind, value]: Name): Buffer {
  switch (kind) {
    case "email":
      return tlv(0x81, Buffer.from(value, "latin1"));
    case "dns":
      return tlv(0x82, Buffer.from(value, "latin1"));
    case "uri":
      return tlv(0x86, Buffer.from(value, "latin1"));
    case "ip":
      return tlv(0x87, Buffer.concat(value.split("/").map(address)));
    case "directory":
      return tlv(0xa4, sequence([tlv(0x31, sequence([COMMON_NAME, tlv(0x0c, Buffer.from(value))]))]));
    case "other":
      return other(PRIVATE, tlv(0x0c, Buffer.from(value)));
    case "srv":
      return other(SRV_NAME, tlv(0x16, Buffer.from(value, "latin1")));
    default:
      return Buffer.from(value, "hex");
  }
}

/** Object identifiers, tag included: 2.5.4.3, 1.3.6.1.5.5.7.8.7, and a private one, 1.3.6.1.4.1.99999.1. */
const COMMON_NAME: Buffer = Buffer.from("0603550403", "hex");
const SRV_NAME: Buffer = Buffer.from("06082b06010505070807", "hex");
const PRIVATE: Buffer = Buffer.from("06092b06010401868d1f01", "hex");

function other(type: Buffer, value: Buffer): Buffer {
  return tlv(0xa0, Buffer.concat([type, tlv(0xa0, value)]));
}

/** IPv6 without `::`. */
function address(text: string): Buffer {
  if (!text.includes(":")) return Buffer.from(text.split(".").map(Number));
  const groups = text.split(":").map((group) => group.padStart(4, "0"));
  return Buffer.from(groups.join(""), "hex");
}
