/** Everything that is public. */
export type { HttpsOptions } from "@postseal/mailer/internal";
export type { Client, ClientKey, KeySource, SecretSource } from "./client.ts";
export { google } from "./google.ts";
export type { Issuer } from "./issuer.ts";
export { microsoft } from "./microsoft.ts";
export { OAuthError, type OAuthErrorCode, type OAuthFacts } from "./oauth-error.ts";
export type { DeviceSignIn, SignIn, SignInOptions } from "./sign-in.ts";
export type { TokenSource } from "./token-source.ts";
export type { StoredTokens, TokenStore } from "./tokens.ts";
