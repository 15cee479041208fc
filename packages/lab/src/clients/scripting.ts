/** The best-known mail libraries of Ruby, Perl and PHP. */
import path from "node:path";
import type { Client, Surroundings } from "./client.ts";
import { driver, Interpreter, session, versionFrom } from "./program.ts";

const RUBY = driver("ruby-net-smtp.rb");
const PERL = driver("perl-net-smtp.pl");
const PHP = driver("php-phpmailer.php");

const rubyProgram = new Interpreter("ruby", [["ruby", "-rnet/smtp", "-e", "puts RbConfig.ruby, Net::SMTP::VERSION"]]);
// Without the other two modules, Net::SMTP has neither TLS nor a login.
const perlProgram = new Interpreter("perl", [
  ["perl", "-MNet::SMTP", "-MIO::Socket::SSL", "-MAuthen::SASL", "-e", 'print "$^X\\n", Net::SMTP->VERSION'],
]);

export const ruby: Client = {
  id: "ruby-net-smtp",
  name: "Ruby Net::SMTP",
  version: () => rubyProgram.version(),
  configurations: [
    {
      name: "default",
      intent: "default",
      transports: ["starttls", "implicit"],
      command: () => [rubyProgram.program, RUBY, "default", ...session, "{message}"],
      remedies: {
        leak: "call enable_starttls (port 587) or enable_tls (port 465): the default takes STARTTLS only if offered",
      },
    },
    {
      name: "enable_starttls",
      intent: "strict",
      transports: ["starttls"],
      command: () => [rubyProgram.program, RUBY, "enable_starttls", ...session, "{message}"],
    },
  ],
  remedies: {
    "weak-tls": "pass enable_starttls or enable_tls a context with min_version = OpenSSL::SSL::TLS1_3_VERSION",
    hang: "limit the whole session with Timeout.timeout: read_timeout begins again whenever something comes",
  },
};

export const perl: Client = {
  id: "perl-net-smtp",
  name: "Perl Net::SMTP",
  version: () => perlProgram.version(),
  configurations: [
    {
      name: "starttls()",
      intent: "default",
      transports: ["starttls"],
      command: () => [perlProgram.program, PERL, "starttls()", ...session, "{message}"],
      remedies: { leak: "check the result: $smtp->starttls() or die" },
    },
    {
      name: "starttls() or die",
      intent: "strict",
      transports: ["starttls"],
      command: () => [perlProgram.program, PERL, "starttls() or die", ...session, "{message}"],
    },
    {
      name: "SSL",
      intent: "default",
      transports: ["implicit"],
      command: () => [perlProgram.program, PERL, "SSL", ...session, "{message}"],
    },
  ],
  remedies: {
    "weak-tls": "pass starttls(), or new() with SSL, SSL_version => 'TLSv1_3'",
    hang: "limit the whole session with alarm: Timeout begins again whenever something comes",
  },
};

export const phpMailer: Client = {
  id: "phpmailer",
  name: "PHPMailer",
  version: (surroundings) => versionFrom(phpDriver(surroundings, ["--version"])),
  configurations: [
    {
      name: "default",
      intent: "default",
      transports: ["starttls"],
      command: (surroundings) => phpDriver(surroundings, ["default", ...session, "{body}"]),
      remedies: {
        leak: "set SMTPSecure to PHPMailer::ENCRYPTION_STARTTLS (port 587) or PHPMailer::ENCRYPTION_SMTPS (port 465)",
      },
    },
    {
      name: "SMTPSecure",
      intent: "strict",
      transports: ["starttls", "implicit"],
      command: (surroundings) => phpDriver(surroundings, ["SMTPSecure", ...session, "{body}"]),
    },
  ],
  remedies: { hang: "lower $mail->getSMTPInstance()->Timelimit, which is 300 seconds" },
};

function phpDriver({ directories }: Surroundings, rest: readonly string[]): readonly string[] {
  return ["php", PHP, directories.join(path.delimiter), ...rest];
}
