/** Chooses how to log in: the strongest mechanism that the server lists inside TLS, never one below the caller's minimum. */
import { AuthenticationError } from "../errors/authentication-error.ts";
import { InputError } from "../errors/input-error.ts";
import { shown } from "../errors/shown.ts";
import { CramMd5Mechanism } from "./cram-md5.ts";
import type { Credentials } from "./credentials.ts";
import { ExternalMechanism } from "./external.ts";
import type { ChannelBinding } from "./gs2-header.ts";
import { LoginMechanism } from "./login.ts";
import {
  certificateMechanisms,
  type Mechanism,
  type MechanismName,
  mechanismNames,
  type Minimum,
  passwordMechanisms,
  tokenMechanisms,
} from "./mechanism.ts";
import { OauthMechanism } from "./oauth.ts";
import { PlainMechanism } from "./plain.ts";
import { scramHashOf, ScramMechanism } from "./scram.ts";

export interface MechanismOptions {
  /** `scram`: the password is never sent, and the server has to prove itself. `scram-plus`: the login is bound to this TLS session too. */
  readonly minimum?: Minimum | undefined;
  /** This mechanism and no other. */
  readonly mechanism?: MechanismName | undefined;
}

/** What the session adds to the caller's options. */
export interface Choice extends MechanismOptions {
  /** The 32 octets of the TLS exporter (RFC 9266); absent on TLS 1.2. */
  readonly channelBinding?: Uint8Array | undefined;
  /** Turns the server's words into what may be shown. */
  readonly show?: ((text: string) => string) | undefined;
}

/**
 * `offered` is the list of the AUTH capability from the EHLO reply inside TLS, in any case of letters.
 * Throws `InputError` (`MAIL_INPUT_OPTION`) for options that contradict each other or the credentials,
 * `AuthenticationError` with `MAIL_AUTH_NOT_OFFERED` if nothing acceptable is offered, and with
 * `MAIL_AUTH_CREDENTIALS` for credentials that the chosen mechanism cannot carry. Nothing of the login was sent by then.
 */
export function chooseMechanism(offered: readonly string[], credentials: Credentials, options: Choice = {}): Mechanism {
  const offer = offerOf(offered, options);
  const acceptable = narrow(namesFor(credentials), options);
  const chosen = acceptable.find((name) => isPossible(name, offer));
  if (chosen === undefined) throw notOffered(offer, "password" in credentials, acceptable, options);
  return create(chosen, credentials, offer);
}

/**
 * Throws if `chooseMechanism` would throw for credentials of every kind: called before a secret is fetched, so that none
 * is fetched in vain.
 */
export function assertUsable(offered: readonly string[], options: Choice = {}): void {
  const offer = offerOf(offered, options);
  const acceptable = narrow(mechanismNames, options);
  if (!acceptable.some((name) => isPossible(name, offer))) throw notOffered(offer, false, acceptable, options);
}

/** Throws `InputError` for options that no server could meet, alone or with these credentials: before connecting. */
export function judgeChoice(options: MechanismOptions, credentials?: Credentials): void {
  const { mechanism } = options;
  if (mechanism !== undefined && !isKnown(mechanism))
    throw new InputError(
      "MAIL_INPUT_OPTION",
      "auth.mechanism",
      `is no mechanism that Postseal speaks. Choose one of ${mechanismNames.join(", ")}, or leave it out.`,
    );
  narrow(credentials === undefined ? mechanismNames : namesFor(credentials), options);
}

function isKnown(mechanism: unknown): boolean {
  return typeof mechanism === "string" && mechanismNames.some((name) => name === mechanism.toUpperCase());
}

interface Offer {
  readonly listed: ReadonlySet<string>;
  /** The list, safe to show. */
  readonly words: string;
  readonly exporter: Uint8Array | undefined;
}

function offerOf(offered: readonly string[], { channelBinding, show }: Choice): Offer {
  const words = offered.join(", ");
  return {
    listed: new Set(offered.map((name) => name.toUpperCase())),
    // defence: offers-are-shown-without-secrets
    words: words === "" ? "no login at all" : shown(show?.(words) ?? words),
    exporter: channelBinding,
  };
}

/** What the credentials can be used for. */
function namesFor(credentials: Credentials): readonly MechanismName[] {
  if ("external" in credentials) return certificateMechanisms;
  if ("accessToken" in credentials) return tokenMechanisms;
  // CRAM-MD5 and LOGIN have no field for another identity: silently dropping it would act as the wrong user.
  return credentials.authorizationId
    ? passwordMechanisms.filter((name) => name !== "CRAM-MD5" && name !== "LOGIN")
    : passwordMechanisms;
}

/** Whether it is offered, and the channel binding that it may need is there. */
function isPossible(name: MechanismName, { listed, exporter }: Offer): boolean {
  return listed.has(name) && (exporter !== undefined || !isBound(name));
}

function isBound(name: MechanismName): boolean {
  return name.endsWith("-PLUS");
}

function create(name: MechanismName, credentials: Credentials, { listed, exporter }: Offer): Mechanism {
  if ("external" in credentials) return new ExternalMechanism(credentials);
  if ("accessToken" in credentials)
    return new OauthMechanism(name === "XOAUTH2" ? "XOAUTH2" : "OAUTHBEARER", credentials);
  switch (name) {
    case "CRAM-MD5":
      return new CramMd5Mechanism(credentials);
    case "PLAIN":
      return new PlainMechanism(credentials);
    case "LOGIN":
      return new LoginMechanism(credentials);
    default: {
      const isPlusListed = passwordMechanisms.some((one) => isBound(one) && listed.has(one));
      const unbound: ChannelBinding = { flag: exporter !== undefined && !isPlusListed ? "y" : "n" };
      const binding: ChannelBinding = isBound(name) && exporter !== undefined ? { flag: "p", exporter } : unbound;
      return new ScramMechanism(scramHashOf(name), credentials, binding);
    }
  }
}

/** The names that the options allow. */
function narrow(all: readonly MechanismName[], { minimum, mechanism }: MechanismOptions): readonly MechanismName[] {
  const strong = all.filter((name) => reaches(name, minimum));
  if (strong.length === 0)
    throw new InputError(
      "MAIL_INPUT_OPTION",
      "auth.minimum",
      `"${shown(String(minimum))}" is about passwords, and these credentials can only be used for ${all.join(", ")}. Leave it out, or give a username and a password.`,
    );
  if (mechanism === undefined) return strong;
  const isFixed = (name: MechanismName): boolean => name === mechanism.toUpperCase();
  if (!all.some(isFixed))
    throw new InputError(
      "MAIL_INPUT_OPTION",
      "auth.mechanism",
      `"${shown(mechanism)}" cannot be used with these credentials. Choose one of ${all.join(", ")}, or leave it out.`,
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
      // A caller without types may write anything: an unknown word must not count as no minimum.
      throw new InputError("MAIL_INPUT_OPTION", "auth.minimum", 'must be "scram" or "scram-plus", or left out.');
  }
}

function notOffered(
  offer: Offer,
  isPassword: boolean,
  acceptable: readonly MechanismName[],
  options: MechanismOptions,
): AuthenticationError {
  return new AuthenticationError(
    "MAIL_AUTH_NOT_OFFERED",
    `The server offers ${offer.words}; acceptable here is ${acceptable.join(", ")}. ${advice(offer, isPassword, acceptable, options)} Nothing of the credentials was sent.`,
  );
}

function advice(
  { listed, exporter }: Offer,
  isPassword: boolean,
  acceptable: readonly MechanismName[],
  { minimum, mechanism }: MechanismOptions,
): string {
  if (exporter === undefined && acceptable.every(isBound))
    return (
      "Channel binding (RFC 9266) needs TLS 1.3, and this session has an older version: have the server updated, " +
      "or ask for less than a -PLUS mechanism."
    );
  if (listed.size === 0)
    return "Perhaps it takes logins on another port (465 or 587), or needs none from here: then leave the credentials out.";
  if (mechanism !== undefined) return "Leave auth.mechanism out, or set it to one that is offered.";
  if (minimum !== undefined)
    return "If it offered more before, find out what changed. Lower auth.minimum only if its administrator says that it has nothing stronger.";
  if (isPassword && tokenMechanisms.some((name) => listed.has(name)))
    return "It takes an OAuth 2.0 token: give accessToken instead of password.";
  return "Give credentials for a mechanism that it offers, or ask its administrator for one of these.";
}
