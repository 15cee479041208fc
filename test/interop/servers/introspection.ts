/** An OAuth 2.0 token introspection endpoint (RFC 7662), from which Dovecot learns whose bearer token it has. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { listen, portOf } from "./port.ts";
import { accounts } from "./server.ts";

/** The only valid token, which is alice's. */
export const accessToken = "live-token-of-alice";

/** Where Dovecot asks whose token it has. The answer has the user as `email`. */
export interface IntrospectionEndpoint {
  readonly url: string;
  /** Which issuer a refusal names (RFC 7628 section 3.2.2). */
  readonly configurationUrl: string;
  /** A token without these scopes is refused. */
  readonly scope?: string;
}

interface Introspection extends IntrospectionEndpoint, AsyncDisposable {}

export async function startIntrospection(): Promise<Introspection> {
  const server = createServer((request, response) => void answer(request, response));
  await listen(server);
  const origin = `http://127.0.0.1:${portOf(server)}`;
  return {
    url: `${origin}/introspect`,
    configurationUrl: `${origin}/.well-known/openid-configuration`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const isLive = new URLSearchParams(await text(request)).get("token") === accessToken;
  response.setHeader("content-type", "application/json");
  response.end(JSON.stringify({ active: isLive ? "true" : "false", ...(isLive && { email: accounts[0]?.user }) }));
}
