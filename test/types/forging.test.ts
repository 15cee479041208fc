/**
 * The types keep the security property: the lines below `@ts-expect-error` are never run, and compile only if each of them is
 * an error. Tests then check the values too, since types vanish at run time.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as mailer from "@postseal/mailer";
import { type ClearSession, connect, connectSealed, type Seal, type SealedSession } from "@postseal/mailer";
import { createAuthority, startImpostor } from "@postseal/lab";

export async function clearSessions(clear: ClearSession): Promise<void> {
  // @ts-expect-error a clear session cannot authenticate
  await clear.authenticate({ username: "a", password: "b" });
  // @ts-expect-error a clear session cannot send
  await clear.send({ from: "a@example.org", to: "b@example.org" });
  // @ts-expect-error a clear session cannot send a command
  await clear.command("NOOP");
  // @ts-expect-error what a server said in the clear is not exposed
  void clear.capabilities;
  // @ts-expect-error a clear session has no seal: TLS has proved nothing
  void clear.seal;
  // @ts-expect-error a clear session is not a sealed one
  const sealed: SealedSession = clear;
  void sealed;
}

export async function policies(clear: ClearSession, lie: () => Promise<unknown>): Promise<void> {
  // @ts-expect-error a policy is data: a handshake that a caller passed could lie
  await clear.startTls({ handshake: lie });
  // @ts-expect-error a policy cannot bring its own handshake and its own session
  await clear.startTls({ handshake: lie, begin: (channel: unknown) => channel });
  // @ts-expect-error no check can be switched off
  await clear.startTls({ rejectUnauthorized: false });
  // @ts-expect-error no check can be replaced
  await clear.startTls({ checkServerIdentity: () => undefined });
  // @ts-expect-error a cipher list cannot be given
  await clear.startTls({ ciphers: "ALL:eNULL" });
  // @ts-expect-error an older protocol cannot be allowed
  await clear.startTls({ minVersion: "TLSv1" });
  // @ts-expect-error no session can be resumed: that would skip chain and name
  await clear.startTls({ session: Buffer.alloc(0) });
  // @ts-expect-error TLS cannot be left out
  await connectSealed("submission://example.org", { tls: false });
  // @ts-expect-error TLS cannot be opportunistic
  mailer.createMailer("submission://example.org", { requireTLS: false });
}

export function literals(seal: Seal, capabilities: SealedSession["capabilities"]): void {
  // @ts-expect-error an object literal is not a sealed session: the class has private fields
  const forged: SealedSession = {
    seal,
    mechanism: undefined,
    isOpen: true,
    capabilities,
    authenticate: async () => {},
    send: async () => ({ sender: "", recipients: [] }),
    command: async () => ({ code: 250, text: "" }),
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
  // @ts-expect-error an object literal is not a clear session
  const clear: ClearSession = {
    startTls: async () => forged,
    close: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
  void clear;
}

export function constructors(): void {
  // @ts-expect-error only the type is exported
  void new mailer.SealedSession(Symbol("SealedSession"), {}, {}, {});
  // @ts-expect-error only the type is exported
  void new mailer.ClearSession(Symbol("ClearSession"), {}, {});
}

test("the package exports nothing that makes a session or a channel", () => {
  const names = Object.keys(mailer);
  assert.ok(names.includes("createMailer") && names.length > 10, "the package was not found");
  for (const name of [
    "SealedSession",
    "ClearSession",
    "SealedChannel",
    "Channel",
    "beginSealed",
    "upgradeSession",
    "sendPrepared",
    "handshake",
    "seal",
  ]) {
    assert.ok(!names.includes(name), name);
  }
});

test("a constructor taken from a session refuses to work without its token", async () => {
  await using impostor = await startImpostor(
    { transport: "starttls", script: {} },
    { authority: await createAuthority() },
  );
  await using clear = await connect({ host: "127.0.0.1", port: impostor.port });
  const { constructor } = clear;
  assert.throws(() => Reflect.construct(constructor, [Symbol("ClearSession"), {}, {}]), /comes only from connect/);
  assert.throws(() => Reflect.construct(constructor, []), /comes only from connect/);
  const shell: unknown = Object.create(clear);
  await assert.rejects(async () => Reflect.apply(clear.startTls.bind(shell), undefined, []), TypeError);
});
