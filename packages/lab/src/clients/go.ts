/** Go's own library. Its driver is compiled once: a compiler in every run would take up the client's time. */
import { rmSync } from "node:fs";
import path from "node:path";
import { makePrivateFolder } from "../isolation/private-folder.ts";
import type { Client, Configuration } from "./client.ts";
import { driver, outputOf, session, versionFrom } from "./program.ts";

export const go: Client = {
  id: "go-net-smtp",
  name: "Go net/smtp",
  version: async () => {
    const compiled = await outputOf(["go", "build", "-o", binary(), driver("go-smtp.go")]);
    return compiled === undefined ? undefined : versionFrom([binary(), "--version"]);
  },
  configurations: [
    {
      ...mode("SendMail", "default", "starttls"),
      remedies: {
        leak: "use smtp.Dial and StartTLS, and stop at its error, or tls.Dial and port 465: SendMail takes STARTTLS only if offered",
      },
    },
    mode("StartTLS", "strict", "starttls"),
    mode("tls.Dial", "strict", "implicit"),
  ],
  remedies: {
    "weak-tls": "set MinVersion: tls.VersionTLS13 in the tls.Config",
    hang: "use net.DialTimeout and SetDeadline with smtp.NewClient: SendMail has no limit",
  },
};

function mode(
  name: string,
  intent: Configuration["intent"],
  transport: Configuration["transports"][number],
): Configuration {
  return { name, intent, transports: [transport], command: () => [binary(), name, ...session, "{message}"] };
}

let folder: string | undefined;

/** The path of the compiled driver, in a folder that is removed when this process ends. */
function binary(): string {
  if (folder === undefined) {
    const made = makePrivateFolder("lab-go");
    process.once("exit", () => rmSync(made, { recursive: true, force: true }));
    folder = made;
  }
  return path.join(folder, "go-smtp");
}
