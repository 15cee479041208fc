/** Lets several processes renew one sign-in at the same moment, again and again. */
import assert from "node:assert/strict";
import path from "node:path";
import { fileStore, memoryStore } from "@postseal/oauth";
import { desktopClient } from "../interop/servers/oidc.ts";
import { startRenewer } from "./renewer.ts";
import type { Stand } from "./stand.ts";

const PROCESSES = 8;

/** Fails unless each round has one renewal, and the sign-in lives at the end. The issuer ends it if an old refresh token comes again. */
export async function rotate(stand: Stand, folder: string, rounds: number): Promise<void> {
  const { oidc, issuer, authority } = stand;
  const file = path.join(folder, "work.json");
  const store = fileStore(file);
  const tokens = await stand.signIn(memoryStore());
  await store.update(async () => tokens);
  const settings = {
    issuer: issuer.id,
    tokenEndpoint: issuer.tokenEndpoint.href,
    clientId: desktopClient,
    caFile: authority.caFile,
    file,
    isLoopback: false,
  };
  const renewers = await Promise.all(Array.from({ length: PROCESSES }, () => startRenewer(settings)));
  try {
    for (let round = 1; round <= rounds; round += 1) {
      await store.update(async (now) => {
        assert.ok(now !== undefined);
        return { ...now, expiresAt: new Date(Date.now() - 1) };
      });
      const asked = oidc.requests.length;
      const answers = await Promise.all(renewers.map((renewer) => renewer.token()));
      assert.deepEqual(oidc.requests.slice(asked), ["POST /token"], `round ${round}`);
      const kept = await store.read();
      const expected = { token: kept?.accessToken?.reveal() };
      assert.deepEqual(
        answers,
        Array.from({ length: PROCESSES }, () => expected),
        `round ${round}`,
      );
    }
  } finally {
    await Promise.all(renewers.map((renewer) => renewer.close()));
  }
  const { accessToken, refreshToken } = (await store.read()) ?? {};
  assert.ok(accessToken !== undefined && refreshToken !== undefined);
  assert.ok((await oidc.provider.AccessToken.find(accessToken.reveal())) !== undefined);
}
