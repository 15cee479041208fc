/** Judges options of Nodemailer: which put mail at risk, and which have no place in an account. */
import type { Finding } from "./draft.ts";
import { mayComeFromVariable } from "./settings/sorted.ts";
import type { Option } from "./nodemailer-options.ts";

type Judge = (value: unknown) => readonly [kind: Finding["kind"], what: string, now: string] | undefined;

const FIXED = 'The policy is fixed; min-tls = "1.3" and require-post-quantum = true ask for more';
const quiet: Judge = () => undefined;
const onlyIf =
  (at: unknown, ...finding: NonNullable<ReturnType<Judge>>): Judge =>
  (value) =>
    value === at ? finding : undefined;
const always =
  (...finding: NonNullable<ReturnType<Judge>>): Judge =>
  () =>
    finding;
const secret =
  (what: string): Judge =>
  (value) =>
    typeof value === "string" && value !== ""
      ? [
          "unsafe",
          // defence: found-secret-is-not-printed
          `${what} is written in this file`,
          "Accounts hold no secrets. Remove it here, and change it: anybody who has read this file, or a backup of it, knows it",
        ]
      : undefined;
const pooled = always(
  "left-out",
  "a command sends one message and ends",
  "Programs have a pool of their own in the library",
);

/** By the path in lower case. */
const TABLE = {
  ignoretls: onlyIf(
    true,
    "unsafe",
    "STARTTLS is never used, although the server offers it: password and mail went in the clear",
    "TLS is always on",
  ),
  opportunistictls: onlyIf(
    true,
    "unsafe",
    "if STARTTLS fails, the session goes on in the clear: an attacker who makes it fail reads along",
    "If TLS fails, nothing is sent",
  ),
  requiretls: onlyIf(false, "unsafe", "TLS is not required", "TLS is always on"),
  "tls.rejectunauthorized": onlyIf(
    false,
    "unsafe",
    "no certificate is checked: any server that answers gets the password",
    "It is verified. For a private server give its authority (ca) or its key (trust-pins)",
  ),
  "tls.ciphers": always(
    "unsafe",
    "a list of ciphers, which becomes outdated, and can allow old ones again (SSLv3 and the like)",
    FIXED,
  ),
  "tls.secureprotocol": always("unsafe", "one old protocol, even if the server has better ones", FIXED),
  "tls.secureoptions": always("unsafe", "options of OpenSSL, such as its legacy renegotiation", FIXED),
  "tls.ecdhcurve": always("unsafe", "a list of groups, which keeps the post-quantum one out", FIXED),
  "tls.sigalgs": always("unsafe", "a list of signature algorithms, which can allow SHA-1 again", FIXED),
  "tls.maxversion": always("unsafe", "a newest protocol: better ones are refused", FIXED),
  "tls.mindhsize": always("unsafe", "weak key exchanges are allowed", "There is no finite-field Diffie-Hellman here"),
  "tls.minversion": (value) =>
    value === "TLSv1.2" || value === "TLSv1.3"
      ? undefined
      : ["unsafe", "protocols before TLS 1.2 are allowed", 'TLS 1.2 is the oldest; min-tls = "1.3" asks for more'],
  "tls.servername": always(
    "left-out",
    "the certificate is checked for a name that is not the host's",
    "The name in server is checked: write the one in the certificate",
  ),
  "tls.ca": always(
    "left-out",
    "an authority in PEM",
    "Save it as a file, and write its path into ca (as well as the public ones) or ca-only (instead of them)",
  ),
  "tls.cert": always(
    "left-out",
    "a client certificate in PEM",
    "Save it as a file, and write its path into client-certificate and client-key",
  ),
  "tls.key": secret("a private key"),
  "tls.passphrase": secret("the passphrase of a key"),
  "tls.pfx": secret("a private key"),
  "auth.pass": secret("the password"),
  "auth.accesstoken": secret("an access token"),
  "auth.refreshtoken": secret("a refresh token"),
  "auth.clientsecret": secret("the secret of an OAuth client"),
  "auth.privatekey": secret("a private key"),
  "auth.clientid": always("left-out", "Nodemailer fetches tokens itself", "A program fetches them: token-command"),
  "auth.method": always(
    "left-out",
    "one way to log in",
    "The strongest that the server offers is used; mechanism names one, minimum demands more",
  ),
  "dkim.privatekey": secret("the key for DKIM signatures"),
  authmethod: always(
    "left-out",
    "one way to log in",
    "The strongest that the server offers is used; mechanism names one, minimum demands more",
  ),
  debug: onlyIf(
    true,
    "unsafe",
    "the conversation goes into the log, with its recipients and texts",
    "sendmail -v prints what became of a message",
  ),
  logger: onlyIf(true, "unsafe", "the log records what is sent to whom", "sendmail -v prints what became of a message"),
  proxy: always("left-out", "an account has no proxy", "The connection is made without it; the library has connect"),
  pool: onlyIf(
    true,
    "left-out",
    "a command sends one message and ends",
    "Programs have a pool of their own in the library",
  ),
  maxconnections: pooled,
  maxmessages: pooled,
  ratedelta: pooled,
  ratelimit: pooled,
  name: always("left-out", "the name of this machine is not sent", "It is [127.0.0.1] for every client"),
  localaddress: always("left-out", "the system chooses the address", "If the server looks at it, set up a route"),
  connectiontimeout: always("left-out", "every step has its own deadline", "postseal send has --timeout for the whole"),
  greetingtimeout: always("left-out", "every step has its own deadline", "postseal send has --timeout for the whole"),
  sockettimeout: always("left-out", "every step has its own deadline", "postseal send has --timeout for the whole"),
  dnstimeout: always("left-out", "every step has its own deadline", "postseal send has --timeout for the whole"),
  allowinternalnetworkinterfaces: quiet,
  disablefileaccess: quiet,
  disableurlaccess: quiet,
  transport: (value) =>
    typeof value === "string" && !/^smtp$/i.test(value)
      ? ["left-out", "it does not name SMTP: the program did not send through this server", "The account does"]
      : undefined,
  secureconnection: always("left-out", "Nodemailer ignores it: its name was changed to secure", "TLS is always on"),
  service: quiet,
  host: quiet,
  port: quiet,
  secure: quiet,
  from: (value) =>
    typeof value === "string" && value !== "" && !/^(?:[^<]*<)?[^\s<>,@]+@[^\s<>,@]+>?[ \t]*$/.test(value)
      ? ["left-out", "it is not one address", "Write the addresses into from, or choose the account with --account"]
      : undefined,
  "auth.user": (value) =>
    typeof value === "string" && /\s/.test(value)
      ? ["left-out", "it has several words", "Write the user into server: submission://USER@HOST"]
      : undefined,
  "auth.type": quiet,
  "auth.expires": quiet,
  "auth.accessurl": quiet,
} satisfies Readonly<Record<string, Judge>>;
const JUDGES: ReadonlyMap<string, Judge> = new Map(Object.entries<Judge>(TABLE));

export function judgeNodemailerOption(path: string, { name, value, line, variable }: Option): Finding | undefined {
  if (variable !== undefined && path !== "auth.pass")
    return value === ""
      ? { line, kind: "left-out", what: `${name} comes from an environment variable`, now: "Write it into the account" }
      : mayComeFromVariable(name, line);
  const judge = JUDGES.get(path);
  if (judge === undefined) {
    // Options of TLS go to OpenSSL, so an unknown one may be harmful. Unknown names are not quoted.
    return path.startsWith("tls.")
      ? { line, kind: "unsafe", what: "an option of TLS that could weaken it", now: FIXED }
      : { line, kind: "left-out", what: "this option has no place in an account", now: "Check what it was for" };
  }
  const found = judge(value);
  if (found === undefined) return undefined;
  const [kind, what, now] = found;
  return {
    line,
    kind,
    what: `${name}${kind === "unsafe" && typeof value === "boolean" ? `: ${value}` : ""}: ${what}`,
    now,
  };
}
