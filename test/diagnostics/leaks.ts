/** The search for secrets in what is shown. */
import assert from "node:assert/strict";
import { canaries } from "@postseal/lab";
import type { EchoServer } from "./echo-server.ts";

const { password } = canaries;

/** Throws if the text holds the password, a proof made from it for one login, or a private key. */
export function assertClean(text: string, { responses }: EchoServer, privateKey?: string): void {
  assert.ok(text.length > 10, "there is nothing to search");
  const keyLines = privateKey?.split("\n").slice(1, 2) ?? [];
  for (const form of [password, ...keyLines, ...inBase64(password), ...proofsIn(responses)])
    assert.ok(!text.includes(form) && !joined(text).includes(joined(form)), `"${form}" is in: ${text}`);
}

/** Joins the lines of a reply, also if they are printed as a list, since a secret may be split over two. */
function joined(text: string): string {
  return text.replace(/[2-5]\.7\.8|[\s'",]/g, "");
}

/** A client's first SCRAM message has its name and a nonce, so it is no secret. */
function proofsIn(responses: ReadonlySet<string>): readonly string[] {
  return [...responses].flatMap((response) => {
    const proof = /^p=(.{20,})$/.exec(response)?.[1] ?? (/^[0-9a-f]{32}$/.test(response) ? response : undefined);
    return proof === undefined ? [] : [proof, ...inBase64(proof)];
  });
}

/** How the secret looks in base64, at each of the three alignments. */
function inBase64(secret: string): readonly string[] {
  return [0, 1, 2].map((offset) => {
    const octets = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
    return octets.toString("base64").slice(offset === 0 ? 0 : offset + 1, Math.floor((octets.length * 8) / 6));
  });
}
