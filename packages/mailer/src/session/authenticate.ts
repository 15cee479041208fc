/** Drives one SASL exchange over a sealed channel (RFC 4954). */
import { AuthenticationError } from "../errors/authentication-error.ts";
import { InputError } from "../errors/input-error.ts";
import type { Channel } from "../net/channel.ts";
import { withDeadline } from "../net/deadline.ts";
import { readOptions } from "../policy/own-options.ts";
import { timeoutOf } from "../policy/timeouts.ts";
import { answerChallenge, type AuthReply, beginAuth, cancelAuth, protocolError } from "../protocol/auth.ts";
import type { Capabilities } from "../protocol/capabilities.ts";
import type { Credentials, CredentialsFunction, CredentialsSource } from "../sasl/credentials.ts";
import type { Mechanism } from "../sasl/mechanism.ts";
import { loadTables } from "../sasl/preparation.ts";
import { formsOf, secretForms } from "../sasl/secret-forms.ts";
import { chooseMechanism, type MechanismOptions } from "../sasl/select.ts";
import { describeReply, factsOf, type Reply, severityOf } from "../wire/reply.ts";
import { checkSignal } from "./call-options.ts";
import { drive, type DriveOptions } from "./drive.ts";

/** The channel binding is the session's own, never the caller's. */
export type AuthenticationOptions = Omit<MechanismOptions, "channelBinding">;

type LoginOptions = AuthenticationOptions & { readonly signal?: AbortSignal | undefined };

const AUTH_NAMES: ReadonlySet<string> = new Set(["minimum", "mechanism"]);
const LOGIN_NAMES: ReadonlySet<string> = new Set([...AUTH_NAMES, "signal"]);
const CREDENTIAL_NAMES: ReadonlySet<string> = new Set([
  "username",
  "password",
  "accessToken",
  "external",
  "authorizationId",
]);

/** Throws `InputError` for an option that does not exist: a misspelt minimum would be none. */
export function readAuthentication(options: AuthenticationOptions): AuthenticationOptions {
  return readOptions(options, AUTH_NAMES, { field: "auth", code: "MAIL_INPUT_OPTION" });
}

/** The same beside the signal of one login. */
export function readLoginOptions(options: LoginOptions): LoginOptions {
  const own = readOptions(options, LOGIN_NAMES, { field: "auth", code: "MAIL_INPUT_OPTION" });
  checkSignal(own.signal);
  return own;
}

/** More challenges than any mechanism here can have: a server that goes on for ever is cut off. */
const MOST_CHALLENGES = 8;

export interface Login {
  readonly credentials: CredentialsSource;
  readonly options: AuthenticationOptions;
  /** Learnt inside TLS. */
  readonly offered: Capabilities;
  readonly channelBinding: Uint8Array | undefined;
  readonly peer: string;
}

/** Returns the name of the mechanism that succeeded. Throws `AuthenticationError`; the caller then closes the session. */
export async function authenticateOver(channel: Channel, login: Login, options: DriveOptions): Promise<string> {
  const { credentials, offered, peer, channelBinding } = login;
  const mechanisms = offered.parameters("AUTH");
  if (mechanisms.length === 0) {
    throw new AuthenticationError(
      "MAIL_AUTH_NOT_OFFERED",
      `${peer} offers no AUTH, not even inside TLS. It may be a relay that needs none: then give no credentials; or the wrong port: submission is 587 or 465.`,
    );
  }
  // Only here is a secret asked for: TLS is up, and the peer has proved who it is.
  const source = typeof credentials === "function" ? await fetched(credentials, peer, options) : credentials;
  const given = readOptions(source, CREDENTIAL_NAMES, { field: "credentials", code: "MAIL_INPUT_OPTION" });
  await loadTables(given);
  const { minimum, mechanism: fixed } = login.options;
  const mechanism = chooseMechanism(mechanisms, given, { minimum, mechanism: fixed, channelBinding });
  // The server may say back what it is told; its words go into errors and receipts, the secret does not.
  channel.conceal(secretForms(given));
  await exchange(mechanism, channel, peer, options);
  return mechanism.name;
}

/** The caller's function may not heed the signal, and may never answer: the session does not wait for ever. */
async function fetched(source: CredentialsFunction, peer: string, options: DriveOptions): Promise<Credentials> {
  const { signal } = options;
  const timeout = timeoutOf("auth", options.timeouts);
  const late = `The credentials for ${peer} were not there within ${timeout / 1000} s (timeouts.auth).`;
  const given: unknown = await withDeadline<unknown>({ phase: "auth", timeout, late, signal }, (resolve, reject) => {
    const fail = (cause: unknown): void =>
      reject(
        new AuthenticationError(
          "MAIL_AUTH_CREDENTIALS",
          `The function that fetches the credentials for ${peer} failed.`,
          {
            cause,
          },
        ),
      );
    const fetching = async (): Promise<void> => resolve(await source({ signal }));
    fetching().catch(fail);
    return () => {};
  });
  if (isCredentials(given)) return given;
  throw new InputError("MAIL_INPUT_OPTION", "credentials", "the function gave nothing to log in with");
}

function isCredentials(given: unknown): given is Credentials {
  return typeof given === "object" && given !== null;
}

async function exchange(mechanism: Mechanism, channel: Channel, peer: string, options: DriveOptions): Promise<void> {
  const { name } = mechanism;
  let reply: AuthReply = await drive(beginAuth(name, mechanism.initialResponse, peer), channel, options);
  for (let challenges = 0; reply.kind === "challenge"; challenges += 1) {
    reply = await answer(mechanism, reply.octets, challenges, channel, peer, options);
  }
  if (reply.kind === "failure") throw reply.error;
  if (reply.kind === "refused") throw refused(reply.reply, mechanism, peer);
  mechanism.finish();
}

async function answer(
  mechanism: Mechanism,
  challenge: Uint8Array,
  challenges: number,
  channel: Channel,
  peer: string,
  options: DriveOptions,
): Promise<AuthReply> {
  const { name } = mechanism;
  try {
    if (challenges >= MOST_CHALLENGES) throw protocolError(name, `${peer} sent more challenges than ${name} has.`);
    const response = await mechanism.respond(challenge);
    if (mechanism.proof !== undefined) channel.conceal(formsOf(mechanism.proof));
    return await drive(answerChallenge(name, response, peer), channel, options);
  } catch (error) {
    if (!(error instanceof AuthenticationError) || !channel.isOpen) throw error;
    return drive(cancelAuth(name, peer, error), channel, options);
  }
}

function refused(reply: Reply, mechanism: Mechanism, peer: string): AuthenticationError {
  const facts = factsOf(reply);
  const more = mechanism.refusal === undefined ? "" : ` ${mechanism.refusal}`;
  const said = `It said: "${describeReply(facts)}"${more}`;
  const about = { mechanism: mechanism.name, reply: facts };
  return severityOf(reply) === "transient"
    ? new AuthenticationError(
        "MAIL_AUTH_DEFERRED",
        `${peer} could not check the credentials just now (AUTH ${mechanism.name}). Try again later. ${said}`,
        { ...about, disposition: "retry" },
      )
    : new AuthenticationError(
        "MAIL_AUTH_REFUSED",
        `${peer} refused the credentials (AUTH ${mechanism.name}). Check the user name and the password; some providers want an app password or OAuth. ${said}`,
        about,
      );
}
