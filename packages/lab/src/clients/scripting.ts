/** The mail libraries that Ruby, Perl and PHP are known for. */
import path from "node:path";
import type { Client, Surroundings } from "./client.ts";
import { driver, locate, session, versionFrom } from "./program.ts";

const RUBY = driver("ruby-net-smtp.rb");
const PERL = driver("perl-net-smtp.pl");
const PHP = driver("php-phpmailer.php");

export const ruby: Client = {
  id: "ruby-net-smtp",
  name: "Ruby Net::SMTP",
  version: () => versionFrom([rubyProgram(), RUBY, "--version"]),
  configurations: [
    {
      name: "default",
      intent: "default",
      transports: ["starttls", "implicit"],
      command: () => [rubyProgram(), RUBY, "default", ...session, "{message}"],
    },
    {
      name: "enable_starttls",
      intent: "strict",
      transports: ["starttls"],
      command: () => [rubyProgram(), RUBY, "enable_starttls", ...session, "{message}"],
    },
  ],
};

export const perl: Client = {
  id: "perl-net-smtp",
  name: "Perl Net::SMTP",
  version: () => versionFrom([perlProgram(), PERL, "--version"]),
  configurations: [
    {
      name: "starttls()",
      intent: "default",
      transports: ["starttls"],
      command: () => [perlProgram(), PERL, "starttls()", ...session, "{message}"],
    },
    {
      name: "starttls() or die",
      intent: "strict",
      transports: ["starttls"],
      command: () => [perlProgram(), PERL, "starttls() or die", ...session, "{message}"],
    },
    {
      name: "SSL",
      intent: "default",
      transports: ["implicit"],
      command: () => [perlProgram(), PERL, "SSL", ...session, "{message}"],
    },
  ],
};

export const phpMailer: Client = {
  id: "phpmailer",
  name: "PHPMailer",
  version: (surroundings) => versionFrom(phpDriver(surroundings, ["--version"])),
  configurations: [
    {
      name: "default",
      intent: "default",
      transports: ["starttls"],
      command: (surroundings) => phpDriver(surroundings, ["default", ...session, "{body}"]),
    },
    {
      name: "SMTPSecure",
      intent: "strict",
      transports: ["starttls", "implicit"],
      command: (surroundings) => phpDriver(surroundings, ["SMTPSecure", ...session, "{body}"]),
    },
  ],
};

function phpDriver({ directories }: Surroundings, rest: readonly string[]): readonly string[] {
  return [locate("php", ["-r", "echo PHP_BINARY;"]) ?? "php", PHP, directories.join(path.delimiter), ...rest];
}

function rubyProgram(): string {
  return locate("ruby", ["-e", "print RbConfig.ruby"]) ?? "ruby";
}

function perlProgram(): string {
  return locate("perl", ["-e", "print $^X"]) ?? "perl";
}
