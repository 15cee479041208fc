/** A mail server that passes mail on, and so acts as a client. */
import type { Client, Configuration } from "./client.ts";
import { driver, session, versionFrom } from "./program.ts";

export const postfix: Client = {
  id: "postfix",
  name: "Postfix",
  // It switches between users, which only root can do.
  version: async () => (process.getuid?.() === 0 ? versionFrom(["postconf", "-d", "-h", "mail_version"]) : undefined),
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

/** `name`: the value of `smtp_tls_security_level`. */
function level(name: string, intent: Configuration["intent"], transports: Configuration["transports"]): Configuration {
  return {
    name,
    intent,
    transports,
    command: () => [process.execPath, driver("postfix.mjs"), name, ...session, "{message}", "{ca}", "{work}"],
  };
}
