/** Mail servers that pass mail on, and so act as clients. They switch between users, which only root can do. */
import type { Client, Configuration } from "./client.ts";
import { driver, session, versionFrom } from "./program.ts";

export const postfix: Client = {
  id: "postfix",
  name: "Postfix",
  version: async () => (isRoot() ? versionFrom(["postconf", "-d", "-h", "mail_version"]) : undefined),
  configurations: [
    {
      ...level("may", "default", ["starttls"]),
      remedies: { leak: "set smtp_tls_security_level = secure, and smtp_tls_CAfile" },
    },
    level("secure", "strict", ["starttls", "implicit"]),
  ],
  remedies: {
    "weak-tls": "set smtp_tls_mandatory_protocols = >=TLSv1.3 (for the level may: smtp_tls_protocols)",
    hang: "set smtp_per_request_deadline = yes (Postfix 3.7 or newer), and lower smtp_data_done_timeout and its kind",
  },
};

/** Debian's name, or Exim's own. */
const EXIM = "command -v exim4 || command -v exim";

export const exim: Client = {
  id: "exim",
  name: "Exim",
  version: async () => (isRoot() ? versionFrom(["sh", "-c", `exec "$(${EXIM})" -C /dev/null -bV`]) : undefined),
  configurations: [
    {
      ...smarthost("default", "default"),
      remedies: {
        leak: "set hosts_require_tls, tls_verify_hosts and tls_verify_cert_hostnames to * in the smtp transport",
      },
    },
    smarthost("hosts_require_tls, tls_verify_hosts", "strict"),
  ],
  remedies: {
    "weak-tls": "set tls_require_ciphers = NORMAL:-VERS-ALL:+VERS-TLS1.3 (with GnuTLS) in the smtp transport",
    hang: "lower command_timeout, data_timeout and final_timeout in the smtp transport",
  },
};

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** `name`: the value of `smtp_tls_security_level`. */
function level(name: string, intent: Configuration["intent"], transports: Configuration["transports"]): Configuration {
  return {
    name,
    intent,
    transports,
    command: () => [process.execPath, driver("postfix.mjs"), name, ...session, "{message}", "{ca}", "{work}"],
  };
}

/** `name`: what is set in the transport to the smarthost. */
function smarthost(name: string, intent: Configuration["intent"]): Configuration {
  return {
    name,
    intent,
    transports: ["starttls", "implicit"],
    command: () => [process.execPath, driver("exim.mjs"), name, ...session, "{message}", "{ca}", "{work}"],
  };
}
