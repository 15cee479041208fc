/** Python's own library, the best-known one for asyncio, and those of two frameworks. */
import type { Client, Configuration } from "./client.ts";
import { driver, Interpreter, session } from "./program.ts";

const SMTPLIB = driver("python-smtplib.py");
const AIOSMTPLIB = driver("python-aiosmtplib.py");
const DJANGO = driver("python-django.py");
const TWISTED = driver("python-twisted.py");

const withSmtplib = pythonWith("smtplib", "platform.python_version()");
const withAiosmtplib = pythonWith("aiosmtplib", "aiosmtplib.__version__");
const withDjango = pythonWith("django", "django.get_version()");
const withTwisted = pythonWith("twisted, OpenSSL", "twisted.__version__");

export const smtplib: Client = {
  id: "smtplib",
  name: "Python smtplib",
  version: () => withSmtplib.version(),
  configurations: [
    idiom("starttls()", "default", "starttls", "pass a context: starttls(context=ssl.create_default_context())"),
    idiom("starttls(context)", "strict", "starttls"),
    idiom(
      'if has_extn("starttls")',
      "default",
      "starttls",
      "call starttls() without asking has_extn(): it raises an error if the server has no STARTTLS",
    ),
    idiom("SMTP_SSL()", "default", "implicit", "pass a context: SMTP_SSL(context=ssl.create_default_context())"),
    idiom("SMTP_SSL(context)", "strict", "implicit"),
  ],
  remedies: {
    "weak-tls": "set context.minimum_version = ssl.TLSVersion.TLSv1_3",
    hang: "limit the whole session, for example with signal.alarm(): timeout= begins again whenever something comes",
  },
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
      remedies: { leak: "set start_tls=True (port 587), or use_tls=True (port 465)" },
    },
    {
      name: "start_tls=True",
      intent: "strict",
      transports: ["starttls"],
      command: () => [withAiosmtplib.program, AIOSMTPLIB, "start_tls=True", ...session, "{message}"],
    },
  ],
  remedies: {
    "weak-tls": "pass a tls_context with minimum_version = ssl.TLSVersion.TLSv1_3",
    injected: "update aiosmtplib to 5.1.2 or newer (GHSA-vxj7-4xrp-5vr4)",
    hang: "call send() inside asyncio.timeout()",
  },
};

export const django: Client = {
  id: "django",
  name: "Django",
  version: () => withDjango.version(),
  configurations: [djangoWith("EMAIL_USE_TLS", "starttls"), djangoWith("EMAIL_USE_SSL", "implicit")],
  remedies: {
    leak: "update Django to 4.2 or newer, which verifies certificates",
    "weak-tls":
      "set EMAIL_BACKEND to a subclass of EmailBackend whose ssl_context has minimum_version = ssl.TLSVersion.TLSv1_3",
    hang: "limit the whole session, for example with signal.alarm(): EMAIL_TIMEOUT begins again whenever something comes",
  },
};

export const twisted: Client = {
  id: "twisted",
  name: "Twisted Mail",
  version: () => withTwisted.version(),
  configurations: [
    {
      name: "sendmail()",
      intent: "default",
      transports: ["starttls"],
      command: () => [withTwisted.program, TWISTED, "sendmail()", ...session, "{message}"],
      remedies: { leak: "pass sendmail() requireTransportSecurity=True" },
    },
    {
      name: "requireTransportSecurity",
      intent: "strict",
      transports: ["starttls"],
      command: () => [withTwisted.program, TWISTED, "requireTransportSecurity", ...session, "{message}"],
    },
  ],
  remedies: {
    "weak-tls":
      'pass ESMTPSenderFactory a contextFactory made by optionsForClientTLS(host, extraCertificateOptions={"raiseMinimumTo": TLSVersion.TLSv1_3})',
    hang: "limit the Deferred with addTimeout()",
  },
};

/** `setting`: the one that is True. */
function djangoWith(setting: string, transport: Configuration["transports"][number]): Configuration {
  return {
    name: setting,
    intent: "default",
    transports: [transport],
    command: () => [withDjango.program, DJANGO, setting, ...session, "{body}"],
  };
}

function idiom(
  name: string,
  intent: Configuration["intent"],
  transport: Configuration["transports"][number],
  leak?: string,
): Configuration {
  return {
    name,
    intent,
    transports: [transport],
    command: () => [withSmtplib.program, SMTPLIB, name, ...session, "{message}"],
    ...(leak === undefined ? {} : { remedies: { leak } }),
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
