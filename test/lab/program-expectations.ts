/** What is documented of the programs of the catalogue. */
import { DOWNGRADES, type Expectation, IMPLICIT_IMPOSTORS, IMPOSTORS, opportunistic, strict } from "./expectation.ts";

export const programExpectations: readonly Expectation[] = [
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

  strict("curl", "--ssl-reqd --proxy socks5h", ["A1-removed-auth", "C2-other-host", "C-implicit-other-host"], {
    reason: "Through a tunnel too, the certificate is the server's.",
    source: "curl(1), --proxy and --ssl-reqd",
  }),
  strict("curl", "--ssl-reqd --proxytunnel", ["A1-removed-auth", "C2-other-host"], {
    reason: "Through a tunnel too, the certificate is the server's.",
    source: "curl(1), --proxytunnel and --ssl-reqd",
  }),

  strict("msmtp", "tls on, proxy_host", ["A1-removed-auth", "C2-other-host"], {
    reason: "All traffic is routed through the SOCKS proxy; tls on is as without it.",
    source: "msmtp(1), proxy_host and tls",
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

  strict("mutt", "default", [...DOWNGRADES, ...IMPOSTORS, ...IMPLICIT_IMPOSTORS], {
    reason: "All connections have to be encrypted, and the certificate has to match the host.",
    source: "muttrc(5), ssl_force_tls and ssl_verify_host",
    since: "2.0",
  }),
  ...opportunistic("mutt", "ssl_force_tls = no", {
    vectors: { "A1-removed-auth": "leaked-credentials" },
    reason: "STARTTLS is used on servers that advertise it, and somebody in between can suppress that.",
    source: "muttrc(5), ssl_starttls",
  }),
  strict("neomutt", "default", [...DOWNGRADES, ...IMPOSTORS, ...IMPLICIT_IMPOSTORS], {
    reason: "All connections have to be encrypted, and the certificate has to match the host.",
    source: "neomuttrc(5), ssl_force_tls and ssl_verify_host",
  }),
  ...opportunistic("neomutt", "ssl_force_tls = no", {
    vectors: { "A1-removed-auth": "leaked-credentials" },
    reason: "STARTTLS is used on servers that advertise it.",
    source: "neomuttrc(5), ssl_starttls",
  }),
  ...opportunistic("mailutils", "default", {
    vectors: { "A1-removed": "leaked-message" },
    reason: "No parameter of smtp:// demands TLS; notls switches it off.",
    source: "https://mailutils.org/manual/html_section/SMTP-Mailboxes.html",
  }),
  ...opportunistic("sendemail", "tls=auto", {
    vectors: { "A1-removed-auth": "leaked-credentials" },
    reason: "TLS is used if the server supports it.",
    source: "sendemail --help networking, tls",
  }),
  strict("sendemail", "tls=yes", DOWNGRADES, {
    reason: "TLS is required for the delivery of the message.",
    source: "sendemail --help networking, tls",
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

  ...opportunistic("exim", "default", {
    vectors: {
      "A1-removed-auth": "leaked-credentials",
      "A3-454": "leaked-credentials",
      "C1-self-signed": "leaked-credentials",
    },
    reason: "hosts_require_tls is empty, tls_tempfail_tryclear true, and tls_try_verify_hosts goes on after a failure.",
    source: "The Exim specification, The smtp transport",
  }),
  strict("exim", "hosts_require_tls, tls_verify_hosts", [...DOWNGRADES, ...IMPOSTORS, ...IMPLICIT_IMPOSTORS], {
    reason: "Exim insists on TLS, and on a certificate that is verified for the host.",
    source: "The Exim specification, The smtp transport",
  }),
];
