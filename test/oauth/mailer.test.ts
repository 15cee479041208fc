/** A mailer, and the transports of Nodemailer and Upyo, with tokens of a sign-in, at a server that takes them or refuses them. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import {
  type Authority,
  canaries,
  createAuthority,
  HOST,
  type Impostor,
  said,
  startImpostor,
  type Step,
} from "@postseal/lab";
import { AuthenticationError, createMailer, type MailerOptions, Secret } from "@postseal/mailer";
import { sealed } from "@postseal/mailer/nodemailer";
import { sealed as sealedForUpyo } from "@postseal/mailer/upyo";
import {
  memoryStore,
  OAuthError,
  signedIn,
  tokenCredentials,
  type TokenSource,
  type TokenStore,
} from "@postseal/oauth";
import nodemailer from "nodemailer";
import { type HttpsServer, startHttpsServer } from "./https-server.ts";

const OLD = "old-token-canary";
/** What the lab's server takes. */
const NEW = canaries.password;

let authority: Authority;
let issuer: HttpsServer;
before(async () => {
  authority = await createAuthority();
  issuer = await startHttpsServer(authority, (request, response) => {
    request.resume();
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ access_token: NEW, token_type: "Bearer", expires_in: 3600 }));
  });
});
after(() => issuer[Symbol.asyncDispose]());

function stored(servers: readonly string[]): TokenStore {
  const now = new Date();
  return memoryStore({
    issuer: issuer.origin,
    clientId: "client",
    scope: "mail",
    tokenEndpoint: `${issuer.origin}/token`,
    servers,
    accessToken: new Secret(OLD),
    expiresAt: new Date(now.getTime() + 3_600_000),
    refreshToken: new Secret("refresh-canary"),
    signedInAt: now,
    renewedAt: now,
  });
}

function sourceOf(store: TokenStore): TokenSource {
  return signedIn({
    issuer: { id: issuer.origin, tokenEndpoint: new URL(`${issuer.origin}/token`), sendsIss: false },
    client: { id: "client" },
    store,
    https: issuer.https,
  });
}

const refuse: readonly Step[] = [{ do: "say", text: "535 5.7.8 No\r\n" }];

/** A server that refuses the first login. */
function serve(steps: readonly Step[] = refuse): Promise<Impostor> {
  const tls = { capabilities: ["AUTH XOAUTH2"], on: { AUTH: steps }, only: { AUTH: 1 } };
  return startImpostor({ transport: "starttls", script: { tls } }, { authority });
}

function optionsFor(server: Impostor, servers: readonly string[]): MailerOptions {
  return {
    credentials: tokenCredentials(canaries.username, sourceOf(stored(servers))),
    tls: { ca: { only: authority.certificate } },
    connect: async () => connect({ host: "127.0.0.1", port: server.port }),
  };
}

async function tokensAt(server: Impostor): Promise<readonly string[]> {
  await server.settled();
  const words = server.transcript.connections.map((connection) => said(connection, "client", "tls")).join("");
  return [...words.matchAll(/^AUTH XOAUTH2 (\S+)/gm)].map(
    ([, login = ""]) => /Bearer ([^\x01]*)/.exec(Buffer.from(login, "base64").toString())?.[1] ?? "",
  );
}

const message = { from: canaries.sender, to: canaries.recipient, subject: "at dusk", text: "Hello\n" };
const url = `submission://${HOST}`;

const ways: Readonly<Record<string, (options: MailerOptions) => Promise<unknown>>> = {
  "a mailer": async (options) => {
    await using mailer = createMailer(url, options);
    return await mailer.send(message);
  },
  "Nodemailer's transport": async (options) => {
    const transport = sealed(url, options);
    await nodemailer.createTransport(transport).sendMail(message);
    await transport.close();
  },
  "Upyo's transport": async (options) => {
    await using transport = sealedForUpyo(url, options);
    const [sender, recipient] = [{ address: canaries.sender }, { address: canaries.recipient }];
    const receipt = await transport.send(upyoMessage(sender, recipient));
    assert.ok(receipt.successful, JSON.stringify(receipt));
  },
};

type UpyoMessage = Parameters<ReturnType<typeof sealedForUpyo>["send"]>[0];
type UpyoAddress = UpyoMessage["sender"];

function upyoMessage(sender: UpyoAddress, recipient: UpyoAddress): UpyoMessage {
  return {
    sender,
    recipients: [recipient],
    ccRecipients: [],
    bccRecipients: [],
    replyRecipients: [],
    attachments: [],
    subject: message.subject,
    content: { text: message.text },
    priority: "normal",
    headers: new Headers(),
  };
}

for (const [name, send] of Object.entries(ways))
  test(`${name} takes a source of tokens: one that was refused is renewed, and the message goes`, async () => {
    await using server = await serve();
    await send(optionsFor(server, [HOST]));
    assert.deepEqual(await tokensAt(server), [OLD, NEW]);
    assert.equal(server.transcript.messages.length, 1);
  });

test("a server that closes after it has refused a token gets the new one on another connection, in the same send", async () => {
  let connections = 0;
  await using closing = await serve([...refuse, { do: "close" }]);
  await using taking = await startImpostor(
    { transport: "starttls", script: { tls: { capabilities: ["AUTH XOAUTH2"] } } },
    { authority },
  );
  await using mailer = createMailer(url, {
    ...optionsFor(closing, [HOST]),
    connect: async () => connect({ host: "127.0.0.1", port: (connections += 1) === 1 ? closing.port : taking.port }),
  });
  await mailer.send(message);
  await mailer.close();
  assert.equal(connections, 2);
  assert.deepEqual(await tokensAt(taking), [NEW]);
  assert.equal(taking.transcript.messages.length, 1);
});

test("a server that always closes after a refusal is connected to twice, not more", async () => {
  let connections = 0;
  await using closing = await startImpostor(
    {
      transport: "starttls",
      script: { tls: { capabilities: ["AUTH XOAUTH2"], on: { AUTH: [...refuse, { do: "close" }] } } },
    },
    { authority },
  );
  await using mailer = createMailer(url, {
    ...optionsFor(closing, [HOST]),
    connect: async () => {
      connections += 1;
      return connect({ host: "127.0.0.1", port: closing.port });
    },
  });
  await assert.rejects(mailer.send(message), (error: unknown) => error instanceof AuthenticationError);
  assert.equal(connections, 2);
});

test("a token is not sent to a mail server that its sign-in is not for", async () => {
  await using server = await serve();
  await using mailer = createMailer(url, optionsFor(server, ["smtp.other.example"]));
  await assert.rejects(mailer.send(message), (error: unknown) => {
    assert.ok(error instanceof OAuthError && error.code === "MAIL_AUTH_SIGN_IN");
    assert.match(
      error.message,
      /is for smtp\.other\.example, not for smtp\.example\.test: its token was not sent there/,
    );
    return true;
  });
  assert.deepEqual(await tokensAt(server), []);
});

test("Node's diagnostic report, which a crash can write, has no token in it", async () => {
  const token = await sourceOf(stored([HOST])).token({ server: HOST, renew: true });
  assert.equal(token.reveal(), NEW);
  const report = JSON.stringify(process.report.getReport());
  assert.match(report, /javascriptStack/);
  for (const secret of [OLD, NEW, "refresh-canary"]) assert.ok(!report.includes(secret), secret);
});
