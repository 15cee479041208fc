/** Checks whether this runtime can keep the policy, by its OpenSSL and not by its version number. */
import * as tls from "node:tls";
import { RuntimeError } from "../errors/runtime-error.ts";
import { withoutPrototype } from "../policy/own-options.ts";

/** Throws `MAIL_RUNTIME_UNSUPPORTED`: a policy that the runtime silently drops is worse than none. */
export function assertRuntime(): void {
  const { bun, deno, node } = process.versions;
  if (bun !== undefined) throw new RuntimeError(`Bun ${bun}`);
  if (deno !== undefined) throw new RuntimeError(`Deno ${deno}`);
  const found = `Node ${node} with OpenSSL ${process.versions.openssl}`;
  if (typeof tls.getCACertificates !== "function") throw new RuntimeError(found);
  try {
    tls.createSecureContext(withoutPrototype({ ecdhCurve: "*X25519MLKEM768:*X25519" }));
  } catch (error) {
    throw new RuntimeError(found, error);
  }
}
