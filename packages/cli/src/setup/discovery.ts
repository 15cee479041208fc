/**
 * Finds the submission server of an address. The result is only a proposal: a person has to confirm the name, and TLS has to
 * prove it. Servers without TLS are ignored.
 */
import { resolveSrv } from "node:dns/promises";
import { providerOf, providersAsOf } from "./providers.ts";
import { serverUrl } from "../server-url.ts";
import { outgoingServers } from "./autoconfig.ts";
import { httpsText } from "./https-text.ts";

export interface Found {
  /** Without a user. */
  readonly server: string;
  readonly host: string;
  /** Where it was found, for a person to read. */
  readonly source: string;
  /** Whether the host is the domain of the address or below it, so that no foreign name is introduced (RFC 6186 section 6). */
  readonly isOwn: boolean;
  /** The user's name there. `undefined` if not known; it is usually the whole address. */
  readonly username: string | undefined;
  readonly note: string | undefined;
}

export interface Sources {
  readonly srv: (name: string) => Promise<readonly SrvRecord[]>;
  readonly text: (url: string) => Promise<string | undefined>;
}

export interface SrvRecord {
  readonly name: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}

export const networkSources: Sources = { srv: (name) => resolveSrv(name), text: (url) => httpsText(url) };

/** `undefined` if no source knows one. TLS from the start is preferred (RFC 8314 section 3.3). */
export async function discover(address: string, sources: Sources): Promise<Found | undefined> {
  const at = address.lastIndexOf("@");
  const [local, domain] = [address.slice(0, at), address.slice(at + 1).toLowerCase()];
  return (
    fromTable(domain) ?? (await fromSrv(domain, sources)) ?? (await fromAutoconfig(domain, { address, local }, sources))
  );
}

function fromTable(domain: string): Found | undefined {
  const provider = providerOf(domain);
  if (provider === undefined) return undefined;
  const { server, note, name } = provider;
  // `isOwn`: the table is part of the program, and trusted like the rest of it.
  return {
    server,
    host: new URL(server).hostname,
    source: `the table of providers (${name}, as of ${providersAsOf})`,
    isOwn: true,
    username: undefined,
    note,
  };
}

/** RFC 6186 section 3.1 and RFC 8314 section 5.1. */
async function fromSrv(domain: string, { srv }: Sources): Promise<Found | undefined> {
  for (const service of ["submissions", "submission"] as const) {
    const name = `_${service}._tcp.${domain}`;
    const records = await srv(name).catch(() => []);
    // A lone dot means that there is no such service.
    const usable = records.filter((record) => /^[A-Za-z0-9.-]+$/.test(record.name) && record.name !== ".");
    const [first] = usable.toSorted((one, other) => one.priority - other.priority || other.weight - one.weight);
    if (first === undefined) continue;
    const host = first.name.replace(/\.$/, "").toLowerCase();
    const server = serverUrl({ host, port: first.port, implicit: service === "submissions", user: undefined });
    return {
      server,
      host,
      source: `the DNS record ${name}, which is not signed`,
      isOwn: isBelow(host, domain),
      username: undefined,
      note: undefined,
    };
  }
  return undefined;
}

async function fromAutoconfig(
  domain: string,
  { address, local }: { readonly address: string; readonly local: string },
  { text }: Sources,
): Promise<Found | undefined> {
  // Without the address, which some servers would accept: the domain is enough, and the address stays private.
  const pages = [
    `https://autoconfig.${domain}/mail/config-v1.1.xml`,
    `https://autoconfig.thunderbird.net/v1.1/${domain}`,
  ];
  for (const page of pages) {
    const xml = await text(page);
    const servers = xml === undefined ? [] : outgoingServers(xml);
    const server = servers.find(({ implicit }) => implicit) ?? servers[0];
    if (server === undefined) continue;
    // Functions, because `replace` would interpret "$&" in an address.
    const username = server.username
      ?.replace("%EMAILADDRESS%", () => address)
      .replace("%EMAILLOCALPART%", () => local)
      .replace("%EMAILDOMAIN%", () => domain);
    return {
      server: serverUrl({ ...server, user: undefined }),
      host: server.host,
      source: page,
      isOwn: isBelow(server.host, domain),
      username,
      note: undefined,
    };
  }
  return undefined;
}

function isBelow(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}
