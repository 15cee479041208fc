/** Perl's own library, and the one that throws an error for whatever fails. */
import type { Client, Configuration } from "./client.ts";
import { driver, Interpreter, session } from "./program.ts";

const NET_SMTP = driver("perl-net-smtp.pl");
const EMAIL_SENDER = driver("perl-email-sender.pl");

// Without the other two modules, Net::SMTP has neither TLS nor a login.
const NEEDED = ["-MIO::Socket::SSL", "-MAuthen::SASL"];
const withNetSmtp = perlWith("Net::SMTP");
const withEmailSender = perlWith("Email::Sender::Transport::SMTP");

export const netSmtp: Client = {
  id: "perl-net-smtp",
  name: "Perl Net::SMTP",
  version: () => withNetSmtp.version(),
  configurations: [
    {
      ...netSmtpWith("starttls()", "default", "starttls"),
      remedies: { leak: "check the result: $smtp->starttls() or die" },
    },
    netSmtpWith("starttls() or die", "strict", "starttls"),
    netSmtpWith("SSL", "default", "implicit"),
  ],
  remedies: {
    "weak-tls": "pass starttls(), or new() with SSL, SSL_version => 'TLSv1_3'",
    hang: "limit the whole session with alarm: Timeout begins again whenever something comes",
  },
};

export const emailSender: Client = {
  id: "perl-email-sender",
  name: "Perl Email::Sender",
  version: () => withEmailSender.version(),
  configurations: [emailSenderWith("starttls", "starttls"), emailSenderWith("ssl", "implicit")],
  remedies: {
    "weak-tls": "pass ssl_options => { SSL_version => 'TLSv1_3' }",
    hang: "limit the whole of sendmail() with alarm: timeout begins again whenever something comes",
  },
};

function netSmtpWith(
  name: string,
  intent: Configuration["intent"],
  transport: Configuration["transports"][number],
): Configuration {
  const command = (): readonly string[] => [withNetSmtp.program, NET_SMTP, name, ...session, "{message}"];
  return { name, intent, transports: [transport], command };
}

/** `ssl`: the value of its option. */
function emailSenderWith(ssl: string, transport: Configuration["transports"][number]): Configuration {
  const command = (): readonly string[] => [withEmailSender.program, EMAIL_SENDER, ssl, ...session, "{message}"];
  return { name: `ssl => ${ssl}`, intent: "strict", transports: [transport], command };
}

function perlWith(module: string): Interpreter {
  return new Interpreter("perl", [["perl", `-M${module}`, ...NEEDED, "-e", `print "$^X\\n", ${module}->VERSION`]]);
}
