/** Programs that send what they are handed. */
import type { Client, Configuration } from "./client.ts";
import { driver, outputOf, versionFrom } from "./program.ts";

/** Seconds, where a program lets it be said. */
const PATIENCE = "4";

export const curl: Client = {
  id: "curl",
  name: "curl",
  version: () => versionFrom(["curl", "--version"]),
  configurations: [
    { name: "--ssl", intent: "default", transports: ["starttls", "implicit"], command: () => curlWith("--ssl") },
    {
      name: "--ssl-reqd",
      intent: "strict",
      transports: ["starttls", "implicit"],
      command: () => curlWith("--ssl-reqd"),
    },
  ],
};

function curlWith(option: string): readonly string[] {
  return [
    ...["curl", "--silent", "--show-error", "--max-time", PATIENCE, option],
    ...["--user", "{username}:{password}", "--mail-from", "{from}", "--mail-rcpt", "{to}"],
    ...["--upload-file", "{message}", "{scheme}://{host}:{port}"],
  ];
}

export const msmtp: Client = {
  id: "msmtp",
  name: "msmtp",
  version: () => versionFrom(["msmtp", "--version"]),
  configurations: [
    { name: "tls on", intent: "strict", transports: ["starttls"], command: () => msmtpWith("--tls-starttls=on") },
    {
      name: "tls on, tls_starttls off",
      intent: "strict",
      transports: ["implicit"],
      command: () => msmtpWith("--tls-starttls=off"),
    },
  ],
};

function msmtpWith(option: string): readonly string[] {
  return [
    ...["msmtp", "--host={host}", "--port={port}", `--timeout=${PATIENCE}`, "--tls=on", option],
    ...["--auth=on", "--user={username}", "--passwordeval=echo '{password}'", "--from={from}", "--", "{to}"],
  ];
}

export const swaks: Client = {
  id: "swaks",
  name: "Swaks",
  version: () => versionFrom(["swaks", "--version"]),
  configurations: [
    swaksConfiguration("--tls-optional", "default", "starttls"),
    swaksConfiguration("--tls", "default", "starttls"),
    swaksConfiguration("--tls --tls-verify", "strict", "starttls"),
    swaksConfiguration("--tls-on-connect", "default", "implicit"),
    swaksConfiguration("--tls-on-connect --tls-verify", "strict", "implicit"),
  ],
};

function swaksConfiguration(
  options: string,
  intent: Configuration["intent"],
  transport: Configuration["transports"][number],
): Configuration {
  const command = [
    ...["swaks", "--server", "{host}", "--port", "{port}", "--timeout", PATIENCE, ...options.split(" ")],
    ...["--auth-user", "{username}", "--auth-password", "{password}", "--from", "{from}", "--to", "{to}"],
    ...["--data", "@{message}"],
  ];
  return { name: options, intent, transports: [transport], command: () => command };
}

export const sNail: Client = {
  id: "s-nail",
  name: "S-nail",
  version: () => versionFrom(["s-nail", "--version"]),
  configurations: [
    { name: "default", intent: "default", transports: ["starttls", "implicit"], command: () => sNailWith() },
    {
      name: "tls-verify=strict",
      intent: "strict",
      transports: ["starttls", "implicit"],
      command: () => sNailWith("-Stls-verify=strict"),
    },
  ],
};

function sNailWith(...options: readonly string[]): readonly string[] {
  return [
    // No configuration of the user's or the system's, no editor, and the end of the delivery waited for.
    ...["s-nail", "-:/", "-Sv15-compat", "-Ssendwait", `-Ssocket-connect-timeout=${PATIENCE}`, ...options],
    // To a server with TLS from the start it means nothing.
    ...["-Ssmtp-use-starttls", "-Smta={scheme}://{username}:{password}@{host}:{port}"],
    ...["-t", "-r", "{from}"],
  ];
}

export const gitSendEmail: Client = {
  id: "git-send-email",
  name: "git send-email",
  version: async () => {
    // It comes as a package of its own, and some of the libraries that it needs as others.
    const rehearsal = [...gitWith("tls"), "--dry-run", driver("git-dry-run.eml")];
    return (await outputOf(rehearsal)) === undefined ? undefined : versionFrom(["git", "--version"]);
  },
  configurations: [
    {
      name: "tls",
      intent: "strict",
      transports: ["starttls"],
      command: () => [...gitWith("tls"), "{message}"],
    },
    {
      name: "ssl",
      intent: "strict",
      transports: ["implicit"],
      command: () => [...gitWith("ssl"), "{message}"],
    },
  ],
};

/** `sendemail.smtpEncryption`. */
function gitWith(encryption: string): readonly string[] {
  return [
    ...["git", "send-email", "--quiet", "--confirm=never", "--suppress-cc=all", "--no-validate"],
    ...["--smtp-server={host}", "--smtp-server-port={port}", `--smtp-encryption=${encryption}`],
    ...["--smtp-user={username}", "--smtp-pass={password}", "--from={from}", "--to={to}"],
  ];
}
