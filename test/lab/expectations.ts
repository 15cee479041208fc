/**
 * What the lab has to find in the clients of its catalogue, and what it must not find: only what their makers document or
 * an advisory says. Read the source before you change a line. Postseal is not listed: it holds against every vector.
 */
import type { Outcome } from "@postseal/lab";

export interface Expectation {
  readonly client: string;
  readonly configuration: string;
  readonly vectors: readonly string[];
  /** `safe`: nothing leaks to an attacker, and no false success is claimed. */
  readonly finding: "safe" | Outcome;
  readonly reason: string;
  /** Where the reason is documented. */
  readonly source: string;
  /** The first version that this is true of, and the first that it is no longer true of. */
  readonly since?: string;
  readonly before?: string;
}

/** STARTTLS is stripped or refused, and AUTH is offered in the clear. */
const DOWNGRADES = ["A1-removed-auth", "A3-454"] as const;
const IMPOSTORS = ["C1-self-signed", "C2-other-host"] as const;
const IMPLICIT_IMPOSTORS = ["C-implicit-self-signed", "C-implicit-other-host"] as const;

export const expectations: readonly Expectation[] = [
  ...opportunistic("nodemailer", "default", {
    vectors: { "A1-removed": "leaked-message", "A1-removed-auth": "leaked-credentials" },
    reason: "With `secure: false`, TLS is used if the server supports STARTTLS.",
    source: "https://nodemailer.com/smtp, option secure",
  }),
  strict("nodemailer", "requireTLS", [...DOWNGRADES, ...IMPOSTORS], {
    reason: "requireTLS forces STARTTLS and fails when the server does not support it; certificates are verified.",
    source: "nodemailer, SMTPConnectionOptions.requireTLS; https://nodemailer.com/smtp",
  }),
  strict("nodemailer", "requireTLS", ["B1-merging"], {
    reason: "What was buffered before STARTTLS is discarded.",
    source: "https://github.com/nodemailer/nodemailer/pull/1835",
    since: "9.0.3",
  }),

  ...opportunistic("upyo", "default", {
    vectors: { "A1-removed-auth": "leaked-credentials" },
    reason: "STARTTLS was used only if it was offered, and the login followed in any case.",
    source: "https://github.com/dahlia/upyo/issues/36",
    before: "0.5.2",
  }),

  ...opportunistic("smtplib", "starttls()", {
    vectors: { "C1-self-signed": "leaked-credentials", "C2-other-host": "leaked-credentials" },
    reason: "Without a context from create_default_context() neither certificate nor host name is verified.",
    source: "https://docs.python.org/3/library/ssl.html#security-considerations",
  }),
  ...opportunistic("smtplib", "SMTP_SSL()", {
    vectors: { "C-implicit-self-signed": "leaked-credentials" },
    reason: "Verification by default was introduced for HTTP clients, and left out for SMTP.",
    source: "PEP 476, Other protocols",
  }),
  ...opportunistic("smtplib", 'if has_extn("starttls")', {
    vectors: { "A1-removed-auth": "leaked-credentials" },
    reason: "has_extn() says what the server's answer lists, and the script goes on without.",
    source: "https://docs.python.org/3/library/smtplib.html#smtplib.SMTP.has_extn",
  }),
  strict("smtplib", "starttls(context)", ["A1-removed-auth", ...IMPOSTORS], {
    reason: "create_default_context() verifies certificate and host name; SMTPNotSupportedError without STARTTLS.",
    source: "https://docs.python.org/3/library/ssl.html#security-considerations",
  }),
  strict("smtplib", "starttls(context)", ["A3-454"], {
    reason: "A refused STARTTLS is an error.",
    source: "CVE-2016-0772",
    since: "3.5.2",
  }),
  strict("smtplib", "SMTP_SSL(context)", IMPLICIT_IMPOSTORS, {
    reason: "create_default_context() verifies certificate and host name.",
    source: "https://docs.python.org/3/library/ssl.html#security-considerations",
  }),

  ...opportunistic("aiosmtplib", "default", {
    vectors: { "A1-removed-auth": "leaked-credentials" },
    reason: "start_tls is None by default: the upgrade is made if the server supports it.",
    source: "https://aiosmtplib.readthedocs.io/, TLS, SSL & STARTTLS",
  }),
  ...opportunistic("aiosmtplib", "start_tls=True", {
    vectors: { "B1-same-segment": "injected" },
    reason: "What was buffered before the handshake was read as part of the encrypted session.",
    source: "GHSA-vxj7-4xrp-5vr4",
    before: "5.1.2",
  }),
  strict("aiosmtplib", "start_tls=True", [...DOWNGRADES, ...IMPOSTORS], {
    reason: "With start_tls=True the upgrade is made regardless of what is offered; validate_certs is True by default.",
    source: "aiosmtplib.send, start_tls and validate_certs",
  }),

  ...opportunistic("ruby-net-smtp", "default", {
    vectors: { "A1-removed-auth": "leaked-credentials" },
    reason: "starttls is :auto by default: STARTTLS is used when the server supports it.",
    source: "Net::SMTP.new, starttls",
    since: "0.3.0",
  }),
  strict("ruby-net-smtp", "enable_starttls", [...DOWNGRADES, ...IMPOSTORS], {
    reason: "enable_starttls sets :always; tls_verify is true by default.",
    source: "Net::SMTP#enable_starttls, Net::SMTP.new",
    since: "0.3.0",
  }),

  ...opportunistic("perl-net-smtp", "starttls()", {
    vectors: { "A3-454": "leaked-credentials" },
    reason: "Methods return false if they fail, and this script does not check.",
    source: "Net::SMTP(3pm), METHODS",
  }),
  strict("perl-net-smtp", "starttls() or die", [...DOWNGRADES, ...IMPOSTORS], {
    reason: "starttls returns false if the upgrade fails, and this script exits then.",
    source: "Net::SMTP(3pm), METHODS",
  }),

  ...opportunistic("phpmailer", "default", {
    vectors: { "A1-removed-auth": "leaked-credentials" },
    reason: "SMTPAutoTLS: TLS is enabled if the server supports it.",
    source: "PHPMailer::$SMTPAutoTLS",
  }),
  strict("phpmailer", "SMTPSecure", [...DOWNGRADES, ...IMPOSTORS], {
    reason: "STARTTLS is said in any case, and an exception is thrown if it fails.",
    source: "PHPMailer::smtpConnect",
  }),

  ...opportunistic("go-net-smtp", "SendMail", {
    vectors: { "A4-502": "leaked-message" },
    reason: "SendMail switches to TLS if possible, and authenticates if possible.",
    source: "https://pkg.go.dev/net/smtp#SendMail",
  }),
  strict("go-net-smtp", "SendMail", ["A1-removed-auth"], {
    reason: "PlainAuth only sends the credentials if the connection is using TLS.",
    source: "https://pkg.go.dev/net/smtp#PlainAuth",
  }),
  strict("go-net-smtp", "StartTLS", [...DOWNGRADES, ...IMPOSTORS], {
    reason: "StartTLS returns an error if the upgrade fails; crypto/tls verifies chain and host name.",
    source: "https://pkg.go.dev/net/smtp#Client.StartTLS, https://pkg.go.dev/crypto/tls#Config",
  }),

  ...opportunistic("curl", "--ssl", {
    vectors: {
      "A1-removed": "leaked-message",
      "A1-removed-auth": "leaked-credentials",
      "A3-454": "leaked-credentials",
    },
    reason: "Reverts to a non-secure connection if the server does not support TLS: an insecure option.",
    source: "curl(1), --ssl",
  }),
  strict("curl", "--ssl-reqd", [...DOWNGRADES, "A4-502", ...IMPOSTORS, ...IMPLICIT_IMPOSTORS], {
    reason: "Terminates the connection if the transfer cannot be upgraded; certificate and name are verified.",
    source: "curl(1), --ssl-reqd and --insecure",
  }),
  strict("curl", "--ssl-reqd", ["B1-same-segment", "B1-merging"], {
    reason: "Replies that came before the TLS handshake are not used after it.",
    source: "CVE-2021-22947",
    since: "7.79.0",
  }),

  strict("msmtp", "tls on", [...DOWNGRADES, ...IMPOSTORS], {
    reason: "With tls on there is no session without it; tls_trust_file is the system's by default.",
    source: "msmtp(1), tls and tls_trust_file",
  }),

  ...opportunistic("swaks", "--tls-optional", {
    vectors: { "A1-removed-auth": "leaked-credentials", "A3-454": "leaked-credentials" },
    reason: "Attempts STARTTLS if available, and continues if TLS could not be negotiated for any reason.",
    source: "swaks(1), --tls-optional",
  }),
  ...opportunistic("swaks", "--tls", {
    vectors: { "C1-self-signed": "leaked-credentials" },
    reason: "By default, Swaks does not attempt certificate verification.",
    source: "swaks(1), --tls-verify",
  }),
  strict("swaks", "--tls --tls-verify", [...DOWNGRADES, "C1-self-signed"], {
    reason: "Exits if TLS is not available for any reason; a certificate that is not verifiable is one.",
    source: "swaks(1), --tls and --tls-verify",
  }),

  strict("s-nail", "tls-verify=strict", IMPOSTORS, {
    reason: "strict: fail and close the connection immediately.",
    source: "s-nail(1), tls-verify",
  }),
  strict("git-send-email", "tls", [...DOWNGRADES, "C1-self-signed"], {
    reason: "STARTTLS or an error, and the certificate validated.",
    source: "git-send-email(1), --smtp-encryption and --smtp-ssl-cert-path",
  }),

  ...opportunistic("postfix", "may", {
    vectors: { "A1-removed": "leaked-message", "A3-454": "leaked-credentials" },
    reason: "Opportunistic TLS: if the server supports it, otherwise plaintext.",
    source: "postconf(5), smtp_tls_security_level",
  }),
  strict("postfix", "secure", [...DOWNGRADES, ...IMPOSTORS, ...IMPLICIT_IMPOSTORS], {
    reason: "Mandatory TLS, with a certificate that a trusted authority has issued for the host.",
    source: "postconf(5), smtp_tls_security_level",
  }),
];

interface Documented extends Pick<Expectation, "since" | "before"> {
  readonly reason: string;
  readonly source: string;
}

function opportunistic(
  client: string,
  configuration: string,
  { vectors, ...documented }: Documented & { readonly vectors: Readonly<Record<string, Outcome>> },
): readonly Expectation[] {
  return Object.entries(vectors).map(([vector, finding]) => ({
    client,
    configuration,
    vectors: [vector],
    finding,
    ...documented,
  }));
}

function strict(
  client: string,
  configuration: string,
  vectors: readonly string[],
  documented: Documented,
): Expectation {
  return { client, configuration, vectors, finding: "safe", ...documented };
}
