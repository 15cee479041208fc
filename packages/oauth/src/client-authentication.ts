/** How the application proves itself to the issuer: by nothing, a secret, or a signed assertion (RFC 6749 section 2.3, RFC 7523). */
import { InputError, Secret } from "@postseal/mailer";
import { kindOf } from "@postseal/mailer/internal";
import { type ClientAuth, ClientSecretBasic, ClientSecretPost, None } from "oauth4webapi";
import type { Client, ClientKey, SecretSource } from "./client.ts";
import type { Issuer } from "./issuer.ts";
import { signedJwt } from "./jwt.ts";

export interface Authentication {
  readonly use: ClientAuth;
  /** Struck out of errors. */
  readonly secrets: readonly Secret[];
}

/** Fetches the secret or the key: call it when it is needed, and not before. */
export async function authenticationOf(client: Client, issuer: Issuer): Promise<Authentication> {
  if (client.secret !== undefined && client.key !== undefined)
    throw new InputError("MAIL_INPUT_OPTION", "client", "has a secret and a key: give one of the two");
  if (client.secret !== undefined) {
    const secret = await secretFrom(client.secret, "client.secret");
    const use = issuer.secretIn === "header" ? ClientSecretBasic(secret.reveal()) : ClientSecretPost(secret.reveal());
    return { use, secrets: [secret] };
  }
  if (client.key === undefined) return { use: None(), secrets: [] };
  const key = typeof client.key === "function" ? await client.key() : client.key;
  return byAssertion(key, client, issuer);
}

/** Throws `InputError` for what is no `Secret`: a text would print. */
export async function secretFrom(source: SecretSource, field: string): Promise<Secret> {
  const secret: unknown = typeof source === "function" ? await source() : source;
  if (secret instanceof Secret && secret.reveal() !== "") return secret;
  const what = secret instanceof Secret ? "is empty" : `is ${kindOf(secret)}; give new Secret(text)`;
  throw new InputError("MAIL_INPUT_OPTION", field, what);
}

/** RFC 7523 section 2.2. The audience is the token endpoint, which Microsoft demands and others accept. */
function byAssertion(key: ClientKey, { id }: Client, issuer: Issuer): Authentication {
  const assertion = new Secret(
    signedJwt(
      key.privateKey,
      {
        issuer: id,
        subject: id,
        audience: issuer.tokenEndpoint.href,
        certificate: key.certificate,
        keyId: key.keyId,
      },
      "client.key",
    ),
  );
  const use: ClientAuth = (_, { client_id }, body) => {
    body.set("client_id", client_id);
    body.set("client_assertion", assertion.reveal());
    body.set("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
  };
  return { use, secrets: [assertion, key.privateKey] };
}
