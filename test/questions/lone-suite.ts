/** A submission server with implicit TLS that supports only one cipher suite. */
import { createSecureContext, type SecureContextOptions } from "node:tls";
import { type Issued, listen, type Listener, serve } from "@postseal/lab";

/** OpenSSL offers many of these suites only at security level 0, which refuses nothing. */
export function only(suite: string): SecureContextOptions {
  return suite.startsWith("TLS_")
    ? { minVersion: "TLSv1.3", ciphers: suite }
    : { maxVersion: "TLSv1.2", ciphers: `${suite}:@SECLEVEL=0` };
}

/** `suite` is OpenSSL's name. */
export function serveOnly(suite: string, { chain, key }: Issued): Promise<Listener> {
  const context = createSecureContext({ ...only(suite), cert: chain, key, dhparam: "auto" });
  return listen((socket) => void serve(socket, { tls: { transport: "implicit", context } }));
}
