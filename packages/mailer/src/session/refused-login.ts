/** A login that the server refused: what it says about it, and what to do. */
import { AuthenticationError } from "../errors/authentication-error.ts";
import type { MailError } from "../errors/mail-error.ts";
import type { ReplyFacts } from "../outcome/receipt.ts";
import type { Credentials, RefusedLogin } from "../sasl/credentials.ts";
import { type Mechanism, tokenMechanisms } from "../sasl/mechanism.ts";
import { Secret } from "../sasl/secret.ts";
import type { Concealment } from "../wire/concealment.ts";
import { describeReply, factsOf, type Reply, severityOf } from "../wire/reply.ts";

interface Server {
  readonly peer: string;
  readonly concealment: Concealment;
}

/** The challenge contained the refusal; the reply that confirms it did not come. */
export function refusedWithin(mechanism: Mechanism, server: Server, cause: MailError): AuthenticationError {
  const { name } = mechanism;
  return new AuthenticationError(
    "MAIL_AUTH_REFUSED",
    `${server.peer} refused the access token (AUTH ${name})${whyOf(mechanism, server)}. Get a new one. The connection then failed.`,
    { mechanism: name, cause },
  );
}

/** `reply` ended the login. */
export function refusalError(reply: Reply, mechanism: Mechanism, server: Server): AuthenticationError {
  const { peer } = server;
  const { name } = mechanism;
  const facts = factsOf(reply);
  const said = `It said: "${describeReply(facts)}"${whyOf(mechanism, server)}`;
  const about = { mechanism: name, reply: facts };
  if (severityOf(reply) === "transient")
    return new AuthenticationError(
      "MAIL_AUTH_DEFERRED",
      `${peer} could not check the credentials just now (AUTH ${name}). Try again later. ${said}`,
      { ...about, disposition: "retry" },
    );
  const what = isToken(mechanism) ? "access token" : "credentials";
  return new AuthenticationError(
    "MAIL_AUTH_REFUSED",
    `${peer} refused the ${what} (AUTH ${name}). ${adviceFor(facts, mechanism)} ${said}`,
    about,
  );
}

/** The server refused a token and closed; the next connection has another one. */
export function closedAfterRefusal(refusal: AuthenticationError, peer: string): AuthenticationError {
  const { mechanism, reply } = refusal;
  return new AuthenticationError(
    "MAIL_AUTH_DEFERRED",
    `${peer} refused the access token and closed the connection. There is another token now: try again.`,
    { mechanism, reply, disposition: "retry", cause: refusal },
  );
}

/** Whether it is such an error: a mailer then connects once more. */
export function isClosedAfterRefusal(error: unknown): boolean {
  return (
    error instanceof AuthenticationError &&
    error.code === "MAIL_AUTH_DEFERRED" &&
    error.cause instanceof AuthenticationError &&
    error.cause.code === "MAIL_AUTH_REFUSED"
  );
}

/** What the function that gave a token hears of its refusal; nothing if it was no token, or was not refused for good. */
export function refusedToken(
  credentials: Credentials,
  {
    reply,
    mechanism,
    show,
  }: { readonly reply: Reply; readonly mechanism: Mechanism; readonly show: (text: string) => string },
): RefusedLogin | undefined {
  if (!("accessToken" in credentials) || severityOf(reply) === "transient") return undefined;
  const { username, accessToken } = credentials;
  const { status, scope, issuer } = mechanism.refusal ?? {};
  return {
    credentials: { username, accessToken: accessToken instanceof Secret ? accessToken : new Secret(accessToken) },
    reply: factsOf(reply),
    ...(status === undefined ? {} : { status }),
    ...(scope === undefined ? {} : { scope: show(scope) }),
    ...(issuer === undefined ? {} : { issuer: show(issuer) }),
  };
}

export function isSame(credentials: Credentials, { credentials: refused }: RefusedLogin): boolean {
  if (!("accessToken" in credentials) || credentials.username !== refused.username) return false;
  const { accessToken } = credentials;
  return (accessToken instanceof Secret ? accessToken.reveal() : accessToken) === refused.accessToken.reveal();
}

function isToken({ name }: Mechanism): boolean {
  return tokenMechanisms.some((one) => one === name);
}

/** Why the server refused a token, as it says within the login. */
function whyOf({ refusal }: Mechanism, { concealment }: Server): string {
  if (refusal === undefined) return "";
  const { status, scope, issuer } = refusal;
  const facts = [
    status,
    ...(scope === undefined ? [] : [`it wants the scope "${concealment.strike(scope)}"`]),
    ...(issuer === undefined ? [] : [`of ${concealment.strike(issuer)}`]),
  ];
  return ` (${facts.join("; ")})`;
}

/** What a reply means at providers that many people use, and what helps. Dated in docs/guide/gmail-and-microsoft-365.md. */
function adviceFor({ enhanced, text }: ReplyFacts, mechanism: Mechanism): string {
  if (enhanced === "5.7.139" && /SmtpClientAuthentication is disabled/i.test(text))
    return "SMTP AUTH is switched off for this mailbox or its organisation: an administrator switches it on (Set-CASMailbox -Identity MAILBOX -SmtpClientAuthenticationDisabled $false).";
  if (enhanced === "5.7.139" && /basic authentication is disabled/i.test(text))
    return "It takes no passwords any more: log in with an access token (OAuth).";
  if (!isToken(mechanism)) return "Check the user name and the password; some providers want an app password or OAuth.";
  if (enhanced === "5.7.3")
    return "The token may be for another service than SMTP, or the user may be a shared mailbox: log in as yourself, and make the shared address the sender.";
  return "It may have expired or been withdrawn, lack the right scope, or be another user's: get a new one.";
}
