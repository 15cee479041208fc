/** Python's own library, and the best-known one for asyncio. */
import type { Client, Configuration } from "./client.ts";
import { driver, Interpreter, session } from "./program.ts";

const SMTPLIB = driver("python-smtplib.py");
const AIOSMTPLIB = driver("python-aiosmtplib.py");

const withSmtplib = pythonWith("smtplib", "platform.python_version()");
const withAiosmtplib = pythonWith("aiosmtplib", "aiosmtplib.__version__");

export const smtplib: Client = {
  id: "smtplib",
  name: "Python smtplib",
  version: () => withSmtplib.version(),
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
  version: () => withAiosmtplib.version(),
  configurations: [
    {
      name: "default",
      intent: "default",
      transports: ["starttls", "implicit"],
      command: () => [withAiosmtplib.program, AIOSMTPLIB, "default", ...session, "{message}"],
    },
    {
      name: "start_tls=True",
      intent: "strict",
      transports: ["starttls"],
      command: () => [withAiosmtplib.program, AIOSMTPLIB, "start_tls=True", ...session, "{message}"],
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
    command: () => [withSmtplib.program, SMTPLIB, name, ...session, "{message}"],
  };
}

/** Tries several interpreters: the user's own Python may lack a library that the system's has. */
function pythonWith(module: string, version: string): Interpreter {
  const question = ["-c", `import sys, platform, ${module}; print(sys.executable); print(${version})`];
  return new Interpreter("python3", [
    ["python3", ...question],
    ["/usr/bin/python3", ...question],
  ]);
}
