/** Sets up the namespaces that a worker was started in: an address, names, and a trust store with one authority. */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { AUTHORITY, HOST } from "../authority/authority.ts";
import { DEEP_HOST } from "../authority/certificate.ts";
import { startNameServer } from "./name-server.ts";

const run = promisify(execFile);

/** In TEST-NET-1 (RFC 5737): no client takes it for its own machine and becomes less strict. */
export const ADDRESS = "192.0.2.25";

/** The name of the client's machine: it says nothing, and no canary can be part of it. */
const CLIENT = "client.example.test";

/** Where systems keep the authorities that they trust as one file. Those that exist here are covered. */
const BUNDLES: readonly string[] = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/ssl/cert.pem",
  "/etc/ssl/ca-bundle.pem",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
];
/** Where they keep them as a folder, in which OpenSSL looks up a file by the hash of the subject. */
const FOLDER = "/etc/ssl/certs";

/**
 * `folder`: what is put there is kept in memory, and ends with the namespace. Returns the files and folders of the system that
 * are now the lab's own. `entrust` has to follow.
 */
export async function furnish(folder: string): Promise<readonly string[]> {
  await run("ip", ["link", "set", "lo", "up"]);
  await run("ip", ["address", "add", `${ADDRESS}/32`, "dev", "lo"]);
  await run("mount", ["-t", "tmpfs", "-o", "mode=755,size=16m", "tmpfs", folder]);
  const own = path.join(folder, "etc");
  const certificates = path.join(own, "certs");
  await mkdir(certificates, { recursive: true });
  await writeFile(
    path.join(own, "hosts"),
    `127.0.0.1 localhost\n::1 localhost\n127.0.1.1 ${CLIENT} client\n${ADDRESS} ${HOST} ${DEEP_HOST}\n`,
  );
  await writeFile(path.join(own, "resolv.conf"), `nameserver ${ADDRESS}\noptions timeout:1 attempts:1\n`);
  await writeFile(path.join(own, "nsswitch.conf"), "passwd: files\ngroup: files\nhosts: files dns\nservices: files\n");
  await entrust(folder, "");
  await symlink("ca-certificates.crt", path.join(certificates, `${subjectHash(AUTHORITY)}.0`));

  const covers = new Map([
    ...["hosts", "resolv.conf", "nsswitch.conf"].map((name) => [`/etc/${name}`, path.join(own, name)] as const),
    ...BUNDLES.map((bundle) => [bundle, path.join(certificates, "ca-certificates.crt")] as const),
    [FOLDER, certificates],
  ]);
  // Only over files that exist: the file system itself stays unchanged.
  const covered = [...covers].filter(([target]) => existsSync(target));
  for (const [target, source] of covered) await run("mount", ["--bind", source, target]);
  await startNameServer(ADDRESS, [HOST, DEEP_HOST]);
  return covered.map(([target]) => target);
}

/** Makes an authority (PEM) the only one of the trust store. */
export async function entrust(folder: string, authority: string): Promise<void> {
  await writeFile(path.join(folder, "etc", "certs", "ca-certificates.crt"), authority);
}

/**
 * The name of a certificate in OpenSSL's folder of authorities: SHA-1 over the canonical form of the subject. This is that
 * form for a single common name: UTF-8, in lower case.
 */
export function subjectHash(commonName: string): string {
  const value = Buffer.from(commonName.toLowerCase());
  const attribute = tlv(0x30, Buffer.concat([Buffer.from("0603550403", "hex"), tlv(0x0c, value)]));
  const digest = createHash("sha1").update(tlv(0x31, attribute)).digest();
  return digest.readUInt32LE(0).toString(16).padStart(8, "0");
}

function tlv(tag: number, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag, value.length]), value]);
}
