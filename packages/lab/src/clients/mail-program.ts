/** Programs that people read and write mail with, and small ones that scripts and cron jobs send through. */
import type { Client, Configuration } from "./client.ts";
import { outputOf, versionFrom, words } from "./program.ts";

/** Timeout in seconds, for programs that have the option. */
const PATIENCE = "4";

export const mutt: Client = muttLike("mutt", "Mutt", {
  // Without this it takes the first that it knows and the server offers, and then fails: GNU SASL has no channel binding.
  authenticators: "scram-sha-256:cram-md5:plain:login",
  more: "sleep_time=0",
});

export const neomutt: Client = muttLike("neomutt", "NeoMutt", { authenticators: "plain:login", more: "" });

function muttLike(
  id: string,
  name: string,
  { authenticators, more }: { readonly authenticators: string; readonly more: string },
): Client {
  const settings = `smtp_url={scheme}://{username}:{password}@{host}:{port} from={from} use_envelope_from copy=no
    ssl_ca_certificates_file={ca} smtp_authenticators=${authenticators} ${more}`;
  const command = (setting: string): readonly string[] => [
    ...words(`${id} -n -F /dev/null -e`),
    `set ${words(settings).join(" ")} ${setting}`.trim(),
    ...words("-H {message}"),
  ];
  return {
    id,
    name,
    // NeoMutt's is the date of its release, without a dot.
    version: async () => /utt ([\d.]+)/.exec((await outputOf([id, "-v"])) ?? "")?.[1],
    configurations: [
      { name: "default", intent: "strict", transports: ["starttls", "implicit"], command: () => command("") },
      {
        name: "ssl_force_tls = no",
        intent: "default",
        transports: ["starttls"],
        command: () => command("nossl_force_tls"),
        remedies: { leak: "set ssl_force_tls = yes, as it is by default since 2020" },
      },
    ],
    remedies: {
      "weak-tls": 'set ssl_ciphers = "NORMAL:-VERS-ALL:+VERS-TLS1.3" (with GnuTLS)',
      hang: "start it with timeout(1): it waits for a reply without a limit",
    },
  };
}

export const mailutils: Client = {
  id: "mailutils",
  name: "GNU Mailutils mail",
  version: () => versionFrom(["mail.mailutils", "--version"]),
  configurations: [
    {
      name: "default",
      intent: "default",
      transports: ["starttls", "implicit"],
      command: () => [
        ...words("mail.mailutils --norc -E"),
        'set sendmail="{scheme}://{username}:{password}@{host}:{port}"',
        ...words("-r {from} -s Dusk {to}"),
      ],
      remedies: { leak: "set sendmail to the path of a program that demands and verifies TLS, such as /usr/bin/msmtp" },
    },
  ],
  remedies: { hang: "start it with timeout(1): it waits for a reply without a limit" },
};

export const sendEmail: Client = {
  id: "sendemail",
  name: "SendEmail",
  // It fails after it has shown its help.
  version: () => versionFrom(["sh", "-c", "sendemail --help; true"]),
  configurations: [
    { ...sendEmailWith("auto", "default"), remedies: { leak: "use -o tls=yes" } },
    sendEmailWith("yes", "strict"),
  ],
  remedies: {
    "weak-tls": "set MinProtocol = TLSv1.3 in the configuration of OpenSSL (openssl.cnf)",
    hang: "start it with timeout(1): -o timeout begins again with each step",
  },
};

/** `tls`: the value of its option. */
function sendEmailWith(tls: "auto" | "yes", intent: Configuration["intent"]): Configuration {
  const command = words(`
    sendemail -o tls=${tls} -o timeout=${PATIENCE} -s {host}:{port} -xu {username} -xp {password} -f {from} -t {to} -u Dusk -m
  `);
  return { name: `tls=${tls}`, intent, transports: ["starttls"], command: () => [...command, "{body}"] };
}
