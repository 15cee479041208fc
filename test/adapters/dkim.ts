/** Verifies a DKIM signature (RFC 6376; only relaxed/relaxed and rsa-sha256) with other code than the signer's. */
import assert from "node:assert/strict";
import { createHash, createVerify, type KeyObject } from "node:crypto";

interface Field {
  readonly name: string;
  /** The whole field with its name and colon, without its last line end. */
  readonly text: string;
}

/** `message` is latin1. Returns what is wrong, or `pass`. */
export function verifyDkim(
  message: string,
  key: KeyObject,
): "pass" | "no signature" | "body changed" | "header changed" {
  const end = message.indexOf("\r\n\r\n");
  assert.notEqual(end, -1, "the header has no end");
  const fields = message
    .slice(0, end)
    .split(/\r\n(?![ \t])/)
    .map((text) => ({ name: text.slice(0, text.indexOf(":")).trim().toLowerCase(), text }));
  const signature = fields.find(({ name }) => name === "dkim-signature");
  if (signature === undefined) return "no signature";
  const tags = tagsOf(signature);
  assert.deepEqual([tags.get("a"), tags.get("c")], ["rsa-sha256", "relaxed/relaxed"]);
  const bodyHash = createHash("sha256")
    .update(relaxedBody(message.slice(end + 4)), "latin1")
    .digest("base64");
  if (bodyHash !== tags.get("bh")) return "body changed";
  // If a name occurs more than once, its last field comes first (section 5.4.2).
  const left = [...fields];
  const signed = (tags.get("h") ?? "").split(":").flatMap((name) => {
    const at = left.findLastIndex((field) => field.name === name.trim().toLowerCase());
    return at === -1 ? [] : left.splice(at, 1).map((field) => `${relaxed(field)}\r\n`);
  });
  const own = relaxed({ ...signature, text: signature.text.replace(/(\bb=)[^;]*/, "$1") });
  const verified = createVerify("RSA-SHA256")
    .update(signed.join("") + own, "latin1")
    .verify(key, tags.get("b") ?? "", "base64");
  return verified ? "pass" : "header changed";
}

function tagsOf({ text }: Field): ReadonlyMap<string, string> {
  const tags = text.slice(text.indexOf(":") + 1).split(";");
  return new Map(
    tags.map((tag) => {
      const at = tag.indexOf("=");
      return [tag.slice(0, at).trim(), tag.slice(at + 1).replaceAll(/\s/g, "")];
    }),
  );
}

/** Section 3.4.2. */
function relaxed({ name, text }: Field): string {
  const value = text.slice(text.indexOf(":") + 1).replaceAll("\r\n", "");
  return `${name}:${value.replaceAll(/[ \t]+/g, " ").trim()}`;
}

/** Section 3.4.4. */
function relaxedBody(body: string): string {
  const lines = body.split("\r\n").map((line) => line.replaceAll(/[ \t]+/g, " ").replace(/ $/, ""));
  const text = lines.join("\r\n").replace(/(\r\n)+$/, "");
  return text === "" ? "" : `${text}\r\n`;
}
