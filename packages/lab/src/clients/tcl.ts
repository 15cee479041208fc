/** Tcl's library of mail, from Tcllib. */
import type { Client, Configuration } from "./client.ts";
import { driver, Interpreter, session } from "./program.ts";

const SMTP = driver("tcl-smtp.tcl");
// Without the tls package it goes on without TLS.
const withSmtp = new Interpreter("tclsh", [["tclsh", SMTP, "--version"]]);

export const tclSmtp: Client = {
  id: "tcl-smtp",
  name: "Tcl smtp",
  version: () => withSmtp.version(),
  configurations: [mode("default", ["starttls", "implicit"]), mode("-tlspolicy", ["starttls"])],
  remedies: {
    leak: "use -tlsimport 1 with port 465, and call tls::init -require 1 -cafile FILE before",
    "weak-tls": "call tls::init -tls1 0 -tls1.1 0 -tls1.2 0 before",
    hang: "limit the whole session with after",
  },
};

function mode(name: string, transports: Configuration["transports"]): Configuration {
  return {
    name,
    intent: "default",
    transports,
    command: () => [withSmtp.program, SMTP, name, ...session, "{body}"],
  };
}
