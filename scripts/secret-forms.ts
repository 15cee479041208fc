/** The forms in which a secret may be written. */

/** Each with its name, for a report that does not repeat the secret. */
export function formsOf(secret: string): readonly (readonly [name: string, form: string])[] {
  const octets = Buffer.from(secret);
  // In base64 a text has three forms, depending on its offset; the characters at its edges depend on its neighbours.
  const base64 = [0, 1, 2].map((before) =>
    Buffer.concat([Buffer.alloc(before), octets])
      .toString("base64")
      .slice(before === 0 ? 0 : 4, -4),
  );
  return [
    ["as it is", secret],
    ...base64.map((form) => ["in base64", form] as const),
    ["in hexadecimal", octets.toString("hex")],
    ["as percent-encoded octets", [...octets].map((octet) => `%${octet.toString(16)}`).join("")],
    ["backwards", secret.split("").toReversed().join("")],
  ];
}
