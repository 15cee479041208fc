/** Chooses how to log in: the strongest mechanism that the server lists inside TLS, and never one below what the caller asked for. */
import { AuthenticationError } from "../errors/authentication-error.ts";
import { InputError } from "../errors/input-error.ts";
import { shown } from "../errors/shown.ts";
import { CramMd5Mechanism } from "./cram-md5.ts";
import type { Credentials, PasswordCredentials } from "./credentials.ts";
import { ExternalMechanism } from "./external.ts";
import type { ChannelBinding } from "./gs2-header.ts";
import { LoginMechanism } from "./login.ts";
import type { Mechanism, MechanismName } from "./mechanism.ts";
import { OauthMechanism } from "./oauth.ts";
import { PlainMechanism } from "./plain.ts";
import { ScramMechanism } from "./scram.ts";

export interface MechanismOptions {
  /** `scram`: the password never goes to the server, which has to prove itself. `scram-plus`: and it is bound to this TLS session. */
  readonly minimum?: "scram" | "scram-plus" | undefined;
  /** This mechanism and no other. */
  readonly mechanism?: MechanismName | undefined;
  /** The 32 octets of the TLS exporter (RFC 9266); absent on TLS 1.2. */
  readonly channelBinding?: Uint8Array | undefined;
}

/**
 * `offered` is the list of the AUTH capability from the EHLO reply inside TLS, in any case of letters.
 * Throws `InputError` (`MAIL_INPUT_OPTION`) for options that contradict each other or the credentials,
 * `AuthenticationError` with `MAIL_AUTH_NOT_OFFERED` where nothing acceptable is offered, and with
 * `MAIL_AUTH_CREDENTIALS` for credentials that the chosen mechanism cannot carry. Nothing has been said to the server then.
 */
export function chooseMechanism(
  offered: readonly string[],
  credentials: Credentials,
  options: MechanismOptions = {},
): Mechanism {
  const listed = new Set(offered.map((name) => name.toUpperCase()));
  const acceptable = narrow(candidates(credentials, listed, options.channelBinding), options);
  const chosen = acceptable.find(({ name, create }) => listed.has(name) && create !== undefined);
  if (chosen?.create === undefined) throw notOffered(listed, credentials, acceptable, options);
  return chosen.create();
}

interface Candidate {
  readonly name: MechanismName;
  /** `undefined` where this TLS session has no channel binding for it. */
  readonly create: (() => Mechanism) | undefined;
}

/** What the credentials can be used for, strongest first. */
function candidates(
  credentials: Credentials,
  listed: ReadonlySet<string>,
  exporter: Uint8Array | undefined,
): readonly Candidate[] {
  if ("external" in credentials) return [{ name: "EXTERNAL", create: () => new ExternalMechanism(credentials) }];
  if ("accessToken" in credentials)
    return (["OAUTHBEARER", "XOAUTH2"] as const).map((name) => ({
      name,
      create: () => new OauthMechanism(name, credentials),
    }));
  const passwordOnly: readonly Candidate[] = [
    { name: "CRAM-MD5", create: () => new CramMd5Mechanism(credentials) },
    { name: "PLAIN", create: () => new PlainMechanism(credentials) },
    { name: "LOGIN", create: () => new LoginMechanism(credentials) },
  ];
  return [
    ...scrams(credentials, listed, exporter),
    // CRAM-MD5 comes before PLAIN although it makes the server keep the password readable: a server that lists it does
    // so already, whatever we choose. What is left to decide is what this login hands over, and a digest is less than the password.
    // It proves nothing about the server and can be guessed at offline, so it does not count as `scram`.
    // Neither it nor LOGIN has a field for another identity: dropping that one silently would act as the wrong user.
    ...passwordOnly.filter(({ name }) => name === "PLAIN" || !credentials.authorizationId),
  ];
}

/**
 * Binding comes before the better hash: SHA-1 still stands in HMAC and PBKDF2, while an unbound login can be relayed by
 * whoever has a certificate for the server's name. It also means that no -PLUS was listed where an unbound one is chosen freely.
 */
function scrams(
  credentials: PasswordCredentials,
  listed: ReadonlySet<string>,
  exporter: Uint8Array | undefined,
): readonly Candidate[] {
  const plusListed = listed.has("SCRAM-SHA-256-PLUS") || listed.has("SCRAM-SHA-1-PLUS");
  const unbound: ChannelBinding = { flag: exporter !== undefined && !plusListed ? "y" : "n" };
  const hashes = ["SHA-256", "SHA-1"] as const;
  return [
    ...hashes.map((hash): Candidate => ({
      name: `SCRAM-${hash}-PLUS`,
      create: exporter && (() => new ScramMechanism(hash, credentials, { flag: "p", exporter })),
    })),
    ...hashes.map((hash): Candidate => ({
      name: `SCRAM-${hash}`,
      create: () => new ScramMechanism(hash, credentials, unbound),
    })),
  ];
}

/** The candidates that the options leave. */
function narrow(all: readonly Candidate[], { minimum, mechanism }: MechanismOptions): readonly Candidate[] {
  const strong = all.filter(({ name }) => reaches(name, minimum));
  if (strong.length === 0)
    throw new InputError(
      "MAIL_INPUT_OPTION",
      "auth.minimum",
      `"${shown(String(minimum))}" is about passwords, and these credentials can only be used for ${namesOf(all)}. Leave it out, or give a username and a password.`,
    );
  if (mechanism === undefined) return strong;
  const isFixed = ({ name }: Candidate): boolean => name === mechanism.toUpperCase();
  if (!all.some(isFixed))
    throw new InputError(
      "MAIL_INPUT_OPTION",
      "auth.mechanism",
      `"${shown(mechanism)}" cannot be used with these credentials. Choose one of ${namesOf(all)}, or leave it out.`,
    );
  if (!strong.some(isFixed))
    throw new InputError(
      "MAIL_INPUT_OPTION",
      "auth.mechanism",
      `${shown(mechanism)} is weaker than auth.minimum "${shown(String(minimum))}" allows. Leave one of the two out.`,
    );
  return strong.filter(isFixed);
}

function reaches(name: MechanismName, minimum: MechanismOptions["minimum"]): boolean {
  switch (minimum) {
    case undefined:
      return true;
    case "scram":
      return name.startsWith("SCRAM-");
    case "scram-plus":
      return name.endsWith("-PLUS");
    default:
      // From a caller without types: a word that is not understood must not count as no minimum.
      throw new InputError("MAIL_INPUT_OPTION", "auth.minimum", 'must be "scram" or "scram-plus", or left out.');
  }
}

function notOffered(
  listed: ReadonlySet<string>,
  credentials: Credentials,
  acceptable: readonly Candidate[],
  options: MechanismOptions,
): AuthenticationError {
  const offer = listed.size === 0 ? "no login at all" : shown([...listed].join(", "));
  return new AuthenticationError(
    "MAIL_AUTH_NOT_OFFERED",
    `The server offers ${offer}; acceptable here is ${namesOf(acceptable)}. ${advice(listed, credentials, acceptable, options)} Nothing of the credentials was sent.`,
  );
}

function advice(
  listed: ReadonlySet<string>,
  credentials: Credentials,
  acceptable: readonly Candidate[],
  { minimum, mechanism }: MechanismOptions,
): string {
  if (acceptable.every(({ create }) => create === undefined))
    return (
      "Channel binding (RFC 9266) needs TLS 1.3, and this session has an older version: have the server updated, " +
      "or ask for less than a -PLUS mechanism."
    );
  if (listed.size === 0)
    return "Perhaps it takes logins on another port (465 or 587), or needs none from here: then leave the credentials out.";
  if (mechanism !== undefined) return "Leave auth.mechanism out, or set it to one that is offered.";
  if (minimum !== undefined)
    return "If it offered more before, find out what changed. Lower auth.minimum only where its administrator says that it has nothing stronger.";
  if ("password" in credentials && (listed.has("OAUTHBEARER") || listed.has("XOAUTH2")))
    return "It takes an OAuth 2.0 token: give accessToken instead of password.";
  return "Give credentials for a mechanism that it offers, or ask its administrator for one of these.";
}

function namesOf(some: readonly Candidate[]): string {
  return some.map(({ name }) => name).join(", ");
}
