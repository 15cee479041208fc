import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import type { Credentials } from "./credentials.ts";
import type { Mechanism, MechanismName } from "./mechanism.ts";
import { Secret } from "./secret.ts";
import { chooseMechanism } from "./select.ts";

const canary = "canary_Zx81-secret";
/** The canary as text, as base64 at each offset, and in the two ways that Node prints octets. */
const leaks: readonly string[] = [
  canary,
  ...["", "a", "aa"].map((before) =>
    Buffer.from(before + canary)
      .toString("base64")
      .slice(4, 20),
  ),
  Buffer.from(canary).toString("hex").slice(0, 12),
  inspect(Buffer.from(canary)).slice(8, 30),
  [...Buffer.from(canary)].slice(0, 6).join(", "),
];

function assertSilent(value: unknown): void {
  const printed = [
    inspect(value, { showHidden: true, depth: 9, maxStringLength: Infinity, maxArrayLength: Infinity }),
    inspect(value, { showHidden: true, depth: 9, customInspect: false }),
    JSON.stringify(value) ?? "",
    JSON.stringify(Object.getOwnPropertyDescriptors(value)),
    String(value),
    value instanceof Error ? String(value.stack) + value.message : "",
  ].join("\n");
  for (const leak of leaks) assert.ok(!printed.includes(leak), `${leak} is in ${printed}`);
}

async function caught(run: () => unknown): Promise<unknown> {
  try {
    await run();
  } catch (error) {
    return error;
  }
  return undefined;
}

const byPassword: readonly MechanismName[] = [
  "SCRAM-SHA-256-PLUS",
  "SCRAM-SHA-1-PLUS",
  "SCRAM-SHA-256",
  "SCRAM-SHA-1",
  "CRAM-MD5",
  "PLAIN",
  "LOGIN",
];
const channelBinding = Buffer.alloc(32);
const make = (mechanism: MechanismName, credentials: Credentials): Mechanism =>
  chooseMechanism([mechanism], credentials, { mechanism, channelBinding });
const cases: readonly (readonly [MechanismName, (secret: string | Secret) => Credentials])[] = [
  ...byPassword.map((name) => [name, (password: string | Secret) => ({ username: "tim", password })] as const),
  ...(["OAUTHBEARER", "XOAUTH2"] as const).map(
    (name) => [name, (accessToken: string | Secret) => ({ username: "tim", accessToken })] as const,
  ),
];

for (const [name, credentials] of cases) {
  test(`${name} shows its secret in no state, error or print`, async () => {
    for (const secret of [canary, new Secret(canary)]) {
      const mechanism = make(name, credentials(secret));
      assertSilent(mechanism);
      const nonce = /r=(.*)$/.exec(Buffer.from(mechanism.initialResponse ?? []).toString())?.[1] ?? "";
      assertSilent(mechanism);
      const errors: unknown[] = [];
      for (const challenge of [`r=${nonce}x,s=AAAA,i=4096`, `e=${"x".repeat(9)}`, "{}", `{"status":"${canary}"}`]) {
        errors.push(await caught(() => mechanism.respond(Buffer.from(challenge))));
        assertSilent(mechanism);
      }
      errors.push(await caught(() => mechanism.finish()));
      assert.ok(errors.some((error) => error instanceof Error));
      for (const error of errors) if (error !== undefined) assertSilent(error);
    }
  });

  test(`${name} refuses a secret it cannot carry without printing it`, async () => {
    for (const bad of ["\0", "\n", "\ud800", "\x01\0"]) {
      const error = await caught(() => make(name, credentials(canary + bad)));
      assert.ok(error instanceof Error);
      assertSilent(error);
    }
  });
}

test("the error of a choice that fails does not print the credentials", async () => {
  const failures = [
    () => chooseMechanism([], { username: "tim", password: canary }),
    () => chooseMechanism(["PLAIN"], { username: "tim", password: canary }, { minimum: "scram" }),
    () => chooseMechanism(["PLAIN"], { username: "tim", password: canary }, { minimum: "scram", mechanism: "PLAIN" }),
    () => chooseMechanism(["PLAIN"], { username: "tim", accessToken: canary }),
  ];
  for (const failure of failures) {
    const error = await caught(failure);
    assert.ok(error instanceof Error);
    assertSilent(error);
  }
});
