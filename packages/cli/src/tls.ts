/** The TLS policy from the command line. There is nothing here that could loosen it. */
import type { TlsOptions } from "@postseal/mailer";
import type { Arguments } from "./arguments.ts";
import { CommandError } from "./command-error.ts";
import type { OptionName } from "./option.ts";
import { readGivenFile } from "./given-file.ts";

/** Throws `CommandError`. Whether certificates and pins can be used the library judges. */
export async function tlsOptionsOf(given: Arguments): Promise<TlsOptions> {
  const authority = given.oneOf("ca", "ca-only");
  const pins = given.oneOf("pin", "trust-pin");
  if (pins === "trust-pin" && authority !== undefined) {
    throw new CommandError(
      "CLI_USAGE",
      `--trust-pin stands instead of an authority and a name: leave out --${authority}, or give --pin`,
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
      "--client-cert and --client-key belong together; a file may hold both, and is then given to both",
    );
  }
  return {
    ...minimumVersionOf(given.one("min-tls")),
    ...(given.has("require-pq") ? { postQuantum: "require" } : {}),
    ...(ca === undefined ? {} : { ca: authority === "ca-only" ? { only: ca } : { add: ca } }),
    ...(pins === "pin" ? { pins: given.all("pin") } : {}),
    ...(pins === "trust-pin" ? { trust: { pins: given.all("trust-pin") } } : {}),
    ...(cert === undefined || key === undefined ? {} : { clientCertificate: { cert, key } }),
  };
}

export function minimumVersionOf(given: string | undefined): Pick<TlsOptions, "minVersion"> {
  switch (given) {
    case undefined:
      return {};
    case "1.2":
    case "TLSv1.2":
      return { minVersion: "TLSv1.2" };
    case "1.3":
    case "TLSv1.3":
      return { minVersion: "TLSv1.3" };
    default:
      throw new CommandError("CLI_USAGE", "--min-tls is 1.2 (the default) or 1.3");
  }
}

async function fileOf(given: Arguments, option: OptionName | undefined): Promise<string | undefined> {
  const path = option === undefined ? undefined : given.one(option);
  if (option === undefined || path === undefined) return undefined;
  return (await readGivenFile(path, option)).toString("utf8");
}
