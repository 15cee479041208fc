/**
 * Finds the submission server of an address. The result is only a proposal: a person has to confirm the name, and TLS has to
 * prove it. Servers without TLS are ignored.
 */
import { Resolver } from "node:dns/promises";
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

/** Each gives up once the signal is aborted. */
export interface Sources {
  readonly srv: (name: string, signal: AbortSignal) => Promise<readonly SrvRecord[]>;
  readonly text: (url: string, signal: AbortSignal) => Promise<string | undefined>;
}

export interface SrvRecord {
  readonly name: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}

export const networkSources: Sources = { srv: srvRecords, text: httpsText };

/**
 * `undefined` if no source knows one. TLS from the start is preferred (RFC 8314 section 3.3). `signal`: of all of it together; once
 * it is aborted, nothing further is asked.
 */
export async function discover(address: string, sources: Sources, signal: AbortSignal): Promise<Found | undefined> {
  const at = address.lastIndexOf("@");
  const [local, domain] = [address.slice(0, at), address.slice(at + 1).toLowerCase()];
  return (
    fromTable(domain) ??
    (await fromSrv(domain, sources, signal)) ??
    (await fromAutoconfig(domain, { address, local }, sources, signal))
  );
}

/** In milliseconds, and how often: Node's own resolver goes on for up to a minute if nothing answers. */
const PATIENCE = { timeout: 1_500, tries: 2 };

async function srvRecords(name: string, signal: AbortSignal): Promise<readonly SrvRecord[]> {
  signal.throwIfAborted();
  const resolver = new Resolver(PATIENCE);
  const cancel = (): void => resolver.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    return await resolver.resolveSrv(name);
  } finally {
    signal.removeEventListener("abort", cancel);
  }
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

const SERVICES = ["submissions", "submission"] as const;

/** RFC 6186 section 3.1 and RFC 8314 section 5.1. Both are asked for at once, since a server that is silent costs time. */
async function fromSrv(domain: string, { srv }: Sources, signal: AbortSignal): Promise<Found | undefined> {
  const answers = await Promise.all(
    SERVICES.map(async (service) => {
      const name = `_${service}._tcp.${domain}`;
      return { service, name, records: await srv(name, signal).catch(() => []) };
    }),
  );
  for (const { service, name, records } of answers) {
    const usable = records.filter(isUsable);
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

/** RFC 2782: a target is a name that is no alias, so never an address; a lone dot means that there is no such service. */
function isUsable({ name, port }: SrvRecord): boolean {
  const host = name.replace(/\.$/, "");
  return /^[A-Za-z0-9.-]+$/.test(host) && !/^[\d.]*$/.test(host) && port > 0;
}

async function fromAutoconfig(
  domain: string,
  { address, local }: { readonly address: string; readonly local: string },
  { text }: Sources,
  signal: AbortSignal,
): Promise<Found | undefined> {
  // Without the address, which some servers would accept: the domain is enough, and the address stays private.
  const pages = [
    `https://autoconfig.${domain}/mail/config-v1.1.xml`,
    `https://autoconfig.thunderbird.net/v1.1/${domain}`,
  ];
  for (const page of pages) {
    const xml = signal.aborted ? undefined : await text(page, signal);
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
