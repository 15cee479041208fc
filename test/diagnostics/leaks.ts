/** The one search for what nobody may see. */
import assert from "node:assert/strict";
import { canaries } from "@postseal/lab";
import type { EchoServer } from "./echo-server.ts";

const { password } = canaries;

/** Throws where the password, what was made of it for one login, or a private key can be read in the text. */
export function assertClean(text: string, { responses }: EchoServer, privateKey?: string): void {
  assert.ok(text.length > 10, "there was nothing to look at");
  const keyLines = privateKey?.split("\n").slice(1, 2) ?? [];
  for (const form of [password, ...keyLines, ...inBase64(password), ...proofsIn(responses)])
    assert.ok(!text.includes(form) && !joined(text).includes(joined(form)), `"${form}" is in: ${text}`);
}

/** Without what is between two lines of a reply, also where they are printed as a list. */
function joined(text: string): string {
  return text.replace(/[2-5]\.7\.8|[\s'",]/g, "");
}

/** A client's first message to SCRAM is its name and a nonce: no secret. */
function proofsIn(responses: ReadonlySet<string>): readonly string[] {
  return [...responses].flatMap((response) => {
    const proof = /^p=(.{20,})$/.exec(response)?.[1] ?? (/^[0-9a-f]{32}$/.test(response) ? response : undefined);
    return proof === undefined ? [] : [proof, ...inBase64(proof)];
  });
}

/** What base64 shows of it, wherever it begins. */
function inBase64(secret: string): readonly string[] {
  return [0, 1, 2].map((offset) => {
    const octets = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
    return octets.toString("base64").slice(offset === 0 ? 0 : offset + 1, Math.floor((octets.length * 8) / 6));
  });
}
