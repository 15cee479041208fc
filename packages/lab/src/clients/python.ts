/** Python's own library, and the best known one for asyncio. */
import type { Client, Configuration } from "./client.ts";
import { driver, locate, session, versionFrom } from "./program.ts";

const SMTPLIB = driver("python-smtplib.py");
const AIOSMTPLIB = driver("python-aiosmtplib.py");

export const smtplib: Client = {
  id: "smtplib",
  name: "Python smtplib",
  version: () => versionFrom([pythonWith("smtplib"), SMTPLIB, "--version"]),
  configurations: [
    idiom("starttls()", "default", "starttls"),
    idiom("starttls(context)", "strict", "starttls"),
    idiom('if has_extn("starttls")', "default", "starttls"),
    idiom("SMTP_SSL()", "default", "implicit"),
    idiom("SMTP_SSL(context)", "strict", "implicit"),
  ],
};

export const aiosmtplib: Client = {
  id: "aiosmtplib",
  name: "aiosmtplib",
  version: () => versionFrom([pythonWith("aiosmtplib"), AIOSMTPLIB, "--version"]),
  configurations: [
    {
      name: "default",
      intent: "default",
      transports: ["starttls", "implicit"],
      command: () => [pythonWith("aiosmtplib"), AIOSMTPLIB, "default", ...session, "{message}"],
    },
    {
      name: "start_tls=True",
      intent: "strict",
      transports: ["starttls"],
      command: () => [pythonWith("aiosmtplib"), AIOSMTPLIB, "start_tls=True", ...session, "{message}"],
    },
  ],
};

function idiom(
  name: string,
  intent: Configuration["intent"],
  transport: Configuration["transports"][number],
): Configuration {
  return {
    name,
    intent,
    transports: [transport],
    command: () => [pythonWith("smtplib"), SMTPLIB, name, ...session, "{message}"],
  };
}

/** The user's own Python may lack what the system's has. */
function pythonWith(module: string): string {
  const question = ["-c", `import sys, ${module}; print(sys.executable)`];
  return locate("python3", question) ?? locate("/usr/bin/python3", question) ?? "python3";
}
