/** Tells the bundles of public authorities, which are trusted anyway, from an authority of one's own. */

const SYSTEM_BUNDLE =
  /^(?:system|\/etc\/(?:ssl|pki)\/(?:\S*\/)?(?:ca-certificates\.crt|ca-bundle\.(?:crt|pem)|tls-ca-bundle\.pem|cert\.pem)|\/etc\/ssl\/certs\/?)$/;

/** `undefined` for a bundle of the system. */
export function authorityOf(file: string | undefined): string | undefined {
  return file === undefined || SYSTEM_BUNDLE.test(file) ? undefined : file;
}
