/** Which application a new account signs in as: by options, registered on the way, or asked. */
import path from "node:path";
import type { Client, Issuer } from "@postseal/oauth";
import type { DraftWords } from "../account/draft.ts";
import { isKnown } from "../account/oauth-keys.ts";
import { clientSecretFileOf } from "../account/secret-file.ts";
import { CommandError } from "../command-error.ts";
import { httpsOf, issuerOf } from "../oauth/issuer.ts";
import { knownIssuerOf, likelyTenantOf } from "../oauth/known-issuers.ts";
import { missing, type Questions } from "./questions.ts";
import { wordsOf } from "./secret-question.ts";

export interface ApplicationAnswer {
  /** What the account's table `oauth` has besides the issuer. */
  readonly table: Readonly<Record<string, DraftWords>>;
  /** What was typed, to be written into a file of its own. */
  readonly clientSecret: string | undefined;
  /** Whether a person has to sign in. */
  readonly isPersonal: boolean;
}

/** The standard right to use mail, of the profile for open clients (draft-ietf-mailmaint-oauth-public). */
const MAIL_SCOPE = "urn:ietf:params:oauth:scope:mail";
const OFFLINE = "offline_access";

/** `issuer`: as it was written. Throws `CommandError` and `OAuthError`. */
export async function applicationOf(
  questions: Questions,
  { issuer, name, address }: { readonly issuer: string; readonly name: string; readonly address: string },
): Promise<ApplicationAnswer> {
  const { given } = questions;
  const written: readonly (readonly [string, DraftWords | undefined])[] = [
    ["tenant", issuer === "microsoft" ? await tenantOf(questions, address) : undefined],
    ["flow", given.has("client-credentials") ? "client-credentials" : undefined],
    ["resource", given.one("resource")],
    ["ca", pathOf(given.one("issuer-ca"))],
    ["key-file", pathOf(given.one("key-file"))],
    ["client-key", pathOf(given.one("client-key"))],
    ["client-certificate", pathOf(given.one("client-certificate"))],
    ["client-secret-file", pathOf(given.one("client-secret-file"))],
    ["client-secret-command", wordsGiven(given.one("client-secret-command"))],
  ];
  const found = isKnown(issuer) ? undefined : await foundIssuer(questions, issuer);
  const scope = given.one("scope") ?? (found === undefined ? undefined : await scopeFor(questions, found));
  const about = present([...written, ["scope", scope]]);
  if (given.has("key-file")) return { table: about, clientSecret: undefined, isPersonal: false };
  const { id, loopback, secret: registered } = await clientOf(questions, issuer, found);
  const { Secret } = await import("@postseal/mailer");
  const clientSecret = registered instanceof Secret ? registered.reveal() : await typedSecret(questions, issuer);
  const secret = clientSecret === undefined ? {} : { "client-secret-file": clientSecretFileOf(name) };
  const redirect = loopback === undefined ? {} : { redirect: loopback };
  const table = { "client-id": id, ...about, ...redirect, ...secret };
  return { table, clientSecret, isPersonal: !given.has("client-credentials") };
}

function pathOf(written: string | undefined): string | undefined {
  return written === undefined ? undefined : path.resolve(written);
}

function wordsGiven(written: string | undefined): readonly string[] | undefined {
  return written === undefined ? undefined : wordsOf(written, "client-secret-command");
}

function present(
  entries: readonly (readonly [string, DraftWords | undefined])[],
): Readonly<Record<string, DraftWords>> {
  return Object.fromEntries(entries.flatMap(([key, words]) => (words === undefined ? [] : [[key, words]])));
}

/** The domain of an address need not be one of the tenant's, so without a terminal none is assumed: then it is anybody's. */
async function tenantOf({ given, dialogue }: Questions, address: string): Promise<string | undefined> {
  const tenant = given.one("tenant");
  if (tenant !== undefined) return tenant;
  if (dialogue !== undefined)
    return dialogue.ask(
      "Tenant (a domain or the id of your organisation; consumers for a personal account)",
      likelyTenantOf(address),
    );
  if (given.has("client-credentials")) throw missing("tenant", "a domain or the id of your organisation");
  return undefined;
}

interface Found {
  readonly issuer: Issuer;
  readonly register: () => Promise<Client>;
}

async function foundIssuer({ given }: Questions, issuer: string): Promise<Found> {
  const application = { acts: "person", id: "", proof: undefined, loopback: undefined } as const;
  const [ca, nothing] = [pathOf(given.one("issuer-ca")), { tenant: undefined, scope: undefined, resource: undefined }];
  const about = { file: "--issuer-ca", oauth: { ...nothing, issuer, application, ca, lineOf: () => undefined } };
  const found = await issuerOf(about);
  return {
    issuer: found,
    register: async () => {
      const { register } = await import("@postseal/oauth");
      return register(found, { name: "Postseal", https: await httpsOf(about) });
    },
  };
}

/** What the issuer calls the right to use mail. It is asked for if the issuer does not list the standard name. */
async function scopeFor({ dialogue }: Questions, { issuer: { scopes = [] } }: Found): Promise<string> {
  if (scopes.includes(MAIL_SCOPE)) return scopes.includes(OFFLINE) ? `${MAIL_SCOPE} ${OFFLINE}` : MAIL_SCOPE;
  if (dialogue === undefined) throw missing("scope", "what the issuer calls the right to send mail");
  dialogue.say("The issuer does not list the standard right to use mail. Its help pages say what it is called there.");
  return dialogue.ask("Scope, with a space between names");
}

/** Registered on the way if the issuer allows it (RFC 7591); else somebody has to have done it. */
async function clientOf({ given, dialogue }: Questions, issuer: string, found: Found | undefined): Promise<Client> {
  const id = given.one("client-id");
  if (id !== undefined) return { id };
  const isPersonal = !given.has("client-credentials");
  if (isPersonal && found?.issuer.registrationEndpoint !== undefined) {
    const client = await found.register();
    dialogue?.say(`Registered at ${found.issuer.id} as ${client.id}: no application of your own is needed.`);
    return client;
  }
  if (dialogue === undefined) throw missing("client-id", "the application that you registered with the issuer");
  if (isPersonal) for (const line of knownIssuerOf({ issuer })?.registration ?? []) dialogue.say(line);
  return { id: await dialogue.ask("Client id") };
}

/** Google's applications have a secret, and those that act for themselves; others of a person have none. */
async function typedSecret({ given, dialogue }: Questions, issuer: string): Promise<string | undefined> {
  const isGiven = given.oneOf("client-secret-file", "client-secret-command", "client-key") !== undefined;
  if (isGiven || (issuer !== "google" && !given.has("client-credentials"))) return undefined;
  if (dialogue === undefined) {
    const what = "the application has a secret: give --client-secret-file FILE or --client-secret-command";
    throw new CommandError("CLI_USAGE", `there is no terminal to ask on, and ${what}`);
  }
  for (;;) {
    const typed = await dialogue.askHidden("Client secret (nothing is shown)");
    if (typed !== "") return typed;
    dialogue.say("Nothing was typed. Ctrl-C ends this.");
  }
}
