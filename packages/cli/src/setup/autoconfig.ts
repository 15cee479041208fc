/** Reads Thunderbird's autoconfig (config-v1.1.xml): the submission servers in it that begin with TLS or are upgraded to it. */

export interface OutgoingServer {
  readonly host: string;
  readonly port: number;
  readonly implicit: boolean;
  /** As autoconfig writes it: `%EMAILADDRESS%`, `%EMAILLOCALPART%`, or a name. */
  readonly username: string | undefined;
}

/** Far more than any of these files has; a search in text has to end. */
const LONGEST = 64 * 1024;

/**
 * Not a parser of XML: five elements without attributes that matter are looked for, and what does not look as it should is
 * no server. What is found is a proposal, which has to prove itself by TLS like any other.
 */
export function outgoingServers(xml: string): readonly OutgoingServer[] {
  const text = xml.slice(0, LONGEST).replace(/<!--[^]*?-->/g, "");
  const servers = text.split(/<outgoingServer\b[^>]*\btype="smtp"[^>]*>/).slice(1);
  return servers.flatMap((part) => serverIn(part.split("</outgoingServer>", 1)[0] ?? "") ?? []);
}

function serverIn(part: string): OutgoingServer | undefined {
  const host = elementIn(part, "hostname");
  const port = Number(elementIn(part, "port"));
  const socket = elementIn(part, "socketType");
  // `plain` is not told as a server at all: there is nothing that could be done with it.
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
  return new RegExp(`<${name}>\\s*([^<>&\\s]{1,253})\\s*</${name}>`).exec(part)?.[1];
}
