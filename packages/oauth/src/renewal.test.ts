import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { InputError, Secret } from "@postseal/mailer";
import { memoryStore } from "./memory-store.ts";
import { OAuthError } from "./oauth-error.ts";
import { type Grantor, RenewingSource } from "./renewal.ts";
import type { StoredTokens, TokenStore } from "./tokens.ts";

const SECOND = 1_000;

interface Stage {
  readonly source: RenewingSource;
  readonly store: TokenStore;
  /** How often the issuer was asked. */
  asked(): number;
}

/** A source whose issuer gives tokens that live for so many seconds; `undefined`: it does not say. */
function stage(life: number | undefined, answer?: (count: number) => void): Stage {
  let count = 0;
  const grantor: Grantor = {
    judge: (now) => now,
    fetch: async (now): Promise<StoredTokens> => {
      count += 1;
      answer?.(count);
      const at = new Date();
      return {
        issuer: "https://id.example",
        clientId: "client",
        scope: "mail",
        tokenEndpoint: "https://id.example/token",
        servers: ["smtp.example.test"],
        signedInAt: now?.signedInAt ?? at,
        accessToken: new Secret(`token ${count}`),
        expiresAt: life === undefined ? undefined : new Date(at.getTime() + life * SECOND),
        refreshToken: new Secret(`refresh ${count}`),
        renewedAt: at,
      };
    },
  };
  const store = memoryStore();
  return { source: new RenewingSource(store, grantor), store, asked: () => count };
}

const token = async ({ source }: Stage): Promise<string> => (await source.token()).reveal();

for (const [life, margin] of [
  [3_600, 60],
  [100, 10],
] as const)
  for (const offset of [-7_200, 0, 7_200])
    test(`a token of ${life} s is renewed ${margin} s before its end, with a clock that is off by ${offset} s`, async () => {
      mock.timers.enable({ apis: ["Date"], now: Date.now() + offset * SECOND });
      try {
        const one = stage(life);
        assert.equal(await token(one), "token 1");
        mock.timers.tick((life - margin - 1) * SECOND);
        assert.equal(await token(one), "token 1");
        mock.timers.tick(1 * SECOND);
        assert.equal(await token(one), "token 2");
        assert.equal(one.asked(), 2);
      } finally {
        mock.timers.reset();
      }
    });

test("a token whose end the issuer does not say is used until it is refused", async () => {
  const one = stage(undefined);
  mock.timers.enable({ apis: ["Date"] });
  try {
    assert.equal(await token(one), "token 1");
    mock.timers.tick(30 * 86_400 * SECOND);
    assert.equal(await token(one), "token 1");
  } finally {
    mock.timers.reset();
  }
  one.source.refused(new Secret("token 1"));
  assert.equal(await token(one), "token 2");
});

test("if the issuer is away, a refused token is not given again", async () => {
  const one = stage(3_600, (count) => {
    if (count > 1) throw new OAuthError("MAIL_AUTH_DEFERRED", "away");
  });
  await token(one);
  assert.equal(await token(one), "token 1");
  one.source.refused(new Secret("token 1"));
  await assert.rejects(one.source.token(), /away/);
});

test("an error that is a bug passes, and the next call tries again", async () => {
  const one = stage(3_600, (count) => {
    if (count === 1) throw new TypeError("a bug");
  });
  await assert.rejects(one.source.token(), /a bug/);
  assert.equal(await token(one), "token 2");
});

test("a token that another program stored meanwhile without the lock is used before a sign-in is given up", async () => {
  const one = stage(3_600, (count) => {
    if (count === 2) throw new OAuthError("MAIL_AUTH_SIGN_IN", "ended", { error: "invalid_grant" });
  });
  await token(one);
  const kept = await one.store.read();
  let reads = 0;
  one.store.read = async () => {
    reads += 1;
    return reads < 2 || kept === undefined ? kept : { ...kept, refreshToken: new Secret("from elsewhere") };
  };
  one.source.refused(new Secret("token 1"));
  assert.equal(await token(one), "token 3");
});

test("options of a call are judged strictly", async () => {
  const { source } = stage(3_600);
  const wrong: readonly object[] = [{ renew: 1 }, { force: true }, { signal: new AbortController() }];
  for (const options of wrong) await assert.rejects(source.token(options), InputError);
});
