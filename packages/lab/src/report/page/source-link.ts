/** Where a source can be read. Only its numbers and its kind of section get into an address. */

/** `undefined` if it has no known address. */
export function linkOf(source: string): string | undefined {
  const [, rfc, kind, section] = /^RFC (\d{1,5})(?: (section|appendix) ([A-Z\d.]{1,12}))?$/.exec(source) ?? [];
  if (rfc !== undefined)
    return `https://www.rfc-editor.org/rfc/rfc${rfc}${kind === undefined ? "" : `#${kind}-${section ?? ""}`}`;
  const [, cve] = /^(CVE-\d{4}-\d{4,7})$/.exec(source) ?? [];
  return cve === undefined ? undefined : `https://www.cve.org/CVERecord?id=${cve}`;
}
