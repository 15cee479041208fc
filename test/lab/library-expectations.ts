/** What is documented of the libraries of the catalogue. */
import { DOWNGRADES, type Expectation, IMPLICIT_IMPOSTORS, IMPOSTORS, opportunistic, strict } from "./expectation.ts";

export const libraryExpectations: readonly Expectation[] = [
  ...opportunistic("nodemailer", "default", {
    vectors: { "A1-removed": "leaked-message", "A1-removed-auth": "leaked-credentials" },
    reason: "With `secure: false`, TLS is used if the server supports STARTTLS.",
    source: "https://nodemailer.com/smtp, option secure",
  }),
  strict("nodemailer", "requireTLS", [...DOWNGRADES, ...IMPOSTORS], {
    reason: "requireTLS forces STARTTLS and fails when the server does not support it; certificates are verified.",
    source: "nodemailer, SMTPConnectionOptions.requireTLS; https://nodemailer.com/smtp",
  }),
  strict("nodemailer", "requireTLS, proxy", ["A1-removed-auth", "C2-other-host"], {
    reason: "The proxy passes on what it gets; STARTTLS and the certificate are the server's.",
    source: "https://nodemailer.com/smtp/proxies",
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

  ...opportunistic("django", "EMAIL_USE_TLS", {
    vectors: { "C1-self-signed": "leaked-credentials", "C2-other-host": "leaked-credentials" },
    reason: "Only since then EmailBackend verifies host name and certificate.",
    source: "https://docs.djangoproject.com/en/4.2/releases/4.2/, backwards incompatible changes",
    before: "4.2",
  }),
  strict("django", "EMAIL_USE_TLS", DOWNGRADES, {
    reason: "smtplib's starttls() raises an error if it is not offered or refused.",
    source: "https://docs.djangoproject.com/en/stable/ref/settings/#email-use-tls",
  }),
  strict("django", "EMAIL_USE_TLS", IMPOSTORS, {
    reason: "EmailBackend verifies host name and certificate.",
    source: "https://docs.djangoproject.com/en/4.2/releases/4.2/, backwards incompatible changes",
    since: "4.2",
  }),
  ...opportunistic("django", "EMAIL_USE_SSL", {
    vectors: { "C-implicit-self-signed": "leaked-credentials" },
    reason: "Only since then EmailBackend verifies host name and certificate.",
    source: "https://docs.djangoproject.com/en/4.2/releases/4.2/, backwards incompatible changes",
    before: "4.2",
  }),

  ...opportunistic("twisted", "sendmail()", {
    vectors: { "A1-removed-auth": "leaked-credentials" },
    reason: "It attempts to provide encryption; STARTTLS is not required by default.",
    source: "twisted.mail.smtp.sendmail, requireTransportSecurity",
  }),
  strict("twisted", "requireTransportSecurity", [...DOWNGRADES, ...IMPOSTORS], {
    reason: "STARTTLS is required; the certificate is verified for the host.",
    source: "twisted.mail.smtp.sendmail, requireTransportSecurity; ESMTPSenderFactory, hostname",
    since: "20.3",
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

  ...opportunistic("ruby-mail", "default", {
    vectors: { "A1-removed-auth": "leaked-credentials" },
    reason: "enable_starttls_auto is true by default: STARTTLS is used if the server has it.",
    source: "Mail::SMTP, enable_starttls_auto",
  }),
  strict("ruby-mail", "enable_starttls", [...DOWNGRADES, ...IMPOSTORS], {
    reason: "STARTTLS is demanded; openssl_verify_mode is Net::SMTP's, which verifies.",
    source: "Mail::SMTP, enable_starttls; Net::SMTP#enable_starttls",
  }),
  strict("ruby-mail", "tls", IMPLICIT_IMPOSTORS, {
    reason: "openssl_verify_mode is Net::SMTP's, which verifies.",
    source: "Mail::SMTP, Certificate verification",
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

  strict("perl-email-sender", "ssl => starttls", [...DOWNGRADES, ...IMPOSTORS], {
    reason: "STARTTLS is used, and an exception thrown if it fails; IO::Socket::SSL verifies.",
    source: "Email::Sender::Transport::SMTP(3pm), ssl; IO::Socket::SSL(3pm), SSL_verify_mode",
  }),
  strict("perl-email-sender", "ssl => ssl", IMPLICIT_IMPOSTORS, {
    reason: "It connects securely; IO::Socket::SSL verifies.",
    source: "Email::Sender::Transport::SMTP(3pm), ssl; IO::Socket::SSL(3pm), SSL_verify_mode",
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

  ...opportunistic("symfony-mailer", "smtp://", {
    vectors: { "A1-removed": "leaked-message", "A1-removed-auth": "leaked-credentials" },
    reason: "STARTTLS is used automatically if the server supports it.",
    source: "symfony/mailer, CHANGELOG, 4.4.0",
  }),
  strict("symfony-mailer", "smtp://", IMPOSTORS, {
    reason: "verify_peer is true by default.",
    source: "https://symfony.com/doc/current/mailer.html#tls-peer-verification",
  }),
  strict("symfony-mailer", "smtps://", IMPLICIT_IMPOSTORS, {
    reason: "verify_peer is true by default.",
    source: "https://symfony.com/doc/current/mailer.html#tls-peer-verification",
  }),
  strict("swiftmailer", "tls", ["A3-454", ...IMPOSTORS], {
    reason: "TLS is demanded, and PHP verifies.",
    source: "https://swiftmailer.symfony.com/docs/sending.html, Encrypted SMTP",
  }),
  strict("swiftmailer", "ssl", IMPLICIT_IMPOSTORS, {
    reason: "TLS is demanded, and PHP verifies.",
    source: "https://swiftmailer.symfony.com/docs/sending.html, Encrypted SMTP",
  }),
  ...opportunistic("pear-mail", "default", {
    vectors: { "A1-removed-auth": "leaked-credentials" },
    reason: "TLS is attempted if the server supports it.",
    source: "Net_SMTP::auth, $tls",
  }),
  strict("pear-mail", "ssl://", IMPLICIT_IMPOSTORS, {
    reason: "PHP verifies.",
    source: "https://www.php.net/manual/en/context.ssl.php, verify_peer and verify_peer_name",
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

  ...opportunistic("go-smtp", "SendMail", {
    vectors: { "A1-removed-auth": "leaked-credentials", "A4-502": "leaked-message" },
    reason: "SendMail switched to TLS if possible.",
    source: "https://github.com/emersion/go-smtp, commit fcca9aa: Make TLS mandatory for SendMail",
    before: "0.16",
  }),
  strict("go-smtp", "StartTLS", [...DOWNGRADES, ...IMPOSTORS], {
    reason: "StartTLS returns an error if the upgrade fails; crypto/tls verifies chain and host name.",
    source: "https://pkg.go.dev/github.com/emersion/go-smtp@v0.12.1#Client.StartTLS",
  }),
  strict("go-smtp", "DialTLS", IMPLICIT_IMPOSTORS, {
    reason: "crypto/tls verifies chain and host name.",
    source: "https://pkg.go.dev/crypto/tls#Config",
  }),

  ...opportunistic("javamail", "starttls.enable", {
    vectors: { "A1-removed": "leaked-message", "A1-removed-auth": "leaked-credentials" },
    reason: "STARTTLS is used if supported by the server.",
    source: "com.sun.mail.smtp, mail.smtp.starttls.enable and mail.smtp.starttls.required",
  }),
  ...opportunistic("javamail", "starttls.enable", {
    vectors: { "C2-other-host": "leaked-credentials" },
    reason: "The server's identity is checked only on demand.",
    source: "com.sun.mail.smtp, mail.smtp.ssl.checkserveridentity",
    before: "2",
  }),
  strict("javamail", "starttls.enable starttls.required ssl.checkserveridentity", [...DOWNGRADES, ...IMPOSTORS], {
    reason: "Connecting fails without STARTTLS; trust in the certificate and its name are checked.",
    source: "com.sun.mail.smtp, mail.smtp.starttls.required and mail.smtp.ssl.checkserveridentity",
  }),
  ...opportunistic("javamail", "ssl.enable", {
    vectors: { "C-implicit-other-host": "leaked-credentials" },
    reason: "The server's identity is checked only on demand.",
    source: "com.sun.mail.smtp, mail.smtp.ssl.checkserveridentity",
    before: "2",
  }),
  strict("javamail", "ssl.enable ssl.checkserveridentity", IMPLICIT_IMPOSTORS, {
    reason: "Trust in the certificate and its name are checked.",
    source: "com.sun.mail.smtp, mail.smtp.ssl.checkserveridentity",
  }),

  ...opportunistic("tcl-smtp", "default", {
    vectors: { "C1-self-signed": "leaked-credentials", "C-implicit-self-signed": "leaked-credentials" },
    reason: "A valid certificate is not required by default.",
    source: "https://core.tcl-lang.org/tcltls/, tls::import -require",
    before: "2",
  }),
  strict("tcl-smtp", "-tlspolicy", ["A3-454"], {
    reason: "Returning secure causes the socket to be closed.",
    source: "smtp(n), -tlspolicy",
  }),
];
