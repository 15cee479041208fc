/** Which submission server, and how TLS begins there: from a URL as people have them in their settings. */
import { InputError } from "../errors/input-error.ts";
import { Secret } from "../sasl/secret.ts";
import { refuseUnknown } from "./known-options.ts";
import { parseServerName, type ServerName } from "./server-name.ts";

/** `starttls`: the session begins in the clear and is upgraded (RFC 3207). `implicit`: TLS from the first octet (RFC 8314). */
export type Transport = "starttls" | "implicit";

/** What a caller may give instead of a URL. */
export interface ServerOptions {
  /** A host name or an IP address; it is also what the certificate must prove. */
  readonly host: string;
  /** Default 587 for `starttls`, 465 for `implicit`. */
  readonly port?: number | undefined;
  /** Default `starttls`. Both are sealed. */
  readonly transport?: Transport | undefined;
}

export interface Server {
  readonly name: ServerName;
  readonly port: number;
  readonly transport: Transport;
  /** Out of a URL, where it has them. */
  readonly username?: string | undefined;
  readonly password?: Secret | undefined;
}

const SCHEMES: ReadonlyMap<string, Transport> = new Map([
  ["submission:", "starttls"],
  ["submissions:", "implicit"],
  ["smtp:", "starttls"],
  ["smtps:", "implicit"],
]);
const PORTS: Readonly<Record<Transport, number>> = { starttls: 587, implicit: 465 };

/** `submission://user@host` (587, STARTTLS) or `submissions://user@host` (465); `smtp` and `smtps` are their synonyms, and just as sealed. */
export function parseServer(given: string | URL | ServerOptions): Server {
  if (typeof given === "string" || given instanceof URL) return fromUrl(given);
  refuseUnknown(given, ["host", "port", "transport"], "server", (name) =>
    name === "secure" ? 'TLS is always on; transport says how it begins: "starttls" or "implicit"' : undefined,
  );
  const transport = given.transport ?? "starttls";
  if (transport !== "starttls" && transport !== "implicit") {
    throw new InputError("MAIL_INPUT_OPTION", "server.transport", "it is either starttls or implicit");
  }
  return {
    name: parseServerName(given.host, "server.host"),
    port: checkPort(given.port ?? PORTS[transport], transport),
    transport,
  };
}

/** The server as errors and the seal name it: `mail.example.com:587`. */
export function describeServer({ name, port }: Server): string {
  return name.name.includes(":") ? `[${name.name}]:${port}` : `${name.name}:${port}`;
}

function fromUrl(given: string | URL): Server {
  // Errors here never quote the URL: it may hold a password.
  const url = typeof given === "string" && URL.canParse(given.trim()) ? new URL(given.trim()) : given;
  if (typeof url === "string") {
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
  if (url.hostname === "") throw urlError("server", "there is no host in it; write submission://user@mail.example.com");
  const port = checkPort(url.port === "" ? PORTS[transport] : Number(url.port), transport);
  const server = { name: parseServerName(decoded(url.hostname), "server"), port, transport };
  const username = url.username === "" ? {} : { username: decoded(url.username) };
  const password = url.password === "" ? {} : { password: new Secret(decoded(url.password)) };
  return { ...server, ...username, ...password };
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
      `port ${port} begins in the clear and is upgraded: write submission:// (or smtp://); it is sealed just the same`,
    );
  }
  return port;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw urlError("server", "a percent sign in it does not begin an octet; write %25 for the sign itself");
  }
}

function urlError(field: string, what: string): InputError {
  return new InputError("MAIL_INPUT_URL", field, what);
}
