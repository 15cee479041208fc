/** Where a source can be read. Only digits of it ever get into an address. */

/** `undefined` where only a person can find it. */
export function linkOf(source: string): string | undefined {
  const [, rfc, kind, section] = /^RFC (\d{1,5})(?: (section|appendix) ([A-Z\d.]{1,12}))?$/.exec(source) ?? [];
  if (rfc !== undefined)
    return `https://www.rfc-editor.org/rfc/rfc${rfc}${kind === undefined ? "" : `#${kind}-${section ?? ""}`}`;
  const [, cve] = /^(CVE-\d{4}-\d{4,7})$/.exec(source) ?? [];
  return cve === undefined ? undefined : `https://www.cve.org/CVERecord?id=${cve}`;
}
