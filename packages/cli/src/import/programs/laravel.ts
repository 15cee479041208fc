/** Laravel's `MAIL_*` variables. */
import { draftOf } from "../settings/account-of.ts";
import { helo, proxy, recipients, senderName, smtpOnly, texts, timeout, verifies } from "../settings/judgements.ts";
import { type Dialect, meanings, says, tlsSwitch } from "../settings/meaning.ts";
import { readVariables, variableLike } from "../settings/variables.ts";
import type { Shape } from "../shape.ts";

/** Symfony's mailer beneath it uses STARTTLS if it is offered, also for `tls`. */
const dialect: Dialect = {
  meanings: meanings({
    MAIL_MAILER: smtpOnly(/^smtp$/i),
    MAIL_DRIVER: smtpOnly(/^smtp$/i),
    MAIL_URL: "url",
    MAIL_HOST: "host",
    MAIL_PORT: "port",
    MAIL_USERNAME: "user",
    MAIL_PASSWORD: "password",
    MAIL_ENCRYPTION: says({
      tls: "opportunistic",
      starttls: "opportunistic",
      ssl: "implicit",
      smtps: "implicit",
      "": "as-usual",
    }),
    MAIL_SCHEME: says({ smtp: "as-usual", smtps: "implicit", tls: "opportunistic", "": "as-usual" }),
    MAIL_AUTO_TLS: tlsSwitch("as-usual", "clear"),
    MAIL_REQUIRE_TLS: tlsSwitch("starttls", "as-usual"),
    MAIL_VERIFY_PEER: verifies,
    MAIL_AUTH_MODE: "mechanism",
    MAIL_FROM_ADDRESS: "from",
    MAIL_FROM_NAME: senderName,
    MAIL_EHLO_DOMAIN: helo,
    MAIL_TIMEOUT: timeout,
    MAIL_PROXY: proxy,
    MAIL_TO_ADDRESS: recipients,
    MAIL_TO_NAME: recipients,
    MAIL_REPLY_TO_ADDRESS: texts,
    MAIL_REPLY_TO_NAME: texts,
    MAIL_MARKDOWN_THEME: texts,
    MAIL_LOG_CHANNEL: texts,
    MAIL_SENDMAIL_PATH: texts,
  }),
  options: meanings({
    verify_peer: verifies,
    auto_tls: tlsSwitch("as-usual", "clear"),
    require_tls: tlsSwitch("starttls", "as-usual"),
    encryption: says({ tls: "opportunistic", ssl: "implicit" }),
  }),
  usual: { security: "opportunistic", said: "Laravel uses STARTTLS only if the server offers it" },
  own: /^MAIL_/,
};

/** Other programs have `MAIL_HOST` too. */
const OWN = /^MAIL_(?:MAILER|DRIVER|ENCRYPTION|SCHEME|FROM_ADDRESS)$/;

export const laravel: Shape = {
  title: "Laravel's MAIL_*",
  where: "variables",
  found: ({ text }) => (variableLike(text, OWN) === undefined ? undefined : variableLike(text, /^MAIL_(?:HOST|URL)$/)),
  read: ({ text }, name) => draftOf(readVariables(text), dialect, name),
};
