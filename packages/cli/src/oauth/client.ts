/** The application that an account signs in as, and how it proves itself. Its secret is fetched when it is needed. */
import type { Client } from "@postseal/oauth";
import { textOfNamed } from "../account/named-file.ts";
import type { Application } from "../account/oauth.ts";
import { fetchSecret, textOfFile } from "../account/secret.ts";
import type { Around, SigningAccount } from "./signing-account.ts";

export async function clientOf(
  account: SigningAccount,
  application: Exclude<Application, { readonly acts: "service-account" }>,
  { environment, clientSecret }: Around,
): Promise<Client> {
  const { id: named, proof, loopback } = application;
  const { Secret } = await import("@postseal/mailer");
  const id = { id: named, ...(loopback === undefined ? {} : { loopback }) };
  if (clientSecret !== undefined) return { ...id, secret: new Secret(clientSecret) };
  if (proof === undefined) return id;
  if (proof.by === "secret") {
    const fetching = { environment, signal: undefined };
    return { ...id, secret: async () => new Secret(await fetchSecret(account, proof.reference, fetching)) };
  }
  const { key, certificate } = proof;
  return {
    ...id,
    key: async () => ({
      privateKey: new Secret(await textOfFile(account, key)),
      ...(certificate === undefined ? {} : { certificate: await certificateOf(account, certificate) }),
    }),
  };
}

function certificateOf({ file, oauth }: SigningAccount, path: string): Promise<string> {
  const [key, remedy] = ["client-certificate", "Give the certificate of client-key, in PEM"] as const;
  return textOfNamed({ file, line: oauth.lineOf(key), key, path, remedy });
}
