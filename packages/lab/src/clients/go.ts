/** Go's own library, and one from the system's packages. Their drivers are compiled once: a compiler in every run would take up the client's time. */
import { rmSync } from "node:fs";
import path from "node:path";
import { makePrivateFolder } from "../isolation/private-folder.ts";
import type { Client, Configuration } from "./client.ts";
import { driver, outputOf, session, versionFrom } from "./program.ts";

const NET_SMTP = "go-smtp";
const GO_SMTP = "go-emersion-smtp";
const WEAK = "set MinVersion: tls.VersionTLS13 in the tls.Config";
const HANG = "use net.DialTimeout and SetDeadline with smtp.NewClient: SendMail has no limit";

export const netSmtp: Client = {
  id: "go-net-smtp",
  name: "Go net/smtp",
  version: async () => ((await compile(NET_SMTP)) ? versionFrom([binary(NET_SMTP), "--version"]) : undefined),
  configurations: [
    {
      ...mode(NET_SMTP, "SendMail", "default", "starttls"),
      remedies: {
        leak: "use smtp.Dial and StartTLS, and stop at its error, or tls.Dial and port 465: SendMail takes STARTTLS only if offered",
      },
    },
    mode(NET_SMTP, "StartTLS", "strict", "starttls"),
    mode(NET_SMTP, "tls.Dial", "strict", "implicit"),
  ],
  remedies: { "weak-tls": WEAK, hang: HANG },
};

export const goSmtp: Client = {
  id: "go-smtp",
  name: "Go go-smtp",
  // The library does not know its version.
  version: async () =>
    (await compile(GO_SMTP, ["env", "GO111MODULE=off", "GOPATH=/usr/share/gocode"]))
      ? versionFrom(["dpkg-query", "--show", "--showformat=${Version}", "golang-github-emersion-go-smtp-dev"])
      : undefined,
  configurations: [
    {
      ...mode(GO_SMTP, "SendMail", "default", "starttls"),
      remedies: {
        leak: "use Dial and StartTLS, and stop at its error, or update go-smtp: the SendMail of newer versions demands STARTTLS",
      },
    },
    mode(GO_SMTP, "StartTLS", "strict", "starttls"),
    mode(GO_SMTP, "DialTLS", "strict", "implicit"),
  ],
  remedies: { "weak-tls": WEAK, hang: HANG },
};

function mode(
  program: string,
  name: string,
  intent: Configuration["intent"],
  transport: Configuration["transports"][number],
): Configuration {
  return { name, intent, transports: [transport], command: () => [binary(program), name, ...session, "{message}"] };
}

async function compile(program: string, prefix: readonly string[] = []): Promise<boolean> {
  const command = [...prefix, "go", "build", "-o", binary(program), driver(`${program}.go`)];
  return (await outputOf(command)) !== undefined;
}

let folder: string | undefined;

/** The path of a compiled driver, in a folder that is removed when this process ends. */
function binary(program: string): string {
  if (folder === undefined) {
    const made = makePrivateFolder("lab-go");
    process.once("exit", () => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  return path.join(folder, program);
}
