/** Reads the files of the TLS policy, and refuses options that exclude each other. No option can weaken TLS. */
import type { TlsOptions } from "@postseal/mailer";
import type { Arguments } from "../arguments.ts";
import { CommandError } from "../command-error.ts";
import { readGivenFile } from "../given-file.ts";
import type { TlsOption } from "./options.ts";

/** Throws `CommandError`. The library judges whether certificates and pins are usable. */
export async function tlsFilesOf(given: Arguments<TlsOption>): Promise<TlsOptions> {
  const authority = given.oneOf("ca", "ca-only");
  const pins = given.oneOf("pin", "trust-pin");
  if (pins === "trust-pin" && authority !== undefined) {
    throw new CommandError(
      "CLI_USAGE",
      `--trust-pin replaces the authority and the name: leave out --${authority}, or give --pin instead`,
    );
  }
  const [ca, cert, key] = await Promise.all([
    fileOf(given, authority),
    fileOf(given, "client-cert"),
    fileOf(given, "client-key"),
  ]);
  if ((cert === undefined) !== (key === undefined)) {
    throw new CommandError(
      "CLI_USAGE",
      "--client-cert and --client-key belong together; if one file holds both, give it to both",
    );
  }
  return {
    ...(ca === undefined ? {} : { ca: authority === "ca-only" ? { only: ca } : { add: ca } }),
    ...(cert === undefined || key === undefined ? {} : { clientCertificate: { cert, key } }),
  };
}

async function fileOf(given: Arguments<TlsOption>, option: TlsOption | undefined): Promise<string | undefined> {
  const path = option === undefined ? undefined : given.one(option);
  if (option === undefined || path === undefined) return undefined;
  return (await readGivenFile(path, option)).toString("utf8");
}
