/** Tokens for a mailbox of a Google Workspace, by the key of a service account that may act for its users (RFC 7523 section 2.1). */
import { InputError, Secret } from "@postseal/mailer";
import { createSealedHttps, type HttpsOptions, readOptions } from "@postseal/mailer/internal";
import { applicationSource } from "./client-credentials.ts";
import { secretFrom } from "./client-authentication.ts";
import { google, GOOGLE_SCOPE } from "./google.ts";
import { grant, type Granted } from "./grant.ts";
import type { Issuer } from "./issuer.ts";
import { signedJwt } from "./jwt.ts";
import { mailServers } from "./mail-servers.ts";
import { memoryStore } from "./memory-store.ts";
import { readPrivate } from "./private-file.ts";
import { assertScope } from "./scope.ts";
import type { TokenSource } from "./token-source.ts";
import type { TokenStore } from "./tokens.ts";

export interface ServiceAccountOptions {
  /** The JSON file that Google makes, readable by this user alone; or a function that returns its text. */
  readonly keyFile: string | (() => Secret | Promise<Secret>);
  /** The mailbox to act for. */
  readonly subject: string;
  /** Default `https://mail.google.com/`, the only one that SMTP takes. */
  readonly scope?: string | undefined;
  readonly servers?: readonly string[] | undefined;
  readonly store?: TokenStore | undefined;
  /** Default `google`. */
  readonly issuer?: Issuer | undefined;
  readonly https?: HttpsOptions | undefined;
}

const NAMES: ReadonlySet<string> = new Set(["keyFile", "subject", "scope", "servers", "store", "issuer", "https"]);

/** Throws `InputError`. The key can send and read as anybody of the domain: keep it as you would keep all of their passwords. */
export function serviceAccount(options: ServiceAccountOptions): TokenSource {
  const own = readOptions(options, NAMES, { field: "", code: "MAIL_INPUT_OPTION" });
  const { keyFile, subject, scope = GOOGLE_SCOPE, store = memoryStore(), issuer = google, https } = own;
  assertScope(scope);
  if (typeof subject !== "string" || !/^[^\s\p{Cc}]{1,254}@[^\s\p{Cc}@]{1,253}$/u.test(subject))
    throw new InputError("MAIL_INPUT_OPTION", "subject", "is the address of the mailbox to act for");
  const carrier = createSealedHttps(https);
  const terms = { issuer, clientId: subject, scope, servers: mailServers(own.servers, issuer) };
  return applicationSource(store, terms, async (): Promise<Granted> => {
    const key = readKey(await keyText(keyFile), issuer);
    const assertion = new Secret(
      signedJwt(
        key.privateKey,
        {
          issuer: key.email,
          subject,
          audience: issuer.tokenEndpoint.href,
          claims: { scope },
          keyId: key.id,
          rsa: "RS256",
        },
        "keyFile",
      ),
    );
    return grant({
      issuer,
      client: { id: key.email },
      https: carrier,
      type: "urn:ietf:params:oauth:grant-type:jwt-bearer",
      parameters: { assertion: assertion.reveal() },
      secrets: [assertion],
      purpose: `give a token for ${subject}`,
    });
  });
}

async function keyText(keyFile: ServiceAccountOptions["keyFile"]): Promise<string> {
  if (typeof keyFile === "function") return (await secretFrom(keyFile, "keyFile")).reveal();
  const text = await readPrivate(keyFile);
  if (text === undefined) throw new InputError("MAIL_INPUT_OPTION", "keyFile", "there is no such file");
  return text;
}

interface Key {
  readonly email: string;
  readonly id: string | undefined;
  readonly privateKey: Secret;
}

/** A file could name another address for its assertions: it is used with the issuer's own alone. */
function readKey(text: string, issuer: Issuer): Key {
  const { client_email: email, private_key: key, private_key_id: id, token_uri: uri } = fieldsIn(text);
  if (typeof email !== "string" || typeof key !== "string" || !/^[\x21-\x7e]{3,320}$/.test(email))
    throw new InputError("MAIL_INPUT_OPTION", "keyFile", "is no key of a service account: make one of the type JSON");
  // defence: key-file-names-no-other-issuer
  if (uri !== issuer.tokenEndpoint.href)
    throw new InputError("MAIL_INPUT_OPTION", "keyFile", `its token_uri is not ${issuer.tokenEndpoint.href}`);
  return { email, id: typeof id === "string" ? id : undefined, privateKey: new Secret(key) };
}

interface KeyFields {
  readonly client_email?: unknown;
  readonly private_key?: unknown;
  readonly private_key_id?: unknown;
  readonly token_uri?: unknown;
}

function fieldsIn(text: string): KeyFields {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? { ...parsed } : {};
  } catch {
    // The parser's error quotes what it read.
    return {};
  }
}
