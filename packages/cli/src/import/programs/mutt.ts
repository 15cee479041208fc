/** Mutt's and NeoMutt's `smtp_url` and what belongs to it. */
import { draft, draftOf } from "../settings/account-of.ts";
import {
  ciphers,
  oldProtocol,
  otherSender,
  program,
  revocations,
  senderName,
  verifiesNames,
} from "../settings/judgements.ts";
import { always, type Dialect, meanings, oneOf, quiet, says, when } from "../settings/meaning.ts";
import { byProgram, readSets } from "../settings/set-lines.ts";
import type { Setting } from "../settings/setting.ts";
import type { Shape } from "../shape.ts";
import type { Finding } from "../draft.ts";

const dialect: Dialect = {
  meanings: meanings({
    smtp_url: "url",
    smtp_user: "user",
    smtp_pass: "password",
    [byProgram("smtp_pass")]: "password-command",
    smtp_oauth_refresh_command: "password-command",
    smtp_authenticators: "mechanism",
    from: "from",
    realname: senderName,
    envelope_from_address: otherSender,
    ssl_starttls: says({ yes: "as-usual", "ask-yes": "as-usual", no: "clear", "ask-no": "clear" }),
    ssl_force_tls: says({ yes: "starttls", no: "opportunistic" }),
    ssl_verify_host: verifiesNames,
    ssl_verify_dates: when("off", "unsafe", "certificates that have expired are accepted", "They are refused"),
    ssl_verify_partial_chains: when("on", "unsafe", "a chain need not end at an authority", "It has to"),
    ssl_verify_host_override: always(
      "unsafe",
      "the certificate is checked for a name that is not the server's",
      "The name in server is checked: write the one in the certificate",
    ),
    certificate_file: always(
      "left-out",
      "certificates that somebody accepted by hand",
      "For a private server give its authority (ca) or its key (trust-pins)",
    ),
    ssl_ca_certificates_file: "ca-only",
    ssl_client_cert: "client-certificate",
    ssl_usesystemcerts: quiet,
    ssl_ciphers: ciphers,
    ssl_min_dh_prime_bits: ciphers,
    ssl_use_sslv2: oldProtocol,
    ssl_use_sslv3: oldProtocol,
    ssl_use_tlsv1: oldProtocol,
    ssl_use_tlsv1_1: oldProtocol,
    ssl_use_tlsv1_2: oneOf(/^no$/, "left-out", "TLS 1.2 is switched off", 'min-tls = "1.3" does it'),
    ssl_use_tlsv1_3: oneOf(/^no$/, "unsafe", "the newest protocol is switched off", "It is used if the server has it"),
    ssl_crl_file: revocations,
    tunnel: program,
  }),
  usual: { security: "opportunistic", said: "ssl_force_tls is not set, which before Mutt 2.0 means no" },
  ports: { clear: 25, opportunistic: 25, starttls: 25 },
  own: /^(?:smtp|ssl)_/,
};

const HOOK = /^[ \t]*(?:folder|account|send|send2|reply|startup)-hook\b.*\bsmtp_/;
const SOURCE = /^[ \t]*source\b.*\|/;

export const mutt: Shape = {
  title: "muttrc",
  where: "~/.muttrc of Mutt and NeoMutt: smtp_url",
  found: ({ text }) => readSets(text).find(({ name }) => name === "smtp_url")?.line,
  read: ({ text }, name) => {
    const { accounts, findings } = draftOf(clear(readSets(text)), dialect, name);
    return draft(accounts, [...findings, ...text.split(/\r?\n/).flatMap(aboutLine)], undefined);
  },
};

/** `ssl_force_tls` supersedes `ssl_starttls`; of a list of mechanisms the first counts. */
function clear(settings: readonly Setting[]): readonly Setting[] {
  const isForced = settings.findLast(({ name }) => name === "ssl_force_tls")?.value.text === "yes";
  return settings.flatMap((setting) => {
    if (setting.name === "ssl_starttls" && isForced) return [];
    if (setting.name !== "smtp_authenticators") return [setting];
    return [{ ...setting, value: { text: setting.value.text.split(":")[0] ?? "" } }];
  });
}

function aboutLine(written: string, index: number): readonly Finding[] {
  const at = { line: index + 1, kind: "left-out" } as const;
  if (HOOK.test(written)) {
    const what = "a hook changes the server with the folder or the message";
    return [{ ...at, what, now: "Add an account for each; from chooses among them" }];
  }
  if (!SOURCE.test(written)) return [];
  return [{ ...at, what: "source reads what a program prints", now: "It was not run: what it sets is missing here" }];
}
