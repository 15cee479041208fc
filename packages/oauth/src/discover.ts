/** What an issuer says about itself (RFC 8414, OpenID Connect Discovery), as far as it can be right. */
import { InputError, shown } from "@postseal/mailer";
import { createSealedHttps, type HttpsOptions, type SealedHttps } from "@postseal/mailer/internal";
import { type AuthorizationServer, discoveryRequest, processDiscoveryResponse } from "oauth4webapi";
import type { Issuer } from "./issuer.ts";
import { OAuthError } from "./oauth-error.ts";
import { ask } from "./question.ts";

/**
 * `issuer`: its identifier, an https address, which the answer has to repeat exactly. No redirect is followed, and every endpoint has
 * to be by https and of the issuer's own domain. Throws `InputError` or `OAuthError`.
 */
export async function discover(issuer: string, options: HttpsOptions = {}): Promise<Issuer> {
  const id = identifierOf(issuer);
  const https = createSealedHttps(options);
  try {
    return issuerFrom(await metadataOf(id, "oauth2", https), id);
  } catch (error) {
    // Many know only the older of the two addresses.
    const { status = 0 } = error instanceof OAuthError ? error : {};
    if (status < 300 || status >= 500 || status === 429) throw error;
    return issuerFrom(await metadataOf(id, "oidc", https), id);
  }
}

function identifierOf(text: string): URL {
  const url = typeof text === "string" ? URL.parse(text) : null;
  const isPlain = url !== null && `${url.username}${url.password}${url.search}${url.hash}` === "";
  // defence: issuer-by-https
  if (isPlain && url.protocol === "https:" && isName(url)) return url;
  const what = typeof text === "string" ? `"${shown(withoutUser(text))}" is no issuer` : "is no text";
  throw new InputError("MAIL_INPUT_URL", "issuer", `${what}: give an address such as https://id.example.com`);
}

/** A password in a URL is not quoted. */
function withoutUser(text: string): string {
  return text.includes("@") ? "…" : text;
}

function isName({ hostname }: URL): boolean {
  return /[a-z]/.test(hostname.split(".").at(-1) ?? "") && !hostname.startsWith("[");
}

async function metadataOf(id: URL, algorithm: "oauth2" | "oidc", https: SealedHttps): Promise<AuthorizationServer> {
  const question = { purpose: "describe itself", endpoint: wellKnown(id, algorithm), secrets: [] };
  return ask(https, question, async (carrier) => {
    const answer = await discoveryRequest(id, { ...carrier, algorithm });
    const named = await issuerIn(answer.clone());
    // defence: issuer-is-who-was-asked
    if (named !== undefined && URL.parse(named)?.href !== id.href)
      throw wrong(id, `calls itself ${shown(named)}; give that address, if it is the issuer that you mean`);
    return processDiscoveryResponse(id, answer);
  });
}

/** `undefined` if it is not said where it should be. */
async function issuerIn(answer: Response): Promise<string | undefined> {
  const found: unknown = await answer.json().catch(() => undefined);
  const isSaid = typeof found === "object" && found !== null && "issuer" in found && typeof found.issuer === "string";
  return isSaid ? String(found.issuer) : undefined;
}

/** RFC 8414 section 3.1 puts its word before the issuer's path, OpenID Connect after it. */
function wellKnown(id: URL, algorithm: "oauth2" | "oidc"): URL {
  const path = id.pathname === "/" ? "" : id.pathname;
  const url = new URL(id);
  url.pathname =
    algorithm === "oauth2"
      ? `/.well-known/oauth-authorization-server${path}`
      : `${path.endsWith("/") ? path.slice(0, -1) : path}/.well-known/openid-configuration`;
  return url;
}

function issuerFrom(found: AuthorizationServer, id: URL): Issuer {
  const endpoint = (name: string, value: unknown): URL | undefined => endpointOf(name, value, id);
  const tokenEndpoint = endpoint("token_endpoint", found.token_endpoint);
  if (tokenEndpoint === undefined) throw wrong(id, "names no token endpoint");
  const methods = found.code_challenge_methods_supported;
  // defence: pkce-is-not-given-up
  if (Array.isArray(methods) && !methods.includes("S256"))
    throw wrong(id, "lists ways to protect a code (PKCE) without S256");
  const ways = found.token_endpoint_auth_methods_supported;
  return {
    id: found.issuer,
    authorizationEndpoint: endpoint("authorization_endpoint", found.authorization_endpoint),
    tokenEndpoint,
    deviceEndpoint: endpoint("device_authorization_endpoint", found.device_authorization_endpoint),
    revocationEndpoint: endpoint("revocation_endpoint", found.revocation_endpoint),
    registrationEndpoint: endpoint("registration_endpoint", found.registration_endpoint),
    sendsIss: found.authorization_response_iss_parameter_supported === true,
    scopes: textsIn(found.scopes_supported),
    // By default it is in the header (RFC 8414 section 2).
    secretIn: Array.isArray(ways) && ways.includes("client_secret_post") ? "body" : "header",
  };
}

function textsIn(list: unknown): readonly string[] | undefined {
  return Array.isArray(list) ? list.filter((one): one is string => typeof one === "string").slice(0, 100) : undefined;
}

/** By https, without a user, at a name of the issuer's own domain, and at its port or the usual one. */
function endpointOf(name: string, value: unknown, id: URL): URL | undefined {
  if (value === undefined || value === null) return undefined;
  const url = typeof value === "string" ? URL.parse(value) : null;
  const isHttps = url !== null && url.protocol === "https:" && url.username === "" && url.password === "";
  // defence: endpoints-by-https
  if (!isHttps || url.hash !== "") throw wrong(id, `names a ${name} that is no https address`);
  // defence: endpoints-of-the-issuer
  if (!isName(url) || !isRelated(url.hostname, id.hostname) || (url.port !== "" && url.port !== id.port))
    throw wrong(id, `names a ${name} of another domain, ${shown(url.host)}`);
  return url;
}

/**
 * The same host, one below the other, or both directly below one name of two labels or more. A list of public suffixes would tell
 * `example.co.uk` from `co.uk`; without it two names below `co.uk` count as related, which only an issuer that is trusted can use.
 */
function isRelated(host: string, own: string): boolean {
  if (host === own) return true;
  if (host.endsWith(`.${own}`) || own.endsWith(`.${host}`)) return isAtLeastTwo(host) && isAtLeastTwo(own);
  const [above, ownAbove] = [parentOf(host), parentOf(own)];
  return above === ownAbove && isAtLeastTwo(above);
}

function parentOf(host: string): string {
  return host.slice(host.indexOf(".") + 1);
}

function isAtLeastTwo(host: string): boolean {
  return host.includes(".");
}

function wrong(id: URL, what: string): OAuthError {
  return new OAuthError("MAIL_AUTH_CREDENTIALS", `The issuer ${id.host} ${what}, so it is not used.`);
}
