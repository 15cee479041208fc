/** A mailer from the options that `send` and `verify` share. */
import type { Mailer, MechanismName } from "@postseal/mailer";
import type { Arguments } from "./arguments.ts";
import { CommandError } from "./command-error.ts";
import { credentialsOf } from "./credentials.ts";
import { serverOf } from "./server.ts";
import { printable } from "./terminal.ts";
import { tlsOptionsOf } from "./tls.ts";

/** Throws `CommandError` and `InputError`. Nothing connects yet. */
export async function mailerOf(given: Arguments): Promise<Mailer> {
  const server = serverOf(given, process.env);
  const credentials = await credentialsOf(given, server, { environment: process.env, warn });
  const tls = await tlsOptionsOf(given);
  const auth = { ...mechanismOf(given.one("mechanism")), ...minimumOf(given.one("minimum")) };
  // Late: a mistake on the command line is told without waiting for the library and its authorities.
  const { createMailer } = await import("@postseal/mailer");
  return createMailer(server.url, { tls, auth, ...(credentials === undefined ? {} : { credentials }) });
}

function warn(message: string): void {
  process.stderr.write(`postseal: warning: ${printable(message)}\n`);
}

const MECHANISMS: readonly MechanismName[] = [
  "SCRAM-SHA-256-PLUS",
  "SCRAM-SHA-1-PLUS",
  "SCRAM-SHA-256",
  "SCRAM-SHA-1",
  "CRAM-MD5",
  "PLAIN",
  "LOGIN",
  "OAUTHBEARER",
  "XOAUTH2",
  "EXTERNAL",
];

function mechanismOf(given: string | undefined): { readonly mechanism?: MechanismName } {
  if (given === undefined) return {};
  const mechanism = MECHANISMS.find((name) => name === given.toUpperCase());
  if (mechanism === undefined) throw new CommandError("CLI_USAGE", `--mechanism is one of ${MECHANISMS.join(", ")}`);
  return { mechanism };
}

function minimumOf(given: string | undefined): { readonly minimum?: "scram" | "scram-plus" } {
  if (given === undefined) return {};
  if (given === "scram" || given === "scram-plus") return { minimum: given };
  throw new CommandError(
    "CLI_USAGE",
    "--minimum is scram (a login that does not show the password) or scram-plus (one bound to this TLS session)",
  );
}
