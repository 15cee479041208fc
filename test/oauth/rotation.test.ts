/** Several processes, one sign-in, and an issuer that ends it as soon as an old refresh token comes again. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { createAuthority, makePrivateFolder } from "@postseal/lab";
import { fileStore, type StoredTokens } from "@postseal/oauth";
import { Secret } from "@postseal/mailer";
import { startHttpsServer } from "./https-server.ts";
import { startRenewer } from "./renewer.ts";
import { rotate } from "./rotate.ts";
import { createStand, type Stand } from "./stand.ts";

/** `npm run soak:oauth` has a hundred. */
const ROUNDS = 15;

let stand: Stand;
let folder: string;
before(async () => {
  stand = await createStand();
  folder = makePrivateFolder("rotation");
});
after(async () => {
  await stand[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

test(`8 processes need a token at once: one renewal, ${ROUNDS} times, and the sign-in lives`, () =>
  rotate(stand, path.join(folder, "rotated"), ROUNDS));

for (const [signal, isListening] of [
  ["SIGINT", false],
  ["SIGTERM", false],
  ["SIGINT", true],
] as const)
  test(`${signal} during the request ${isListening ? "is the application's, if it listens" : "ends the process only after the new token is on the disk"}`, async () => {
    const authority = await createAuthority();
    const caFile = path.join(folder, `${signal}.pem`);
    await writeFile(caFile, authority.certificate);
    const arrived = Promise.withResolvers<void>();
    const mayAnswer = Promise.withResolvers<void>();
    await using server = await startHttpsServer(authority, (request, response) => {
      request.resume();
      arrived.resolve();
      void mayAnswer.promise.then(() => {
        response.writeHead(200, { "content-type": "application/json" });
        response.end(
          JSON.stringify({
            access_token: "new-access",
            token_type: "Bearer",
            expires_in: 3600,
            refresh_token: "new-refresh",
          }),
        );
      });
    });
    const file = path.join(folder, `${signal}-${isListening}`, "work.json");
    const hourAgo = new Date(Date.now() - 3_600_000);
    const old: StoredTokens = {
      issuer: server.origin,
      clientId: "client",
      scope: "mail",
      tokenEndpoint: `${server.origin}/token`,
      servers: ["smtp.example.test"],
      refreshToken: new Secret("old-refresh"),
      signedInAt: hourAgo,
      renewedAt: hourAgo,
    };
    const store = fileStore(file);
    await store.update(async () => old);
    const renewer = await startRenewer({
      issuer: old.issuer,
      tokenEndpoint: old.tokenEndpoint,
      clientId: old.clientId,
      caFile,
      file,
      isLoopback: true,
      ...(isListening ? { listensFor: signal } : {}),
    });
    const ended = once(renewer.child, "exit");
    renewer.child.send("token");
    await arrived.promise;
    renewer.child.kill(signal);
    // It answers only if it still lives; the signal was delivered before.
    const alive = Promise.race([once(renewer.child, "message"), ended]);
    renewer.child.send("ping", () => {});
    assert.deepEqual(await alive, ["pong", undefined]);
    mayAnswer.resolve();
    if (isListening) {
      const [answer]: unknown[] = await once(renewer.child, "message");
      assert.deepEqual(answer, { token: "new-access" });
      await renewer.close();
    }
    const [status, by]: unknown[] = await ended;
    assert.deepEqual([status, by], isListening ? [0, null] : [null, signal]);
    const kept = await store.read();
    assert.deepEqual([kept?.refreshToken?.reveal(), kept?.accessToken?.reveal()], ["new-refresh", "new-access"]);
  });
