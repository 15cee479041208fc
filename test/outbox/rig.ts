/** A test server and an outbox that sends through it, for the tests of this folder. */
import { rmSync } from "node:fs";
import path from "node:path";
import type { TestContext } from "node:test";
import { makePrivateFolder } from "@postseal/lab";
import { type AccountOptions, createOutbox, type Outbox, type OutboxOptions } from "@postseal/outbox";
import { startTestServer, type TestServer, type TestServerOptions } from "@postseal/testing";

export interface Rig {
  readonly server: TestServer;
  readonly outbox: Outbox;
  readonly folder: string;
  readonly location: string;
  readonly account: AccountOptions;
}

export const letter = { from: "shop@example.com", to: "bob@example.org", subject: "Hello", text: "Hi." } as const;

/** A folder that ends with the test. */
export function folderOf(t: TestContext): string {
  const folder = makePrivateFolder("outbox");
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Everything ends with the test. */
export async function rigFor(
  t: TestContext,
  {
    account = {},
    serverOptions = {},
    ...options
  }: OutboxOptions & {
    readonly account?: Partial<AccountOptions>;
    readonly serverOptions?: TestServerOptions;
  } = {},
): Promise<Rig> {
  const server = await startTestServer(serverOptions);
  const folder = folderOf(t);
  const location = `sqlite:${path.join(folder, "mail.db")}`;
  const whole = { server: server.url, tls: server.tls, ...account };
  const outbox = await createOutbox(location, { accounts: { default: whole }, ...options });
  t.after(async () => {
    await outbox.close({ grace: 1_000 });
    await server.close();
  });
  return { server, outbox, folder, location, account: whole };
}
