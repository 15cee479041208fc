/** Reads what TLS must prove on top of what it always must. No key can weaken it. */
import type { AccountKey, AccountTls } from "./account.ts";
import { placeOf } from "./place.ts";
import type { TableReader } from "./table-reader.ts";

export function tlsOf(reader: TableReader<AccountKey>, file: string): AccountTls {
  const path = (key: AccountKey): string | undefined => {
    const written = reader.text(key, `Write ${key} = "/path/to/file.pem"`);
    return written === undefined ? undefined : placeOf(written, file);
  };
  const pins = (key: AccountKey): readonly string[] | undefined =>
    reader.texts(key, `Write ${key} = ["…"]; postseal verify prints the pin of a server`);
  const [cert, key] = [path("client-certificate"), path("client-key")];
  if (reader.has("client-certificate") !== reader.has("client-key")) {
    reader.problem(
      reader.has("client-key") ? "client-key" : "client-certificate",
      "client-certificate and client-key belong together",
      "Give both; if one file holds both, name it twice",
    );
  }
  const tls = {
    ca: path("ca"),
    caOnly: path("ca-only"),
    pins: pins("pins"),
    trustPins: pins("trust-pins"),
    minVersion: versionOf(reader),
    requirePostQuantum: postQuantumOf(reader),
    clientCertificate: cert === undefined || key === undefined ? undefined : { cert, key },
  };
  if (reader.has("ca") && reader.has("ca-only")) {
    reader.problem(
      "ca",
      "ca and ca-only exclude each other",
      "ca trusts an authority as well as the public ones, ca-only instead of them",
    );
  }
  const beside = (["ca", "ca-only", "pins"] as const).find((one) => reader.has(one));
  if (reader.has("trust-pins") && beside !== undefined) {
    reader.problem(
      "trust-pins",
      `trust-pins replaces the authority and the name, so ${beside} cannot be given too`,
      `Leave ${beside} out, or write pins instead of trust-pins`,
    );
  }
  return tls;
}

function versionOf(reader: TableReader<AccountKey>): AccountTls["minVersion"] {
  const written = reader.word("min-tls", ["1.2", "1.3"]);
  return written === undefined ? undefined : `TLSv${written}`;
}

/** True or absent: `false` would suggest that something can be switched off. */
function postQuantumOf(reader: TableReader<AccountKey>): boolean {
  const value = reader.value("require-post-quantum");
  if (reader.has("require-post-quantum") && value !== true) {
    reader.problem(
      "require-post-quantum",
      "require-post-quantum is not true",
      "Write true, without quotes, or leave it out",
    );
  }
  return value === true;
}
