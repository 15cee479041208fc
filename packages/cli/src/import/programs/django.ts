/** Django's `EMAIL_*`, in the environment or in settings.py. */
import { draftOf } from "../settings/account-of.ts";
import { readAssignments } from "../settings/assignments.ts";
import { otherSender, recipients, smtpOnly, texts, timeout } from "../settings/judgements.ts";
import { type Dialect, meanings, schemes, tlsSwitch } from "../settings/meaning.ts";
import type { Setting } from "../settings/setting.ts";
import { readVariables, variableLike } from "../settings/variables.ts";
import type { SettingsFile, Shape } from "../shape.ts";

const dialect: Dialect = {
  meanings: meanings({
    EMAIL_BACKEND: smtpOnly(/smtp/i),
    EMAIL_URL: "url",
    EMAIL_HOST: "host",
    EMAIL_PORT: "port",
    EMAIL_HOST_USER: "user",
    EMAIL_HOST_PASSWORD: "password",
    EMAIL_HOST_PASSWORD_FILE: "password-file",
    EMAIL_USE_TLS: tlsSwitch("starttls", "as-usual"),
    EMAIL_USE_SSL: tlsSwitch("implicit", "as-usual"),
    EMAIL_SSL_CERTFILE: "client-certificate",
    EMAIL_SSL_KEYFILE: "client-key",
    EMAIL_TIMEOUT: timeout,
    EMAIL_SUBJECT_PREFIX: texts,
    EMAIL_USE_LOCALTIME: texts,
    EMAIL_FILE_PATH: texts,
    DEFAULT_FROM_EMAIL: "from",
    EMAIL_FROM: "from",
    SERVER_EMAIL: otherSender,
    ADMINS: recipients,
  }),
  // dj-email-url and django-environ: their smtps is STARTTLS.
  schemes: schemes({ smtp: "as-usual", smtps: "starttls", "smtp+tls": "starttls", "smtp+ssl": "implicit" }),
  options: meanings({ tls: tlsSwitch("starttls", "as-usual"), ssl: tlsSwitch("implicit", "as-usual"), timeout }),
  usual: { security: "clear", said: "neither EMAIL_USE_TLS nor EMAIL_USE_SSL is on" },
  ports: { clear: 25, starttls: 25 },
  own: /^EMAIL_/,
};

const FIRST = /^EMAIL_(?:HOST|URL)$/;
/** Other programs have `EMAIL_HOST` too. */
const OWN = /^EMAIL_(?:HOST_\w+|USE_TLS|USE_SSL|BACKEND|URL)$|^DEFAULT_FROM_EMAIL$/;

export const django: Shape = {
  title: "Django's EMAIL_*",
  where: "settings.py, or variables; also EMAIL_URL",
  found: ({ text, name }) => {
    if (!isPython(name)) return variableLike(text, OWN) === undefined ? undefined : variableLike(text, FIRST);
    return readAssignments(text).find((setting) => FIRST.test(setting.name))?.line;
  },
  read: (file, name) => draftOf(settingsOf(file), dialect, name),
};

function settingsOf({ name, text }: SettingsFile): readonly Setting[] {
  return isPython(name) ? readAssignments(text) : readVariables(text);
}

function isPython(name: string): boolean {
  return name.endsWith(".py");
}
