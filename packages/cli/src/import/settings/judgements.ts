/** What is said of settings that many programs have, under whatever name. */
import { always, type Meaning, oneOf, type Said, unless, when } from "./meaning.ts";

const VERIFIED = "It is verified. For a private server give its authority (ca) or its key (trust-pins)";
const UNVERIFIED: Said = ["unsafe", "no certificate is checked: any server that answers gets the password", VERIFIED];
const FIXED = 'The policy is fixed; min-tls = "1.3" and require-post-quantum = true ask for more';

/** `VERIFY_PEER=false` and the like. */
export const verifies: Meaning = when("off", ...UNVERIFIED);
/** `SKIP_VERIFY=true` and the like. */
export const skipsVerifying: Meaning = when("on", ...UNVERIFIED);
/** `OPENSSL_VERIFY_MODE=none` and the like. */
export const verifyMode: Meaning = oneOf(/^(?:none|ignore|0|false|no|off|never|allow|warn|ask)$/i, ...UNVERIFIED);
export const skipsNames: Meaning = when(
  "on",
  "unsafe",
  "the name in the certificate is not checked: any server with a certificate gets the password",
  VERIFIED,
);
export const verifiesNames: Meaning = when(
  "off",
  "unsafe",
  "the name in the certificate is not checked: any server with a certificate gets the password",
  VERIFIED,
);
export const ciphers: Meaning = always(
  "unsafe",
  "a list of ciphers or protocols, which becomes outdated, and can allow old ones again",
  FIXED,
);
export const oldProtocol: Meaning = when("on", "unsafe", "a protocol that is broken is allowed", FIXED);
export const timeout: Meaning = always(
  "left-out",
  "every step has its own deadline",
  "postseal send has --timeout for the whole",
);
export const helo: Meaning = always(
  "left-out",
  "the name of this machine is not sent",
  "It is [127.0.0.1] for every client",
);
export const senderName: Meaning = always(
  "left-out",
  "a name for the sender is not part of an account",
  'A message has its own: --from "Name <address>"',
);
export const recipients: Meaning = always("left-out", "an account has no recipients", "A message has its own");
export const log: Meaning = when(
  "on",
  "unsafe",
  "the log records what is sent to whom",
  "sendmail -v prints what became of a message",
);
export const pooled: Meaning = always(
  "left-out",
  "a command sends one message and ends",
  "Programs have a pool of their own in the library",
);
export const sourceAddress: Meaning = always(
  "left-out",
  "the system chooses the address",
  "If the server looks at it, set up a route",
);
export const proxy: Meaning = always("left-out", "an account has no proxy", "The connection is made without it");
export const revocations: Meaning = always(
  "left-out",
  "revocation lists are not read",
  "Certificates are short-lived now; pins protect against a stolen one",
);
export const fingerprint: Meaning = always(
  "left-out",
  "a fingerprint names one certificate",
  "A pin names the key, and outlives the certificate: postseal verify prints it; write it into pins, or into trust-pins for a server without an authority",
);
export const otherSecret: Meaning = always(
  "unsafe",
  "a secret is written in this file",
  "It is not carried over, since an account holds no secret. Remove it here, and change it",
);
export const program: Meaning = always(
  "unsafe",
  "a program is run",
  "It was not run, and the account runs none for this",
);
export const certificateSwitch: Meaning = when(
  "off",
  "left-out",
  "the client certificate is switched off",
  "It is used if the account names one: remove it there",
);

export const authorityFolder: Meaning = always(
  "left-out",
  "a folder of authorities",
  "Write one file with the authority into ca (as well as the public ones) or ca-only (instead of them)",
);
export const otherSender: Meaning = always(
  "left-out",
  "it replaces the sender",
  "The first address in from is the sender if none is given",
);
export const texts: Meaning = always(
  "left-out",
  "this is not about the way to the server",
  "The program that writes the message does it",
);
export const onlyFirst: Meaning = always(
  "left-out",
  "only the first one is taken",
  "An account has one server: import each from a file of its own",
);
export const switchedOff: Meaning = when("off", "left-out", "mail is switched off", "The account can send");

/** The way that mail goes: all other ways are not of this account. */
export function smtpOnly(words: RegExp): Meaning {
  return unless(
    words,
    "left-out",
    "it does not name SMTP: the program did not send through this server",
    "The account does",
  );
}
