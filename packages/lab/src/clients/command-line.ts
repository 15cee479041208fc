/** Command-line programs that send the message that they are given. */
import type { Client, Configuration } from "./client.ts";
import { driver, outputOf, throughProxy, versionFrom, words } from "./program.ts";

/** Timeout in seconds, for programs that have the option. */
const PATIENCE = "4";

export const curl: Client = {
  id: "curl",
  name: "curl",
  version: () => versionFrom(["curl", "--version"]),
  configurations: [
    {
      name: "--ssl",
      intent: "default",
      transports: ["starttls", "implicit"],
      command: () => curlWith("--ssl"),
      remedies: { leak: "use --ssl-reqd instead of --ssl, or smtps:// with port 465" },
    },
    {
      name: "--ssl-reqd",
      intent: "strict",
      transports: ["starttls", "implicit"],
      command: () => curlWith("--ssl-reqd"),
    },
    {
      name: "--ssl-reqd --proxy socks5h",
      intent: "strict",
      transports: ["starttls", "implicit"],
      command: () => throughProxy("socks5", curlWith("--ssl-reqd --proxy socks5h://127.0.0.1:{proxyport}")),
    },
    {
      name: "--ssl-reqd --proxytunnel",
      intent: "strict",
      transports: ["starttls"],
      command: () => throughProxy("http", curlWith("--ssl-reqd --proxytunnel --proxy http://127.0.0.1:{proxyport}")),
    },
  ],
  remedies: {
    "weak-tls": "use --tlsv1.3",
    injected: "update curl to 7.79.0 or newer (CVE-2021-22947)",
    hang: "use --max-time",
  },
};

function curlWith(option: string): readonly string[] {
  return words(`
    curl --silent --show-error --max-time ${PATIENCE} ${option} --user {username}:{password}
    --cacert {ca} --mail-from {from} --mail-rcpt {to} --upload-file {message} {scheme}://{host}:{port}
  `);
}

export const msmtp: Client = {
  id: "msmtp",
  name: "msmtp",
  version: () => versionFrom(["msmtp", "--version"]),
  configurations: [
    { name: "tls on", intent: "strict", transports: ["starttls"], command: () => msmtpWith("on") },
    {
      name: "tls on, proxy_host",
      intent: "strict",
      transports: ["starttls"],
      command: () => throughProxy("socks5", msmtpWith("on", words("--proxy-host=127.0.0.1 --proxy-port={proxyport}"))),
    },
    {
      name: "tls on, tls_starttls off",
      intent: "strict",
      transports: ["implicit"],
      command: () => msmtpWith("off"),
    },
  ],
  remedies: {
    "weak-tls": "set tls_priorities NORMAL:-VERS-ALL:+VERS-TLS1.3 (with GnuTLS)",
    hang: "start it with timeout(1): its own timeout begins again whenever something comes",
  },
};

function msmtpWith(startTls: "on" | "off", more: readonly string[] = []): readonly string[] {
  const options = `--host={host} --port={port} --timeout=${PATIENCE} --tls=on --tls-starttls=${startTls} --tls-trust-file={ca}`;
  // On the command line, msmtp takes a password only as the output of a command.
  const login = ["--auth=on", "--user={username}", "--passwordeval=echo '{password}'"];
  return ["msmtp", ...words(options), ...more, ...login, "--from={from}", "--", "{to}"];
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
  remedies: {
    "weak-tls": "use --tls-protocol tlsv1_3",
    hang: "start it with timeout(1): --timeout begins again with each step",
  },
};

function swaksConfiguration(
  options: string,
  intent: Configuration["intent"],
  transport: Configuration["transports"][number],
): Configuration {
  const command = words(`
    swaks --server {host} --port {port} --timeout ${PATIENCE} ${options} --auth-user {username} --auth-password {password}
    --from {from} --to {to} --data @{message}
  `);
  const safe = `${transport === "implicit" ? "--tls-on-connect" : "--tls"} --tls-verify`;
  return {
    name: options,
    intent,
    transports: [transport],
    command: () => command,
    remedies: options === safe ? {} : { leak: `use ${safe} instead of ${options}` },
  };
}

export const sNail: Client = {
  id: "s-nail",
  name: "S-nail",
  version: async () => /\d+(?:\.\d+)*/.exec((await outputOf(["s-nail", "--version"])) ?? "")?.[0],
  configurations: [
    {
      name: "default",
      intent: "default",
      transports: ["starttls", "implicit"],
      command: () => sNailWith(""),
      remedies: { leak: "set tls-verify=strict" },
    },
    {
      name: "tls-verify=strict",
      intent: "strict",
      transports: ["starttls", "implicit"],
      command: () => sNailWith("-Stls-verify=strict"),
    },
  ],
  remedies: {
    "weak-tls": "set tls-config-pairs=MinProtocol=TLSv1.3",
    hang: "start it with timeout(1): socket-connect-timeout ends once it has connected",
  },
};

/**
 * Ignores the user's and the system's configuration, saves no copy of an unsent message, and waits for the end of the
 * delivery. Over `smtps` its STARTTLS option has no effect. A template (-t) needs bare line feeds, so the message is passed
 * as the text.
 */
function sNailWith(option: string): readonly string[] {
  return words(`
    s-nail -:/ -Sv15-compat -Ssendwait -Snosave -Ssocket-connect-timeout=${PATIENCE} -Ssmtp-use-starttls ${option}
    -Smta={scheme}://{username}:{password}@{host}:{port} -s Dusk -r {from} -m {message} {to}
  `);
}

export const gitSendEmail: Client = {
  id: "git-send-email",
  name: "git send-email",
  version: async () => {
    // git send-email and some of the libraries that it needs are separate packages, so a dry run shows whether they are there.
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
  remedies: {
    "weak-tls": "set MinProtocol = TLSv1.3 in the configuration of OpenSSL (openssl.cnf)",
    hang: "start it with timeout(1)",
  },
};

/** `encryption`: the value of `sendemail.smtpEncryption`. */
function gitWith(encryption: "tls" | "ssl"): readonly string[] {
  return words(`
    git send-email --quiet --confirm=never --suppress-cc=all --no-validate --smtp-encryption=${encryption}
    --smtp-server={host} --smtp-server-port={port} --smtp-user={username} --smtp-pass={password} --from={from} --to={to}
  `);
}
