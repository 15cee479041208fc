/** What the tests of the adapters share: one authority, servers that play a script, and how a sealed transport reaches them. */
import assert from "node:assert/strict";
import {
  type Authority,
  canaries,
  createAuthority,
  type Impostor,
  type Part,
  type Script,
  startImpostor,
} from "@postseal/lab";
import type { MailerOptions } from "@postseal/mailer";

export const authority: Authority = await createAuthority();

export const options: MailerOptions = {
  credentials: { username: canaries.username, password: canaries.password },
  tls: { ca: { only: authority.certificate } },
};

export const message = {
  from: `Petrel <${canaries.sender}>`,
  to: canaries.recipient,
  subject: "at dusk",
  text: `${canaries.body}\n`,
};

export function serve(script: Script = {}): Promise<Impostor> {
  return attack({ transport: "starttls", script });
}

export function attack(vector: Part): Promise<Impostor> {
  return startImpostor(vector, { authority });
}

/** The certificate names the address too. */
export function urlOf({ port }: Pick<Impostor, "port">): string {
  return `submission://127.0.0.1:${port}`;
}

/** The only message that came, sealed and under the account. */
export function delivered({ transcript }: Impostor): Impostor["transcript"]["messages"][number] {
  const [message, ...more] = transcript.messages;
  assert.ok(message !== undefined && more.length === 0, `${transcript.messages.length} messages came`);
  assert.equal(message.channel, "tls");
  assert.equal(message.username, canaries.username);
  return message;
}

/** What a promise is rejected with, as the class that it should be. */
export async function failure<T extends Error>(
  promise: Promise<unknown>,
  kind: new (...args: never[]) => T,
): Promise<T> {
  const error: unknown = await promise.then(
    () => assert.fail("it did not fail"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof kind, String(error));
  return error;
}
