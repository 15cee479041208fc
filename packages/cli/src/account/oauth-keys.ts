/** Reads the table `oauth` of an account. The package for OAuth judges later whether an issuer answers as it should. */
import type { AccountKey } from "./account.ts";
import type { FileReference } from "./secret-reference.ts";
import { type Application, type OauthKey, oauthKeys, type OauthSettings, type Proof } from "./oauth.ts";
import { placeOf } from "./place.ts";
import { referenceOf } from "./secret-keys.ts";
import { type Reading, TableReader } from "./table-reader.ts";

const TABLE =
  'Write oauth = { issuer = "google", client-id = "…" }: google, microsoft, or an address such as https://id.example.com';
const ISSUER = 'Write issuer = "google", "microsoft", or its address: "https://id.example.com"';

/** `undefined` if there is none, or if it has problems. */
export function oauthOf(account: TableReader<AccountKey>, name: string, reading: Reading): OauthSettings | undefined {
  const table = account.table("oauth", TABLE);
  if (table === undefined) return undefined;
  const before = reading.problems.length;
  const reader = new TableReader<OauthKey>(table, ["accounts", name, "oauth"], reading);
  reader.refuseUnknown(oauthKeys, explainKey);
  const issuer = issuerOf(reader);
  const application = applicationOf(reader, issuer, reading.file);
  const settings = {
    tenant: tenantOf(reader, issuer),
    scope: scopeOf(reader, issuer),
    resource: reader.text("resource", 'Write resource = "…", as the issuer calls the mail server'),
    ca: caOf(reader, issuer, reading.file),
    lineOf: (key?: OauthKey) => reader.lineOf(key),
  };
  if (issuer === undefined || application === undefined || reading.problems.length > before) return undefined;
  return { ...settings, issuer, application };
}

function issuerOf(reader: TableReader<OauthKey>): string | undefined {
  const issuer = reader.text("issuer", ISSUER);
  if (!reader.has("issuer")) reader.problem(undefined, "there is no issuer", ISSUER);
  const isIssuer = issuer === undefined || isIssuerName(issuer);
  if (!isIssuer) reader.problem("issuer", "issuer is neither google nor microsoft nor an https address", ISSUER);
  return isIssuer ? issuer : undefined;
}

/** `google`, `microsoft`, or an issuer identifier (RFC 8414 section 2): https, without a query or a fragment. */
export function isIssuerName(issuer: string): boolean {
  if (isKnown(issuer)) return true;
  const url = URL.canParse(issuer) && !/[?#\s]/.test(issuer) ? new URL(issuer) : undefined;
  return url?.protocol === "https:" && `${url.username}${url.password}` === "";
}

export function isKnown(issuer: string): issuer is "google" | "microsoft" {
  return issuer === "google" || issuer === "microsoft";
}

function tenantOf(reader: TableReader<OauthKey>, issuer: string | undefined): string | undefined {
  const remedy = 'Write tenant = "example.com", the id of the organisation, or "consumers" for personal accounts';
  const tenant = reader.text("tenant", remedy);
  if (tenant === undefined) return undefined;
  if (issuer !== undefined && issuer !== "microsoft")
    reader.problem("tenant", "only Microsoft has tenants", "Leave tenant out");
  else if (!/^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$/.test(tenant))
    reader.problem("tenant", "tenant is neither a domain nor an id", remedy);
  return tenant;
}

function applicationOf(
  reader: TableReader<OauthKey>,
  issuer: string | undefined,
  file: string,
): Application | undefined {
  const flow = reader.word("flow", ["client-credentials"]);
  if (reader.has("key-file")) return serviceAccountOf(reader, issuer, file);
  const id = reader.text("client-id", 'Write client-id = "…": the id of the application that you registered');
  if (!reader.has("client-id"))
    reader.problem(
      undefined,
      "there is no client-id",
      "Register an application with the issuer, and write its id: client-id",
    );
  const proof = proofOf(reader, file);
  const loopback = reader.word("redirect", ["127.0.0.1", "localhost"]);
  if (flow !== undefined && issuer === "google") {
    const remedy = 'Give the file of a service account instead: key-file = "service-account.json"';
    reader.problem("flow", "Google has no client credentials for mail", remedy);
  } else if (flow !== undefined && proof === undefined && !hasProof(reader)) {
    const remedy = "Give client-secret-file, client-secret-command or client-key";
    reader.problem("flow", "an application that acts for itself has to prove which one it is", remedy);
  }
  return id === undefined ? undefined : { acts: flow === undefined ? "person" : "itself", id, proof, loopback };
}

function serviceAccountOf(
  reader: TableReader<OauthKey>,
  issuer: string | undefined,
  file: string,
): Application | undefined {
  const keyFile = reader.text("key-file", 'Write key-file = "service-account.json"');
  const other = ([...PROOFS, "client-id", "client-certificate", "flow", "redirect"] as const).find((key) =>
    reader.has(key),
  );
  if (other !== undefined) reader.problem(other, `key-file says already who asks`, `Leave ${other} out`);
  if (issuer !== undefined && issuer !== "google")
    reader.problem("key-file", "only Google has service accounts with a file of their own", "Leave key-file out");
  return keyFile === undefined
    ? undefined
    : { acts: "service-account", keyFile: keyIn("key-file", placeOf(keyFile, file), reader) };
}

const PROOFS = ["client-secret-file", "client-secret-command", "client-key"] as const;

function hasProof(reader: TableReader<OauthKey>): boolean {
  return PROOFS.some((key) => reader.has(key));
}

function proofOf(reader: TableReader<OauthKey>, file: string): Proof | undefined {
  const [key, second] = PROOFS.filter((one) => reader.has(one));
  if (second !== undefined) {
    reader.problem(second, `${key} and ${second} exclude each other`, "Keep one of them");
    return undefined;
  }
  const certificate = reader.text("client-certificate", 'Write client-certificate = "client.pem"');
  if (reader.has("client-certificate") && key !== "client-key")
    reader.problem("client-certificate", "there is a certificate, but no key", 'Write client-key = "client.key"');
  if (key === undefined) return undefined;
  if (key !== "client-key") {
    const reference = referenceOf(reader, key, { use: "client secret", file });
    return reference === undefined ? undefined : { by: "secret", reference };
  }
  const path = reader.text("client-key", 'Write client-key = "client.key"');
  if (path === undefined) return undefined;
  const place = certificate === undefined ? undefined : placeOf(certificate, file);
  return { by: "key", key: keyIn("client-key", placeOf(path, file), reader), certificate: place };
}

function keyIn(key: OauthKey, path: string, reader: TableReader<OauthKey>): FileReference<OauthKey> {
  return { use: "private key", key, line: () => reader.lineOf(key), from: "file", path };
}

function scopeOf(reader: TableReader<OauthKey>, issuer: string | undefined): string | undefined {
  const remedy =
    'Write what a token must allow, as the issuer calls it: scope = "urn:ietf:params:oauth:scope:mail offline_access"';
  const scope = reader.text("scope", remedy);
  if (issuer !== undefined && !isKnown(issuer) && !reader.has("scope"))
    reader.problem(undefined, "there is no scope", remedy);
  // RFC 6749 section 3.3.
  if (scope === undefined || /^[!#-[\]-~]+(?: [!#-[\]-~]+)*$/.test(scope)) return scope;
  reader.problem("scope", "scope is not a list of names with single spaces between them", remedy);
  return undefined;
}

function caOf(reader: TableReader<OauthKey>, issuer: string | undefined, file: string): string | undefined {
  const ca = reader.text("ca", 'Write ca = "/path/to/ca.pem"');
  if (ca === undefined) return undefined;
  if (issuer !== undefined && isKnown(issuer))
    reader.problem("ca", "this issuer has a certificate of a public authority", "Leave ca out");
  return placeOf(ca, file);
}

function explainKey(key: string): { readonly what: string; readonly remedy: string } | undefined {
  if (!/^(?:client-?secret|secret|refresh-?token|access-?token|token|password)$/i.test(key.replaceAll("_", "-")))
    return undefined;
  return {
    what: "a secret is written in this file, where backups keep it and anybody who sees the screen can read it",
    remedy: /secret/i.test(key)
      ? 'Take it out, and make a new one. Say where it is: client-secret-file = "work.client", or client-secret-command'
      : "Take it out. postseal account sign-in gets a token, and keeps it in a file of its own",
  };
}
