/** Symfony's `MAILER_DSN`, and Swift Mailer's `MAILER_URL` before it. */
import { draftOf } from "../settings/account-of.ts";
import {
  fingerprint,
  helo,
  pooled,
  skipsVerifying,
  onlyFirst,
  sourceAddress,
  timeout,
  verifies,
} from "../settings/judgements.ts";
import { type Dialect, meanings, says, tlsSwitch } from "../settings/meaning.ts";
import type { Setting } from "../settings/setting.ts";
import { readVariables, variableLike } from "../settings/variables.ts";
import type { Shape } from "../shape.ts";

const DSN = /^MAILER_(?:DSN|URL)$/;

/** Only Symfony has these. */
const OPTIONS = /[?&](?:verify_peer|auto_tls|require_tls|peer_fingerprint|restart_threshold|ping_threshold)=/;
const ANY_URL = "the URL";

const dialect: Dialect = {
  meanings: meanings({
    MAILER_DSN: "url",
    MAILER_URL: "url",
    [ANY_URL]: "url",
    MAILER_FROM: "from",
    MAILER_SENDER: "from",
    "several servers": onlyFirst,
  }),
  options: meanings({
    verify_peer: verifies,
    verify_peer_name: verifies,
    allow_self_signed: skipsVerifying,
    auto_tls: tlsSwitch("as-usual", "clear"),
    require_tls: tlsSwitch("starttls", "as-usual"),
    encryption: says({ tls: "starttls", ssl: "implicit", "": "as-usual" }),
    peer_fingerprint: fingerprint,
    username: "user",
    password: "password",
    auth_mode: "mechanism",
    local_domain: helo,
    timeout,
    source_ip: sourceAddress,
    restart_threshold: pooled,
    restart_threshold_sleep: pooled,
    ping_threshold: pooled,
    max_per_second: pooled,
  }),
  usual: { security: "opportunistic", said: "Symfony uses STARTTLS only if the server offers it" },
  ports: { clear: 25, opportunistic: 25, starttls: 25 },
  own: /^MAILER_/,
};

export const symfony: Shape = {
  title: "Symfony's MAILER_DSN",
  where: "a variable; also Swift Mailer's MAILER_URL",
  found: ({ text }) => variableLike(text, DSN),
  read: ({ text }, name) => draftOf(readVariables(text).flatMap(separated), dialect, name),
};

/** Whether it is a URL with options that only Symfony has, under whatever name. */
export function hasSymfonyOptions(url: string): boolean {
  return OPTIONS.test(url);
}

/** `failover(smtp://one smtp://two)`: an account has one server. */
function separated(setting: Setting): readonly Setting[] {
  const inside = /^(?:failover|roundrobin)\(([^()]*)\)/.exec(setting.value.text)?.[1];
  const [first, ...others] = (inside ?? "").split(/\s+/).filter((word) => word !== "");
  if (first === undefined || !DSN.test(setting.name)) {
    return [OPTIONS.test(setting.value.text) && !DSN.test(setting.name) ? { ...setting, name: ANY_URL } : setting];
  }
  const one = { ...setting, value: { text: first } };
  return others.length === 0 ? [one] : [one, { ...setting, name: "several servers", value: { text: "others" } }];
}
