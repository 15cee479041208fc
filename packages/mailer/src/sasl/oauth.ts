/** OAUTHBEARER (RFC 7628) and its predecessor XOAUTH2: an OAuth 2.0 access token instead of a password. */
import { AuthenticationError } from "../errors/authentication-error.ts";
import { unexpectedChallenge } from "./challenge.ts";
import type { TokenCredentials } from "./credentials.ts";
import { formatGs2Header } from "./gs2-header.ts";
import type { Mechanism, TokenRefusal } from "./mechanism.ts";
import { checkText, prepareSecret, secretOctets, unusable } from "./preparation.ts";
import type { Secret } from "./secret.ts";

/** The `b64token` of RFC 6750 section 2.1: no character of it can end its field. */
const TOKEN = /^[A-Za-z0-9\-._~+/]+=*$/;
/** The error codes of RFC 6750 section 3.1, and the HTTP statuses that some servers send instead. */
const STATUSES: ReadonlySet<string> = new Set([
  "invalid_request",
  "invalid_token",
  "insufficient_scope",
  "400",
  "401",
  "403",
]);

export class OauthMechanism implements Mechanism {
  readonly name: "OAUTHBEARER" | "XOAUTH2";
  readonly #username: string;
  readonly #token: Secret;
  #refusal: TokenRefusal | undefined;

  /** Throws `AuthenticationError` (`MAIL_AUTH_CREDENTIALS`) for a name or token that could forge another field. */
  constructor(name: "OAUTHBEARER" | "XOAUTH2", { username, accessToken }: TokenCredentials) {
    this.name = name;
    this.#username = checkText(name, "username", username);
    if (username.includes("\x01"))
      throw unusable(name, "username", "holds the character \\x01, which separates the fields of this login.");
    this.#token = prepareSecret(name, "accessToken", accessToken, checkText);
    if (!TOKEN.test(this.#token.reveal()))
      throw unusable(
        name,
        "accessToken",
        "is not a bearer token (RFC 6750 section 2.1): only letters, digits and -._~+/ are allowed, then any =. Pass the access token alone, without the word Bearer.",
      );
  }

  get initialResponse(): Uint8Array {
    const start = this.name === "XOAUTH2" ? `user=${this.#username}` : formatGs2Header("n", this.#username);
    return secretOctets(`${start}\x01auth=Bearer ${this.#token.reveal()}\x01\x01`);
  }

  get refusal(): TokenRefusal | undefined {
    return this.#refusal;
  }

  /** The only challenge says why the token was refused; the reply to this answer is the refusal itself (RFC 7628 section 3.2.3). */
  respond(challenge: Uint8Array): Uint8Array {
    if (this.#refusal !== undefined) throw unexpectedChallenge(this.name);
    this.#refusal = refusalIn(challenge);
    return this.name === "XOAUTH2" ? new Uint8Array(0) : Uint8Array.of(0x01);
  }

  finish(): void {
    if (this.#refusal !== undefined)
      throw new AuthenticationError(
        "MAIL_AUTH_PROTOCOL",
        `The server refused the access token within ${this.name}, and then said that the login succeeded. One of the two is not true, so the session is not used.`,
        { mechanism: this.name },
      );
  }
}

/** `scope-token`s (RFC 6749 section 3.3). */
const SCOPE = /^[!#-[\]-~]+(?: [!#-[\]-~]+)*$/;
const LONGEST_SCOPE = 300;
const LONGEST_URL = 300;
const WELL_KNOWN = "/.well-known/";

function refusalIn(challenge: Uint8Array): TokenRefusal {
  const found = parseJson(Buffer.from(challenge).toString());
  const said =
    typeof found === "object" && found !== null ? new Map<string, unknown>(Object.entries(found)) : new Map();
  const scope: unknown = said.get("scope");
  const issuer = issuerIn(said.get("openid-configuration"));
  return {
    status: statusIn(said.get("status")),
    ...(typeof scope === "string" && scope.length <= LONGEST_SCOPE && SCOPE.test(scope) ? { scope } : {}),
    ...(issuer === undefined ? {} : { issuer }),
  };
}

/** Only known words are repeated: a server could put the token into its status, and so into logs. */
function statusIn(status: unknown): string {
  const text = typeof status === "number" ? String(status) : status;
  // defence: listed-statuses-alone
  return typeof text === "string" && STATUSES.has(text) ? text : "an error that RFC 6750 does not list";
}

/** The issuer whose metadata is at this address (RFC 8414 section 3). */
function issuerIn(address: unknown): string | undefined {
  if (typeof address !== "string" || address.length > LONGEST_URL || !URL.canParse(address)) return undefined;
  const { protocol, origin, pathname, username, password } = new URL(address);
  if (protocol !== "https:" || username !== "" || password !== "") return undefined;
  const at = pathname.indexOf(WELL_KNOWN);
  return at === -1 ? origin : `${origin}${pathname.slice(0, at)}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
