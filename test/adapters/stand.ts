/** What the adapters' tests share: one authority, servers that play a script, and the options to reach them. */
import assert from "node:assert/strict";
import {
  type Authority,
  canaries,
  createAuthority,
  type Impostor,
  type Part,
  type Script,
  type StoredMessage,
  startImpostor,
} from "@postseal/lab";
import type { MailerOptions } from "@postseal/mailer";
import { sealed, type SentInfo } from "@postseal/mailer/nodemailer";
import nodemailer, { type SendMailOptions, type Transporter } from "nodemailer";

export const authority: Authority = await createAuthority();

export const options: MailerOptions = {
  credentials: { username: canaries.username, password: canaries.password },
  tls: { ca: { only: authority.certificate } },
};

export const message: { readonly from: string; readonly to: string; readonly subject: string; readonly text: string } =
  {
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

/** The address will do: the certificate names it too. */
export function urlOf({ port }: Pick<Impostor, "port">): string {
  return `submission://127.0.0.1:${port}`;
}

/** The only message that came, sealed and from the account. The client closes first, so that the server has stored it. */
export async function delivered(server: Impostor, client: AsyncDisposable): Promise<StoredMessage> {
  await client[Symbol.asyncDispose]();
  await server.settled();
  const [stored, ...more] = server.transcript.messages;
  assert.ok(stored !== undefined && more.length === 0, `${server.transcript.messages.length} messages came`);
  assert.equal(stored.channel, "tls");
  assert.equal(stored.username, canaries.username);
  return stored;
}

/** The error that the promise rejects with, which must be of this class. */
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

interface Sealed extends Transporter<SentInfo>, AsyncDisposable {}

/** The transporter closes at the end of the test, so that no session outlives its server. */
export function transporterFor(
  server: Pick<Impostor, "port">,
  more: MailerOptions = {},
  defaults: SendMailOptions = {},
): Sealed {
  const transport = sealed(urlOf(server), { ...options, ...more });
  const transporter = nodemailer.createTransport(transport, defaults);
  return Object.assign(transporter, { [Symbol.asyncDispose]: () => transport.close() });
}
