/** n8n's `N8N_SMTP_*` variables, which become options of Nodemailer. */
import { draftOf } from "../settings/account-of.ts";
import { otherSecret, smtpOnly } from "../settings/judgements.ts";
import { always, type Dialect, meanings, quiet, tlsSwitch } from "../settings/meaning.ts";
import { readVariables, variableLike } from "../settings/variables.ts";
import type { Shape } from "../shape.ts";

const table = {
  N8N_EMAIL_MODE: smtpOnly(/^smtp$/i),
  N8N_SMTP_HOST: "host",
  N8N_SMTP_PORT: "port",
  N8N_SMTP_USER: "user",
  N8N_SMTP_PASS: "password",
  N8N_SMTP_PASS_FILE: "password-file",
  N8N_SMTP_SENDER: "from",
  N8N_SMTP_SSL: tlsSwitch("implicit", "opportunistic"),
  N8N_SMTP_STARTTLS: tlsSwitch("as-usual", "clear"),
  N8N_SMTP_OAUTH_SERVICE_CLIENT: always(
    "left-out",
    "n8n fetches tokens itself",
    "A program fetches them: token-command",
  ),
  N8N_SMTP_OAUTH_PRIVATE_KEY: otherSecret,
} as const;
const dialect: Dialect = {
  meanings: meanings(table),
  usual: { security: "implicit", said: "N8N_SMTP_SSL is not set, which means true" },
  ports: { opportunistic: 465, clear: 465 },
  own: /^N8N_(?:SMTP|EMAIL)_/,
};
/** TLS from the start leaves nothing to upgrade. */
const withoutUpgrade: Dialect = { ...dialect, meanings: meanings({ ...table, N8N_SMTP_STARTTLS: quiet }) };

export const n8n: Shape = {
  title: "n8n's N8N_SMTP_*",
  where: "variables",
  found: ({ text }) => variableLike(text, /^N8N_SMTP_HOST$/),
  read: ({ text }, name) => {
    const isUpgraded = variableLike(text, /^N8N_SMTP_SSL$/) !== undefined;
    return draftOf(readVariables(text), isUpgraded ? dialect : withoutUpgrade, name);
  },
};
