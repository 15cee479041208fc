/**
 * The server on this machine to which the browser comes back (RFC 8252 section 7.3). It answers GET with one of its own names, and
 * nothing else; no other machine can reach it.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { OAuthError } from "./oauth-error.ts";

export interface Page {
  readonly status: number;
  /** For people, one sentence. */
  readonly text: string;
  readonly location?: string;
}

export interface Loopback {
  readonly port: number;
  close(): Promise<void>;
}

/** How many ports are tried for one that is free at both addresses. */
const TRIES = 20;
/** In milliseconds. */
const LAST_WORDS = 500;

/** `name`: by which the browser comes. `answer` gets each address that was asked for properly. Throws `OAuthError`. */
export async function listenOnLoopback(
  name: "127.0.0.1" | "localhost",
  answer: (address: URL) => Page,
): Promise<Loopback> {
  for (let attempt = 1; ; attempt += 1) {
    const first = serverFor(name, answer);
    const port = await listen(first, "127.0.0.1", 0);
    if (name === "127.0.0.1") return { port, close: () => close([first]) };
    // Another user's process could hold the other address, and a browser that prefers it would bring it the code.
    const second = serverFor(name, answer);
    try {
      // defence: both-loopback-addresses
      await listen(second, "::1", port);
      return { port, close: () => close([first, second]) };
    } catch (error) {
      await close([first]);
      const code = error instanceof Error && "code" in error ? String(error.code) : "";
      // Without IPv6 nobody can hold it.
      if (code === "EADDRNOTAVAIL" || code === "EAFNOSUPPORT") return listenOnOne(name, answer);
      if (attempt === TRIES)
        throw new OAuthError(
          "MAIL_AUTH_CREDENTIALS",
          `There is no port that is free at both 127.0.0.1 and ::1 (${code}).`,
        );
    }
  }
}

async function listenOnOne(name: "localhost", answer: (address: URL) => Page): Promise<Loopback> {
  const only = serverFor(name, answer);
  return { port: await listen(only, "127.0.0.1", 0), close: () => close([only]) };
}

function serverFor(name: string, answer: (address: URL) => Page): Server {
  const server = createServer({ requestTimeout: 10_000, maxHeaderSize: 16 * 1024 }, (request, response) => {
    write(pageFor(request, name, answer), response);
  });
  // A browser may hold connections open that it will never use.
  server.keepAliveTimeout = 1;
  return server;
}

function pageFor(request: IncomingMessage, name: string, answer: (address: URL) => Page): Page {
  const { method, url = "", headers, socket } = request;
  if (method !== "GET") return { status: 405, text: "Only GET." };
  const own = `${name}:${socket.localPort ?? 0}`;
  // A page of somebody else's whose name leads here has its own name in Host (DNS rebinding).
  // defence: host-is-our-own
  if (headers.host !== own && headers.host !== `127.0.0.1:${socket.localPort ?? 0}`)
    return { status: 421, text: "There is nothing by that name here." };
  const address = url.startsWith("/") ? URL.parse(`http://${own}${url}`) : null;
  return address === null ? { status: 400, text: "This is no address." } : answer(address);
}

function write({ status, text, location }: Page, response: ServerResponse): void {
  response.writeHead(status, {
    "Content-Type": "text/plain; charset=utf-8",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    Connection: "close",
    ...(location === undefined ? {} : { Location: location }),
  });
  response.end(`${text}\n`);
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    // Never shared: with another process that asks for the same port, one of the two gets an error.
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      if (typeof address === "object" && address !== null) resolve(address.port);
    });
  });
}

async function close(servers: readonly Server[]): Promise<void> {
  await Promise.all(
    servers.map(
      (server) =>
        new Promise<void>((resolve) => {
          // Answers that are being written still go out; a connection that says nothing does not keep the port.
          const timer = setTimeout(() => server.closeAllConnections(), LAST_WORDS);
          server.close(() => {
            clearTimeout(timer);
            resolve();
          });
          server.closeIdleConnections();
        }),
    ),
  );
}
