/** Which submission server to use, and how TLS begins there: from a URL as people keep it in their settings, or from options. */
import { InputError } from "../errors/input-error.ts";
import { CONTROL } from "../sasl/credentials.ts";
import { Secret } from "../sasl/secret.ts";
import { readOptions } from "./own-options.ts";
import { parseServerName, type ServerName } from "./server-name.ts";

/** `starttls`: the session begins in the clear and is upgraded (RFC 3207). `implicit`: TLS from the first octet (RFC 8314). */
export type Transport = "starttls" | "implicit";

/** What a caller may give instead of a URL. */
export interface ServerOptions {
  /** A host name or an IP address; the certificate must be for it. */
  readonly host: string;
  /** Default 587 for `starttls`, 465 for `implicit`. */
  readonly port?: number | undefined;
  /** Default `starttls`. Both are sealed. */
  readonly transport?: Transport | undefined;
}

/** Where a sealed connection goes: a submission server, or an HTTPS server (RFC 9110 section 4.2.2). */
export interface Endpoint {
  readonly name: ServerName;
  readonly port: number;
  readonly transport: Transport | "https";
}

export interface Server extends Endpoint {
  readonly transport: Transport;
  /** From the URL, if it has them. */
  readonly username?: string | undefined;
  readonly password?: Secret | undefined;
}

const NAMES: ReadonlySet<string> = new Set(["host", "port", "transport"]);
/** What other libraries have in one object with the host, and people expect here too. */
const NAMES_BESIDE: ReadonlySet<string> = new Set(
  "auth user pass username password credentials tls pool timeouts connect clientName chunking requireTLS".split(" "),
);
const MISSING = "missing. Is the environment variable set?";
const SCHEMES: ReadonlyMap<string, Transport> = new Map([
  ["submission:", "starttls"],
  ["submissions:", "implicit"],
  ["smtp:", "starttls"],
  ["smtps:", "implicit"],
]);
const DROPPED = /[\t\n\r]/;
/** Other percent signs are how a URL writes a U-label. */
const ESCAPED_ASCII = /%[0-7]/;
const PORTS: Readonly<Record<Transport, number>> = { starttls: 587, implicit: 465 };

/** `submission://user@host` (587, STARTTLS) or `submissions://user@host` (465); `smtp` and `smtps` mean the same, and are just as sealed. */
export function parseServer(given: string | URL | ServerOptions): Server {
  if (typeof given === "string" || given instanceof URL) return fromUrl(given);
  if (given === undefined || given === null) throw urlError("server", MISSING);
  const own = readOptions(given, NAMES, { field: "server", code: "MAIL_INPUT_OPTION", explain });
  if (own.host === undefined || own.host === "") throw urlError("server.host", MISSING);
  const { transport = "starttls" } = own;
  if (transport !== "starttls" && transport !== "implicit") {
    throw new InputError("MAIL_INPUT_OPTION", "server.transport", "it is either starttls or implicit");
  }
  return {
    name: parseServerName(own.host, "server.host"),
    port: checkPort(own.port === undefined ? PORTS[transport] : own.port, transport),
    transport,
    username: undefined,
    password: undefined,
  };
}

function explain(name: string): string | undefined {
  if (name === "secure") return 'TLS is always on; transport says how it begins: "starttls" or "implicit"';
  if (NAMES_BESIDE.has(name))
    return "it goes into the second argument, beside the server: createMailer({ host, port }, { credentials: { username, password }, tls, pool })";
  return name === "service"
    ? "there is no list of services: write the host that the provider's own pages name"
    : undefined;
}

/** The server as errors and the seal name it: `mail.example.com:587`. */
export function describeServer({ name, port }: Endpoint): string {
  return name.name.includes(":") ? `[${name.name}]:${port}` : `${name.name}:${port}`;
}

function fromUrl(given: string | URL): Server {
  // Errors here never quote the URL: it may hold a password. A URL object is parsed again: its own methods may be overridden.
  const text = (typeof given === "string" ? given : given.href).trim();
  if (text === "") throw urlError("server", MISSING);
  const url = URL.parse(text);
  if (url === null) {
    throw urlError(
      "server",
      "this is not a URL; write submission://user@mail.example.com or submissions://user@mail.example.com",
    );
  }
  const transport = SCHEMES.get(url.protocol);
  if (transport === undefined) {
    throw urlError(
      "server",
      `the scheme is not one for mail; write submission:// (STARTTLS, 587) or submissions:// (TLS from the start, 465)`,
    );
  }
  if (url.search !== "" || url.hash !== "") {
    throw urlError(
      "server",
      "a server's URL has no query and no fragment; TLS is always on, and options go beside the URL. A ? or # in a password is written %3F or %23",
    );
  }
  if (url.pathname !== "" && url.pathname !== "/") throw urlError("server", "a server's URL has no path");
  if (url.hostname === "") throw urlError("server", "the URL has no host; write submission://user@mail.example.com");
  // The URL parser silently drops these, and percent-encoded ASCII hides which name it is.
  // defence: url-drops-nothing
  if (DROPPED.test(text) || ESCAPED_ASCII.test(url.hostname))
    throw urlError("server", "there is a line break, a tab or a percent sign in the host; write the name itself");
  const port = checkPort(url.port === "" ? PORTS[transport] : Number(url.port), transport);
  const [username, password] = [decoded(url.username), decoded(url.password)];
  if (CONTROL.test(username + password))
    throw urlError("server", "the user or the password in the URL holds a control character");
  return {
    name: parseServerName(decoded(url.hostname), "server"),
    port,
    transport,
    username: username === "" ? undefined : username,
    password: password === "" ? undefined : new Secret(password),
  };
}

function checkPort(port: number, transport: Transport): number {
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw urlError("server.port", "a port is a whole number from 1 to 65535");
  if (transport === "starttls" && port === 465) {
    throw urlError(
      "server",
      'port 465 speaks TLS from the start: write submissions:// (or smtps://), or transport: "implicit"',
    );
  }
  if (transport === "implicit" && (port === 587 || port === 25)) {
    throw urlError(
      "server",
      `port ${port} begins in the clear and is upgraded by STARTTLS: write submission:// (or smtp://), which is just as sealed`,
    );
  }
  return port;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw urlError("server", "a percent sign in the URL does not begin an octet; write %25 for the sign itself");
  }
}

function urlError(field: string, what: string): InputError {
  return new InputError("MAIL_INPUT_URL", field, what);
}
