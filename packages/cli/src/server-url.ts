/** URLs of servers: finds the fault in one that somebody wrote, and makes one from the settings of another program. */
import { textFaultOf } from "./text-fault.ts";

/**
 * What the URL, its user or its password must not hold, worded to follow "holds"; `undefined` for a sound one. The URL
 * parser silently removes spaces, tabs and line ends, and `%0D%0A` would be noticed only after connecting.
 */
export function urlFaultOf(written: string): string | undefined {
  const fault = written.includes(" ") ? "a space, which has to be written %20" : textFaultOf(written);
  if (fault !== undefined || !URL.canParse(written)) return fault;
  const { username, password } = new URL(written);
  const hidden = textFaultOf(decoded(username) + decoded(password));
  return hidden === undefined ? undefined : `${hidden} (in its user or password, written as %…)`;
}

/** Text that does not decode is returned as it is: the library refuses it. */
function decoded(text: string): string {
  try {
    // defence: escaped-control-characters-count
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Whether it could be a host's name or address, and begins no other part of a URL. The library judges it more closely. */
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

/** A well-known port decides, whatever the other program said: 465 speaks TLS from the start, 587 and 25 do not. */
export function serverUrl({ host, port, implicit, user }: Place): string {
  const fromStart = port === 465 || (implicit && port !== 587 && port !== 25);
  const usual = fromStart ? 465 : 587;
  const name = host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
  const who = user === undefined || user === "" ? "" : `${encodeURIComponent(user)}@`;
  return `${fromStart ? "submissions" : "submission"}://${who}${name}${port === undefined || port === usual ? "" : `:${port}`}`;
}
