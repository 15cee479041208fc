/** A service account (RFC 7523): its assertion is verified by a library that is not ours, and its token opens a mailbox. */
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { Secret } from "@postseal/mailer";
import { serviceAccount, tokenCredentials, type TokenSource } from "@postseal/oauth";
import { jwtVerify } from "jose";
import { mailerFor } from "./client.ts";
import { deliveredWith } from "./reader.ts";
import { daemonClient, mailScope } from "./servers/oidc.ts";
import { type Authority, createAuthority } from "./servers/pki.ts";
import { listen, portOf } from "./servers/port.ts";
import { accounts, serverName } from "./servers/server.ts";
import { openSigningStage, type SigningStage } from "./signing-stage.ts";

const [, bob = { user: "" }] = accounts;
const EMAIL = "robot@project.example";
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });

let authority: Authority;
let stage: SigningStage;
let endpoint: Server;
before(async () => {
  authority = await createAuthority();
  stage = await openSigningStage({ authority });
  const { certificateFile, keyFile } = authority.issuer;
  endpoint = createServer({ cert: readFileSync(certificateFile), key: readFileSync(keyFile) }, (request, response) => {
    void text(request)
      .then((body) => answer(new URLSearchParams(body)))
      .then(
        (granted) => response.setHeader("content-type", "application/json").end(JSON.stringify(granted)),
        () => response.writeHead(400, { "content-type": "application/json" }).end('{"error":"invalid_grant"}'),
      );
  });
  await listen(endpoint);
});
after(async () => {
  endpoint.closeAllConnections();
  await new Promise((resolve) => endpoint.close(resolve));
  await stage[Symbol.asyncDispose]();
  await authority[Symbol.asyncDispose]();
});

const addressOf = (): string => `https://localhost:${portOf(endpoint)}/token`;

/** What Google does with an assertion, as far as its documents say. Throws for one that is not right. */
async function answer(form: URLSearchParams): Promise<object> {
  assert.equal(form.get("grant_type"), "urn:ietf:params:oauth:grant-type:jwt-bearer");
  const assertion = form.get("assertion") ?? "";
  const { payload } = await jwtVerify(assertion, publicKey, {
    issuer: EMAIL,
    audience: addressOf(),
    maxTokenAge: "1h",
  });
  assert.deepEqual([payload.sub, payload["scope"]], [bob.user, mailScope]);
  const { provider } = stage.oidc;
  const client = await provider.Client.find(daemonClient.id);
  assert.ok(client !== undefined);
  const token = new provider.ClientCredentials({ client, scope: mailScope });
  return { access_token: await token.save(), token_type: "Bearer", expires_in: 3_600 };
}

function sourceFor(subject: string): TokenSource {
  const key = { private_key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(), private_key_id: "1" };
  const file = { type: "service_account", client_email: EMAIL, token_uri: addressOf(), ...key };
  return serviceAccount({
    keyFile: () => new Secret(JSON.stringify(file)),
    subject,
    scope: mailScope,
    servers: [serverName],
    issuer: { id: "https://localhost", tokenEndpoint: new URL(addressOf()), sendsIss: false },
    https: { tls: { ca: { add: readFileSync(authority.caFile, "utf8") } } },
  });
}

test("its token sends mail", async () => {
  const credentials = tokenCredentials(bob.user, sourceFor(bob.user));
  await using mailer = mailerFor(stage.mail, { authority, credentials });
  await mailer.send({ from: bob.user, to: "carol@example.test", text: "by the service account" });
  await deliveredWith(stage.mail, "by the service account");
});

test("an assertion for somebody who was not delegated is refused, and the error says by whom", async () => {
  const credentials = tokenCredentials("mallory@example.test", sourceFor("mallory@example.test"));
  await using mailer = mailerFor(stage.mail, { authority, credentials });
  await assert.rejects(mailer.verify(), /localhost:\d+ refused to .* \(invalid_grant\)/);
});
