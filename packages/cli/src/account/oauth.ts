/** How an account signs in by OAuth, as its table `oauth` describes it: at which issuer, as which application, and who it acts for. */
import type { FileReference, SecretReference } from "./secret-reference.ts";

export interface OauthSettings {
  /** `google`, `microsoft`, or the issuer's `https://` identifier. */
  readonly issuer: string;
  /** Only Microsoft's; `undefined`: anybody's. */
  readonly tenant: string | undefined;
  readonly application: Application;
  /** Names, each after a space. `undefined`: what the issuer has for mail. */
  readonly scope: string | undefined;
  /** A file of authorities (PEM) that vouch for the issuer, beside the usual ones; absolute. */
  readonly ca: string | undefined;
  /** For whom a token is meant (RFC 8707), if the issuer wants to hear that. */
  readonly resource: string | undefined;
  readonly lineOf: (key?: OauthKey) => number | undefined;
}

/** `person`: somebody signs in. The others get their tokens without anybody. */
export type Application =
  | {
      readonly acts: "person" | "itself";
      readonly id: string;
      readonly proof: Proof | undefined;
      readonly loopback: Loopback | undefined;
    }
  /** Google's service account: its file of JSON. */
  | { readonly acts: "service-account"; readonly keyFile: FileReference<OauthKey> };

/** What its redirects call this machine; `undefined`: what the issuer is known to want. */
type Loopback = "127.0.0.1" | "localhost";

/** How the application proves that it is the registered one. */
export type Proof =
  | { readonly by: "secret"; readonly reference: SecretReference<OauthKey> }
  /** Files in PEM. The certificate's path is absolute. */
  | { readonly by: "key"; readonly key: FileReference<OauthKey>; readonly certificate: string | undefined };

export const oauthKeys = [
  "issuer",
  "tenant",
  "client-id",
  "client-secret-file",
  "client-secret-command",
  "client-key",
  "client-certificate",
  "flow",
  "key-file",
  "redirect",
  "scope",
  "resource",
  "ca",
] as const;
export type OauthKey = (typeof oauthKeys)[number];
