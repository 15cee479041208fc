/** Grafana's `[smtp]`, in grafana.ini or in the environment. */
import { draftOf } from "../settings/account-of.ts";
import { helo, senderName, skipsVerifying, switchedOff } from "../settings/judgements.ts";
import { readIni } from "../settings/ini.ts";
import { type Dialect, meanings, quiet, says } from "../settings/meaning.ts";
import type { Setting } from "../settings/setting.ts";
import { isVariable } from "../settings/value.ts";
import { readVariables } from "../settings/variables.ts";
import type { Shape } from "../shape.ts";

const dialect: Dialect = {
  meanings: meanings({
    enabled: switchedOff,
    host: "host",
    user: "user",
    password: "password",
    password__file: "password-file",
    cert_file: "client-certificate",
    key_file: "client-key",
    skip_verify: skipsVerifying,
    from_address: "from",
    from_name: senderName,
    ehlo_identity: helo,
    startTLS_policy: says({
      opportunisticstarttls: "opportunistic",
      mandatorystarttls: "starttls",
      nostarttls: "clear",
      "": "as-usual",
    }),
    enable_tracing: quiet,
  }),
  usual: { security: "opportunistic", said: "startTLS_policy is not set" },
  ports: { clear: 25, opportunistic: 25, starttls: 25 },
  own: /./,
};

const VARIABLE = /^GF_SMTP_/i;

export const grafana: Shape = {
  title: "Grafana's grafana.ini",
  where: "[smtp], or variables: GF_SMTP_HOST",
  found: ({ text }) => settingsOf(text).find(({ name }) => /^host$/i.test(name))?.line,
  read: ({ text }, name) => draftOf(settingsOf(text), dialect, name),
};

function settingsOf(text: string): readonly Setting[] {
  const variables = readVariables(text).filter(({ name }) => VARIABLE.test(name));
  if (variables.length > 0) return variables.map((one) => ({ ...one, name: one.name.replace(VARIABLE, "") }));
  return (readIni(text).find(({ name }) => name === "smtp")?.settings ?? []).map(expanded);
}

/** `$__file{/run/secrets/smtp}` and `$__env{SMTP_PASSWORD}`. */
function expanded(setting: Setting): Setting {
  const [, from, where] = /^\$__(file|env)\{([^{}]+)\}$/.exec(setting.value.text) ?? [];
  if (from === undefined || where === undefined) return setting;
  if (from === "file") return { ...setting, name: `${setting.name}__file`, value: { text: where } };
  return isVariable(where) ? { ...setting, value: { text: "", variable: where } } : setting;
}
