/** A submission server that speaks one cipher suite and nothing else, TLS from the first octet. */
import { createSecureContext, type SecureContextOptions } from "node:tls";
import { type Issued, listen, type Listener, serve } from "@postseal/lab";

/** OpenSSL still has many of these suites only at security level 0, where nothing is refused. */
export function only(suite: string): SecureContextOptions {
  return suite.startsWith("TLS_")
    ? { minVersion: "TLSv1.3", ciphers: suite }
    : { maxVersion: "TLSv1.2", ciphers: `${suite}:@SECLEVEL=0` };
}

/** `suite`: by OpenSSL's name. */
export function serveOnly(suite: string, { chain, key }: Issued): Promise<Listener> {
  const context = createSecureContext({ ...only(suite), cert: chain, key, dhparam: "auto" });
  return listen((socket) => void serve(socket, { tls: { transport: "implicit", context } }));
}
