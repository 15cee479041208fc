/** The URL of a server from what other programs call it. */

export interface Place {
  readonly host: string;
  readonly port: number | undefined;
  /** Whether the other program began with TLS. */
  readonly implicit: boolean;
  readonly user: string | undefined;
}

/** The port decides where it can: 465 speaks TLS from the start, 587 and 25 do not, whatever was said of them. */
export function serverUrl({ host, port, implicit, user }: Place): string {
  const fromStart = port === 465 || (implicit && port !== 587 && port !== 25);
  const usual = fromStart ? 465 : 587;
  const name = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  const who = user === undefined || user === "" ? "" : `${encodeURIComponent(user)}@`;
  return `${fromStart ? "submissions" : "submission"}://${who}${name}${port === undefined || port === usual ? "" : `:${port}`}`;
}
