/** Drives one SASL exchange over a sealed channel (RFC 4954). */
import { AuthenticationError } from "../errors/authentication-error.ts";
import { copyOf, MailError } from "../errors/mail-error.ts";
import { NetworkError } from "../errors/network-error.ts";
import { withDeadline } from "../net/deadline.ts";
import { readOptions, withoutPrototype } from "../policy/own-options.ts";
import { timeoutOf } from "../policy/timeouts.ts";
import { answerChallenge, type AuthReply, beginAuth, cancelAuth, protocolError } from "../protocol/auth.ts";
import type { Capabilities } from "../protocol/capabilities.ts";
import {
  assertCredentials,
  type Credentials,
  type CredentialsFunction,
  type CredentialsSource,
  explainCredentials,
  judgeCredentials,
  type RefusedLogin,
} from "../sasl/credentials.ts";
import type { Mechanism } from "../sasl/mechanism.ts";
import { formsOf, secretForms } from "../sasl/secret-forms.ts";
import { assertUsable, chooseMechanism, judgeChoice, type MechanismOptions } from "../sasl/select.ts";
import type { SealedChannel } from "../tls/sealed-channel.ts";
import type { Concealment } from "../wire/concealment.ts";
import type { Reply } from "../wire/reply.ts";
import { checkSignal } from "./call-options.ts";
import type { DialogueOptions } from "./conversation.ts";
import { drive } from "./drive.ts";
import { closedAfterRefusal, isSame, refusalError, refusedToken, refusedWithin } from "./refused-login.ts";

export type AuthenticationOptions = MechanismOptions;

type LoginOptions = AuthenticationOptions & { readonly signal?: AbortSignal | undefined };

const AUTH_NAMES: ReadonlySet<string> = new Set(["minimum", "mechanism"]);
const LOGIN_NAMES: ReadonlySet<string> = new Set([...AUTH_NAMES, "signal"]);
const CREDENTIALS = { field: "credentials", code: "MAIL_INPUT_OPTION", explain: explainCredentials } as const;
const CREDENTIAL_NAMES: ReadonlySet<string> = new Set([
  "username",
  "password",
  "accessToken",
  "external",
  "authorizationId",
]);

const AUTH = { field: "auth", code: "MAIL_INPUT_OPTION", explain: explainAuth } as const;

/** Throws `InputError` for an unknown option or value: a misspelt `minimum` would demand nothing. */
export function readAuthentication(options: AuthenticationOptions): AuthenticationOptions {
  const own = readOptions(options, AUTH_NAMES, AUTH);
  judgeChoice(own);
  return own;
}

/** Like `readAuthentication`, for a single login, which may have a signal. */
export function readLoginOptions(options: LoginOptions): LoginOptions {
  const own = readOptions(options, LOGIN_NAMES, AUTH);
  checkSignal(own.signal);
  judgeChoice(own);
  return own;
}

/** The caller's credentials, read once. Throws `InputError` if nobody could log in with them. */
function readCredentials(given: unknown, from?: string): Credentials {
  assertCredentials(given, from);
  const own = readOptions(given, CREDENTIAL_NAMES, CREDENTIALS);
  // A name on Object.prototype must not seem to be among them.
  return withoutPrototype(judgeCredentials(own, from));
}

/** Like `readCredentials`, and for these options; a function is called later. */
export function readCredentialsSource(given: CredentialsSource, options: AuthenticationOptions): CredentialsSource {
  if (typeof given === "function") return given;
  const credentials = readCredentials(given);
  judgeChoice(options, credentials);
  return credentials;
}

function explainAuth(name: string): string | undefined {
  if (/^(?:user|pass|username|password|accessToken|credentials)$/.test(name))
    return "auth says which mechanisms may be used; who logs in is credentials: { username, password }";
  return name === "mechanisms" || name === "type" || name === "method"
    ? "there is no such option; it is auth.mechanism here, and names one mechanism"
    : undefined;
}

/** No mechanism here has as many challenges: a server that goes on for ever is cut off. */
const MOST_CHALLENGES = 8;

export interface Login {
  readonly credentials: CredentialsSource;
  readonly options: AuthenticationOptions;
  /** Learnt inside TLS. */
  readonly offered: Capabilities;
  readonly channelBinding: Uint8Array | undefined;
  /** The name that it has proved. */
  readonly server: string;
  /** The server as errors name it. */
  readonly peer: string;
  /** Strikes secrets out of the server's words, which go into errors and receipts. */
  readonly concealment: Concealment;
}

/** Returns the name of the mechanism that succeeded. Throws `AuthenticationError`; the caller then closes the session. */
export async function authenticateOver(
  channel: SealedChannel,
  login: Login,
  options: DialogueOptions,
): Promise<string> {
  const { credentials, offered, peer, channelBinding, concealment } = login;
  const mechanisms = offered.parameters("AUTH");
  if (mechanisms.length === 0) {
    throw new AuthenticationError(
      "MAIL_AUTH_NOT_OFFERED",
      `${peer} offers no AUTH, not even inside TLS. If it is a relay that needs no login, leave out the credentials; otherwise the port may be wrong: submission uses 587 or 465.`,
    );
  }
  const { minimum, mechanism: fixed } = login.options;
  const choice = { minimum, mechanism: fixed, channelBinding, show: (text: string) => concealment.strike(text) };
  // defence: no-use-no-secret
  if (typeof credentials === "function") assertUsable(mechanisms, choice);
  const attempt = async (given: Credentials): Promise<RefusedToken | string> => {
    // defence: fetched-secret-is-struck-out
    concealment.add(secretForms(given));
    const mechanism = chooseMechanism(mechanisms, given, choice);
    const refusal = await exchange(mechanism, channel, login, options);
    if (refusal === undefined) return mechanism.name;
    const refused = refusedToken(given, { reply: refusal, mechanism, show: choice.show });
    if (refused === undefined || typeof credentials !== "function") throw refusalError(refusal, mechanism, login);
    return { refused, error: refusalError(refusal, mechanism, login) };
  };
  // The only place that asks for a secret: TLS is up, the peer has proved who it is, and a mechanism may need it.
  if (typeof credentials !== "function") return nameOf(await attempt(credentials));
  const first = await attempt(await fetched(credentials, login, options));
  if (typeof first === "string") return first;
  const other = await fetched(credentials, login, options, first.refused);
  // The same token would be refused again, and some servers lock an account for that.
  // defence: refused-token-is-not-repeated
  if (isSame(other, first.refused)) throw first.error;
  try {
    return nameOf(await attempt(other));
  } catch (error) {
    // Some servers close after a refusal. The function has another token now, for the next connection.
    const isClosed = error instanceof NetworkError && error.code === "MAIL_NETWORK_LOST";
    throw isClosed ? closedAfterRefusal(first.error, peer) : error;
  }
}

/** A token that the server refused, and the error for it. */
interface RefusedToken {
  readonly refused: RefusedLogin;
  readonly error: AuthenticationError;
}

function nameOf(result: RefusedToken | string): string {
  if (typeof result !== "string") throw result.error;
  return result;
}

/** The caller's function may ignore the signal and never answer, so it gets a deadline. */
async function fetched(
  source: CredentialsFunction,
  { peer, server }: Login,
  options: DialogueOptions,
  refused?: RefusedLogin,
): Promise<Credentials> {
  const { signal } = options;
  const timeout = timeoutOf("auth", options.timeouts);
  const late = `The function that fetches the credentials for ${peer} did not answer within ${timeout / 1000} s (timeouts.auth).`;
  const given: unknown = await withDeadline<unknown>({ phase: "auth", timeout, late, signal }, (resolve, reject) => {
    // It knows best whether a login can succeed later, or what its user has to do. It may throw the same error again.
    const fail = (cause: unknown): void =>
      reject(
        cause instanceof AuthenticationError
          ? copyOf(cause)
          : new AuthenticationError(
              "MAIL_AUTH_CREDENTIALS",
              `The function that fetches the credentials for ${peer} failed.`,
              { cause },
            ),
      );
    const facts = refused === undefined ? { signal, server } : { signal, server, refused };
    const fetching = async (): Promise<void> => resolve(await source(facts));
    fetching().catch(fail);
    return () => {};
  });
  return readCredentials(given, ", which the function returned");
}

/** Returns the reply that refuses the login, or nothing if it succeeded. */
async function exchange(
  mechanism: Mechanism,
  channel: SealedChannel,
  login: Login,
  options: DialogueOptions,
): Promise<Reply | undefined> {
  const { peer, concealment } = login;
  const { name } = mechanism;
  let reply: AuthReply;
  try {
    reply = await drive(beginAuth(name, mechanism.initialResponse, peer), channel, options);
    for (let challenges = 0; reply.kind === "challenge"; challenges += 1) {
      if (challenges >= MOST_CHALLENGES) throw protocolError(name, `${peer} sent more challenges than ${name} has.`);
      const response = await mechanism.respond(reply.octets);
      // defence: proof-of-the-challenge-is-struck-out
      if (mechanism.proof !== undefined) concealment.add(formsOf(mechanism.proof));
      reply = await drive(answerChallenge(name, response, peer), channel, options);
    }
  } catch (error) {
    // defence: bad-challenge-is-cancelled
    if (error instanceof AuthenticationError) {
      // The challenge was bad, and the server still waits for an answer to it. An alarm about the challenge must not get lost,
      // so whatever the server says or does after the "*" changes nothing.
      channel.failing(error);
      // defence: alarm-outlives-what-follows
      await drive(cancelAuth(), channel, options).catch(() => {});
    } else if (error instanceof MailError && mechanism.refusal !== undefined)
      // defence: refused-token-stays-refused
      throw refusedWithin(mechanism, login, error);
    throw error;
  }
  if (reply.kind === "refused") return reply.reply;
  mechanism.finish();
  return undefined;
}
