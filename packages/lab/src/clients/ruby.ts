/** Ruby's own library, and the one that Rails sends with. */
import type { Client } from "./client.ts";
import { driver, Interpreter, session } from "./program.ts";

const NET_SMTP = driver("ruby-net-smtp.rb");
const MAIL = driver("ruby-mail.rb");

const withNetSmtp = new Interpreter("ruby", [["ruby", "-rnet/smtp", "-e", "puts RbConfig.ruby, Net::SMTP::VERSION"]]);
const withMail = new Interpreter("ruby", [["ruby", "-rmail", "-e", "puts RbConfig.ruby, Mail::VERSION.version"]]);

const WEAK = "a context with min_version = OpenSSL::SSL::TLS1_3_VERSION";
const HANG = "limit the whole session with Timeout.timeout: read_timeout begins again whenever something comes";

export const netSmtp: Client = {
  id: "ruby-net-smtp",
  name: "Ruby Net::SMTP",
  version: () => withNetSmtp.version(),
  configurations: [
    {
      name: "default",
      intent: "default",
      transports: ["starttls", "implicit"],
      command: () => [withNetSmtp.program, NET_SMTP, "default", ...session, "{message}"],
      remedies: {
        leak: "call enable_starttls (port 587) or enable_tls (port 465): the default takes STARTTLS only if offered",
      },
    },
    {
      name: "enable_starttls",
      intent: "strict",
      transports: ["starttls"],
      command: () => [withNetSmtp.program, NET_SMTP, "enable_starttls", ...session, "{message}"],
    },
  ],
  remedies: { "weak-tls": `pass enable_starttls or enable_tls ${WEAK}`, hang: HANG },
};

export const mail: Client = {
  id: "ruby-mail",
  name: "Ruby Mail",
  version: () => withMail.version(),
  configurations: [
    {
      name: "default",
      intent: "default",
      transports: ["starttls"],
      command: () => [withMail.program, MAIL, "default", ...session, "{body}"],
      remedies: { leak: "set enable_starttls: true (port 587), or tls: true (port 465)" },
    },
    {
      name: "enable_starttls",
      intent: "strict",
      transports: ["starttls"],
      command: () => [withMail.program, MAIL, "enable_starttls", ...session, "{body}"],
    },
    {
      name: "tls",
      intent: "strict",
      transports: ["implicit"],
      command: () => [withMail.program, MAIL, "tls", ...session, "{body}"],
    },
  ],
  remedies: { "weak-tls": `override Net::SMTP.default_ssl_context so that it returns ${WEAK}`, hang: HANG },
};
