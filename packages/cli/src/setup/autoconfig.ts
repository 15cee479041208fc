/** Reads the submission servers in Thunderbird's autoconfig (config-v1.1.xml) that begin with TLS or upgrade to it. */

export interface OutgoingServer {
  readonly host: string;
  readonly port: number;
  readonly implicit: boolean;
  /** As autoconfig writes it: `%EMAILADDRESS%`, `%EMAILLOCALPART%`, or a name. */
  readonly username: string | undefined;
}

/** Far more than any of these files needs. */
const LONGEST = 64 * 1024;
const [BEGIN, END] = ["<outgoingServer", "</outgoingServer>"];

/**
 * Not an XML parser: it looks for five simple elements, and ignores a server that does not look as it should. The result is
 * a proposal, which has to prove itself by TLS like any other. Each search continues where the last one ended, because a
 * stranger writes this text, and regular expressions for it were cubic.
 */
export function outgoingServers(xml: string): readonly OutgoingServer[] {
  const text = withoutComments(xml.slice(0, LONGEST));
  const servers: OutgoingServer[] = [];
  for (let begin = text.indexOf(BEGIN); begin !== -1;) {
    const end = text.indexOf(">", begin);
    if (end === -1) break;
    const next = text.indexOf(BEGIN, end);
    const [part = ""] = text.slice(end + 1, next === -1 ? undefined : next).split(END, 1);
    const server = /^\s[^]*\btype="smtp"/.test(text.slice(begin + BEGIN.length, end)) ? serverIn(part) : undefined;
    if (server !== undefined) servers.push(server);
    begin = next;
  }
  return servers;
}

/** Keeps a comment that does not end. */
function withoutComments(text: string): string {
  let kept = "";
  let at = 0;
  for (let begin = text.indexOf("<!--"); begin !== -1; begin = text.indexOf("<!--", at)) {
    const end = text.indexOf("-->", begin + "<!--".length);
    if (end === -1) break;
    kept += text.slice(at, begin);
    at = end + "-->".length;
  }
  return kept + text.slice(at);
}

function serverIn(part: string): OutgoingServer | undefined {
  const host = elementIn(part, "hostname");
  const port = Number(elementIn(part, "port"));
  const socket = elementIn(part, "socketType");
  // A server with `plain` is skipped: nothing could be sent through it.
  if (socket !== "SSL" && socket !== "STARTTLS") return undefined;
  if (
    host === undefined ||
    !/^[A-Za-z0-9.-]{1,253}$/.test(host) ||
    !Number.isInteger(port) ||
    port < 1 ||
    port > 65_535
  )
    return undefined;
  return { host: host.toLowerCase(), port, implicit: socket === "SSL", username: elementIn(part, "username") };
}

function elementIn(part: string, name: string): string | undefined {
  const [open, close] = [`<${name}>`, `</${name}>`];
  for (let at = part.indexOf(open); at !== -1;) {
    const end = part.indexOf("<", at + open.length);
    if (end === -1) return undefined;
    const value = part.slice(at + open.length, end).trim();
    if (part.startsWith(close, end) && /^[^<>&\s]{1,253}$/.test(value)) return value;
    at = part.indexOf(open, end);
  }
  return undefined;
}
