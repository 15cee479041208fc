/** Gitea's and Forgejo's `[mailer]`, in app.ini or in the environment. */
import { draftOf } from "../settings/account-of.ts";
import {
  certificateSwitch,
  helo,
  otherSender,
  skipsVerifying,
  smtpOnly,
  switchedOff,
  texts,
} from "../settings/judgements.ts";
import { readIni } from "../settings/ini.ts";
import { type Dialect, type Meaning, meanings, quiet, says, tlsSwitch } from "../settings/meaning.ts";
import type { Setting } from "../settings/setting.ts";
import { readVariables } from "../settings/variables.ts";
import type { Shape } from "../shape.ts";

/** Without STARTTLS in the server's answer, smtp+starttls goes on in the clear. */
const PROTOCOL: Meaning = says({
  smtp: "clear",
  smtps: "implicit",
  "smtp+starttls": "opportunistic",
  "smtp+startls": "opportunistic",
  "": "as-usual",
});

const dialect: Dialect = {
  meanings: meanings({
    ENABLED: switchedOff,
    MAILER_TYPE: smtpOnly(/^smtp$/i),
    PROTOCOL,
    SMTP_ADDR: "host",
    HOST: "host",
    SMTP_PORT: "port",
    USER: "user",
    PASSWD: "password",
    PASSWD__FILE: "password-file",
    FROM: "from",
    ENVELOPE_FROM: otherSender,
    IS_TLS_ENABLED: tlsSwitch("implicit", "as-usual"),
    FORCE_TRUST_SERVER_CERT: skipsVerifying,
    SKIP_VERIFY: skipsVerifying,
    USE_CLIENT_CERT: certificateSwitch,
    USE_CERTIFICATE: certificateSwitch,
    CLIENT_CERT_FILE: "client-certificate",
    CERT_FILE: "client-certificate",
    CLIENT_KEY_FILE: "client-key",
    KEY_FILE: "client-key",
    HELO_HOSTNAME: helo,
    ENABLE_HELO: quiet,
    DISABLE_HELO: quiet,
    SUBJECT_PREFIX: texts,
    SUBJECT: texts,
    SEND_AS_PLAIN_TEXT: texts,
    USE_PLAIN_TEXT: texts,
    SEND_BUFFER_LEN: texts,
    SENDMAIL_PATH: texts,
    SENDMAIL_ARGS: texts,
    SENDMAIL_TIMEOUT: texts,
    SENDMAIL_CONVERT_CRLF: texts,
    EMBED_ATTACHMENT_IMAGES: texts,
  }),
  usual: { security: "opportunistic", said: "PROTOCOL is not set" },
  ports: { clear: 25, opportunistic: 587 },
  own: /./,
};

/** `GITEA__mailer__SMTP_ADDR` is SMTP_ADDR of `[mailer]`. */
const VARIABLE = /^(?:GITEA|FORGEJO)__mailer__/i;

export const gitea: Shape = {
  title: "Gitea's app.ini",
  where: "[mailer], also Forgejo's, or variables: GITEA__mailer__SMTP_ADDR",
  found: ({ text }) => settingsOf(text).find(({ name }) => /^(?:SMTP_ADDR|HOST)$/i.test(name))?.line,
  read: ({ text }, name) => draftOf(settingsOf(text), dialect, name),
};

function settingsOf(text: string): readonly Setting[] {
  const variables = readVariables(text).filter(({ name }) => VARIABLE.test(name));
  if (variables.length > 0) return variables.map((one) => byProgram({ ...one, name: one.name.replace(VARIABLE, "") }));
  return (readIni(text).find(({ name }) => name === "mailer")?.settings ?? []).map(byProgram);
}

/** `PROTOCOL = sendmail` says nothing about TLS: it is the way that mail goes. */
function byProgram(setting: Setting): Setting {
  const isWay = /^PROTOCOL$/i.test(setting.name) && /^(?:sendmail|dummy)$/i.test(setting.value.text);
  return isWay ? { ...setting, name: "MAILER_TYPE" } : setting;
}
