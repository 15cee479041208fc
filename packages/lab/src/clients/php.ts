/** The best-known mail libraries of PHP: those of Composer, and PEAR's, which webmail programs use. */
import path from "node:path";
import type { Client, Configuration, Surroundings } from "./client.ts";
import { driver, outputOf, session, versionFrom } from "./program.ts";

const HANG = "end the process with a timer of your own: default_socket_timeout begins again whenever something comes";

export const phpMailer: Client = {
  id: "phpmailer",
  name: "PHPMailer",
  version: (surroundings) => versionFrom(withComposer("php-phpmailer.php", surroundings, ["--version"])),
  configurations: [
    {
      name: "default",
      intent: "default",
      transports: ["starttls"],
      command: (surroundings) => withComposer("php-phpmailer.php", surroundings, ["default", ...session, "{body}"]),
      remedies: {
        leak: "set SMTPSecure to PHPMailer::ENCRYPTION_STARTTLS (port 587) or PHPMailer::ENCRYPTION_SMTPS (port 465)",
      },
    },
    {
      name: "SMTPSecure",
      intent: "strict",
      transports: ["starttls", "implicit"],
      command: (surroundings) => withComposer("php-phpmailer.php", surroundings, ["SMTPSecure", ...session, "{body}"]),
    },
  ],
  remedies: { hang: "lower $mail->getSMTPInstance()->Timelimit, which is 300 seconds" },
};

export const symfonyMailer: Client = {
  id: "symfony-mailer",
  name: "Symfony Mailer",
  version: async (surroundings) =>
    (await outputOf(withComposer("php-symfony-mailer.php", surroundings, ["--version"])))?.trim(),
  configurations: [
    {
      ...symfonyWith("smtp://", "default", "starttls"),
      remedies: { leak: "use smtps:// with port 465: smtp:// takes STARTTLS only if offered" },
    },
    symfonyWith("smtps://", "strict", "implicit"),
  ],
  remedies: { hang: HANG },
};

export const swiftMailer: Client = {
  id: "swiftmailer",
  name: "Swift Mailer",
  version: (surroundings) => versionFrom(withComposer("php-swiftmailer.php", surroundings, ["--version"])),
  configurations: [swiftWith("tls", "starttls"), swiftWith("ssl", "implicit")],
  remedies: {
    leak: "change to Symfony Mailer with smtps://: Swift Mailer is no longer maintained",
    hang: HANG,
  },
};

export const pearMail: Client = {
  id: "pear-mail",
  name: "PEAR Mail",
  // It does not know its version.
  version: () => outputOf(["php", driver("php-pear-mail.php"), "--version"]),
  configurations: [
    {
      ...pearWith("default", "default", "starttls"),
      remedies: { leak: "put ssl:// before the host, with port 465: otherwise it takes STARTTLS only if offered" },
    },
    pearWith("ssl://", "strict", "implicit"),
  ],
  remedies: { hang: HANG },
};

function symfonyWith(
  name: string,
  intent: Configuration["intent"],
  transport: Configuration["transports"][number],
): Configuration {
  return {
    name,
    intent,
    transports: [transport],
    command: (surroundings) => withComposer("php-symfony-mailer.php", surroundings, ["send", ...session, "{body}"]),
  };
}

/** `encryption`: its third argument. */
function swiftWith(encryption: string, transport: Configuration["transports"][number]): Configuration {
  return {
    name: encryption,
    intent: "strict",
    transports: [transport],
    command: (surroundings) => withComposer("php-swiftmailer.php", surroundings, [encryption, ...session, "{body}"]),
  };
}

function pearWith(
  name: string,
  intent: Configuration["intent"],
  transport: Configuration["transports"][number],
): Configuration {
  const command = (): readonly string[] => ["php", driver("php-pear-mail.php"), name, ...session, "{body}"];
  return { name, intent, transports: [transport], command };
}

/** Composer installs libraries into the user's own project. */
function withComposer(name: string, { directories }: Surroundings, rest: readonly string[]): readonly string[] {
  return ["php", driver(name), directories.join(path.delimiter), ...rest];
}
