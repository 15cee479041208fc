/** A mailer's credentials, made from a source of tokens. */
import { type CredentialsFunction, InputError } from "@postseal/mailer";
import type { TokenSource } from "./token-source.ts";

/**
 * For `createMailer(server, { credentials: tokenCredentials("alice@example.com", source) })`: a token that is valid, for this server,
 * and another one if the server refuses it. Throws `InputError`.
 */
export function tokenCredentials(username: string, source: TokenSource): CredentialsFunction {
  if (typeof username !== "string" || username === "")
    throw new InputError("MAIL_INPUT_OPTION", "username", "is the user's name at the mail server, such as the address");
  if (typeof source?.token !== "function" || typeof source.refused !== "function")
    throw new InputError("MAIL_INPUT_OPTION", "source", "is no source of tokens: give signedIn(…) or another one");
  return async ({ signal, server, refused }) => {
    if (refused !== undefined) source.refused(refused.credentials.accessToken);
    return { username, accessToken: await source.token({ signal, server }) };
  };
}
