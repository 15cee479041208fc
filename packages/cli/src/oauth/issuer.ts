/** The issuer that an account names: pinned, or found by its metadata. */
import type { HttpsOptions, Issuer } from "@postseal/oauth";
import { textOfNamed } from "../account/named-file.ts";
import type { Account } from "../account/account.ts";
import type { OauthSettings } from "../account/oauth.ts";

/** Asks an issuer that is not pinned for its metadata. Throws `OAuthError` and `ConfigurationError`. */
export async function issuerOf(account: Pick<Account, "file"> & { readonly oauth: OauthSettings }): Promise<Issuer> {
  const { discover } = await import("@postseal/oauth");
  return (await pinnedOf(account.oauth)) ?? discover(account.oauth.issuer, await httpsOf(account));
}

/** `undefined` if its endpoints have to be asked for. */
export async function pinnedOf({ issuer, tenant }: OauthSettings): Promise<Issuer | undefined> {
  const { google, microsoft } = await import("@postseal/oauth");
  if (issuer === "google") return google;
  return issuer === "microsoft" ? microsoft(tenant) : undefined;
}

/** Whom to trust as the issuer. Throws `ConfigurationError`. */
export async function httpsOf({
  file,
  oauth: { ca, lineOf },
}: Pick<Account, "file"> & { readonly oauth: OauthSettings }): Promise<HttpsOptions> {
  if (ca === undefined) return {};
  const remedy = "Give a file of certificates in PEM";
  return { tls: { ca: { add: await textOfNamed({ file, line: lineOf("ca"), key: "ca", path: ca, remedy }) } } };
}
