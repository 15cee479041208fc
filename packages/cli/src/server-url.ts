/** URLs of servers: what is wrong with one that somebody wrote, and one from what other programs call the server. */
import { textFaultOf } from "./text-fault.ts";

/**
 * What the URL or its user or password holds that none may hold, for after "holds"; `undefined` for nothing. The parser of
 * URLs takes spaces, tabs and line ends out in silence, and what stands there as `%0D%0A` would be learnt after connecting.
 */
export function urlFaultOf(written: string): string | undefined {
  const fault = written.includes(" ") ? "a space where %20 is due" : textFaultOf(written);
  if (fault !== undefined || !URL.canParse(written)) return fault;
  const { username, password } = new URL(written);
  const hidden = textFaultOf(decoded(username) + decoded(password));
  return hidden === undefined ? undefined : `${hidden} (in its user or password, as %…)`;
}

/** What does not decode stays as it is: the library refuses it. */
function decoded(text: string): string {
  try {
    // defence: escaped-control-characters-count
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A name or an address of a host, and nothing that would begin another part of a URL. Whether there can be such a host the library judges. */
export function isHost(text: string): boolean {
  return /^[\p{L}\p{M}\p{N}._-]+$/u.test(text) || /^\[?[0-9A-Fa-f:.]+\]?$/.test(text);
}

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
