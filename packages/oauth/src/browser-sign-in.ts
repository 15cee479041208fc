/** Signs in by a browser (RFC 8252): on this machine by way of a loopback address, or on another one by an address that is pasted. */
import { randomBytes } from "node:crypto";
import { InputError, Secret } from "@postseal/mailer";
import { calculatePKCECodeChallenge, generateRandomCodeVerifier } from "oauth4webapi";
import { complete, readTerms, type Terms } from "./completion.ts";
import { grant } from "./grant.ts";
import { uninterrupted } from "./interruption.ts";
import { listenOnLoopback, type Loopback, type Page } from "./loopback.ts";
import { OAuthError } from "./oauth-error.ts";
import { codeIn, type Expected, ForeignRedirect, REDIRECT_PATH } from "./redirect.ts";
import type { SignIn, SignInOptions } from "./sign-in.ts";
import type { StoredTokens } from "./tokens.ts";

/** Listens, and opens no browser: the caller does, with `local`. Throws `InputError` or `OAuthError`. */
export async function startBrowserSignIn(options: SignInOptions): Promise<SignIn> {
  const terms = readTerms(options);
  terms.signal?.throwIfAborted();
  const { authorizationEndpoint } = terms.issuer;
  if (authorizationEndpoint === undefined)
    throw new OAuthError("MAIL_AUTH_CREDENTIALS", `${terms.issuer.id} has no page to sign in at.`);
  // A browser would run javascript:, and open file:.
  // defence: only-https-to-the-browser
  if (authorizationEndpoint.protocol !== "https:")
    throw new InputError("MAIL_INPUT_URL", "issuer.authorizationEndpoint", "is not by https");
  return BrowserSignIn.start(terms, authorizationEndpoint);
}

class BrowserSignIn implements SignIn {
  readonly url: URL;
  readonly local: URL;
  readonly #terms: Terms;
  readonly #loopback: Loopback;
  readonly #expected: Expected;
  readonly #verifier: Secret;
  readonly #finished = Promise.withResolvers<StoredTokens>();
  #isStarted = false;
  #isAnswered = false;

  static async start(terms: Terms, authorizationEndpoint: URL): Promise<BrowserSignIn> {
    const name = terms.client.loopback ?? terms.issuer.loopback ?? "127.0.0.1";
    const verifier = new Secret(generateRandomCodeVerifier());
    const challenge = await calculatePKCECodeChallenge(verifier.reveal());
    let signIn: BrowserSignIn | undefined;
    // Listens before the address is made, so that nobody else can have the port.
    const loopback = await listenOnLoopback(name, (address) =>
      signIn === undefined ? { status: 503, text: "Not yet." } : signIn.#answer(address),
    );
    signIn = new BrowserSignIn(terms, loopback, { name, authorizationEndpoint, verifier, challenge });
    return signIn;
  }

  private constructor(
    terms: Terms,
    loopback: Loopback,
    made: {
      readonly name: string;
      readonly authorizationEndpoint: URL;
      readonly verifier: Secret;
      readonly challenge: string;
    },
  ) {
    const { issuer, client, scope, resource, loginHint, signal } = terms;
    const origin = `http://${made.name}:${loopback.port}`;
    // Microsoft compares the path, and has none.
    const redirectUri =
      made.name === "localhost" && client.loopback === undefined ? origin : `${origin}${REDIRECT_PATH}`;
    const state = randomBytes(32).toString("base64url");
    this.#terms = terms;
    this.#loopback = loopback;
    this.#verifier = made.verifier;
    this.#expected = { issuer, redirectUri, state };
    this.local = new URL(`http://127.0.0.1:${loopback.port}/${randomBytes(16).toString("base64url")}`);
    this.url = new URL(made.authorizationEndpoint);
    const parameters = [
      ...(issuer.parameters ?? []),
      ["response_type", "code"],
      ["client_id", client.id],
      ["redirect_uri", redirectUri],
      ["scope", scope],
      ["state", state],
      ["code_challenge", made.challenge],
      ["code_challenge_method", "S256"],
      ...(resource === undefined ? [] : [["resource", resource] as const]),
      ...(loginHint === undefined ? [] : [["login_hint", loginHint] as const]),
    ] as const;
    for (const [name, value] of parameters) this.url.searchParams.set(name, value);
    this.#finished.promise.catch(() => {});
    signal?.addEventListener("abort", () => void this.#end(signal.reason), { once: true });
  }

  async finish(pasted?: string): Promise<StoredTokens> {
    if (pasted === undefined || this.#isAnswered) return this.#finished.promise;
    const address = URL.parse(pasted.trim());
    try {
      if (address === null) throw new ForeignRedirect("it is no address: paste the whole line of the browser");
      this.#take(address);
    } catch (error) {
      if (!(error instanceof ForeignRedirect)) throw error;
      throw new OAuthError(
        "MAIL_AUTH_SIGN_IN",
        `This is not the address at which this sign-in ended: ${error.message}.`,
      );
    }
    return this.#finished.promise;
  }

  async close(): Promise<void> {
    await this.#end(new OAuthError("MAIL_AUTH_SIGN_IN", "The sign-in was ended before it was finished."));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #answer(address: URL): Page {
    if (address.pathname === this.local.pathname) return this.#begin();
    try {
      this.#take(address);
      return { status: 200, text: "Thank you. You can close this page: what comes next is in the terminal." };
    } catch (error) {
      if (error instanceof ForeignRedirect) return { status: 404, text: "There is nothing here." };
      return { status: 400, text: "The sign-in failed. The reason is in the terminal." };
    }
  }

  /** Once: if it is asked for twice, somebody else may have been the first, and could sign us in to his account. */
  #begin(): Page {
    // defence: start-is-served-once
    if (this.#isStarted) {
      const what =
        "The address that begins the sign-in was opened twice. If you did not do that, another program of this machine did";
      void this.#end(new OAuthError("MAIL_AUTH_SIGN_IN", `${what}. Nothing was signed in: begin again.`));
      return { status: 410, text: "This sign-in has ended. Begin again in the terminal." };
    }
    this.#isStarted = true;
    return { status: 302, text: "Go on at the page to sign in.", location: this.url.href };
  }

  /** Throws `ForeignRedirect` for what is no answer to this sign-in: then the wait goes on. */
  #take(address: URL): void {
    // defence: state-is-used-once
    if (this.#isAnswered) throw new ForeignRedirect("the sign-in has its answer already");
    let code: Secret;
    try {
      code = new Secret(codeIn(address, this.#expected));
    } catch (error) {
      if (!(error instanceof ForeignRedirect)) void this.#end(error);
      throw error;
    }
    this.#isAnswered = true;
    this.#exchange(code).then(
      (tokens) => this.#succeed(tokens),
      (error: unknown) => this.#end(error),
    );
  }

  #exchange(code: Secret): Promise<StoredTokens> {
    const { issuer, client, https, resource } = this.#terms;
    return uninterrupted(async () =>
      complete(
        await grant({
          issuer,
          client,
          https,
          type: "authorization_code",
          parameters: {
            code: code.reveal(),
            redirect_uri: this.#expected.redirectUri,
            code_verifier: this.#verifier.reveal(),
            ...(resource === undefined ? {} : { resource }),
          },
          secrets: [code, this.#verifier],
          purpose: "exchange the code for a token",
        }),
        this.#terms,
      ),
    );
  }

  async #succeed(tokens: StoredTokens): Promise<void> {
    this.#finished.resolve(tokens);
    await this.#loopback.close();
  }

  async #end(reason: unknown): Promise<void> {
    this.#isAnswered = true;
    this.#finished.reject(reason);
    await this.#loopback.close();
  }
}
