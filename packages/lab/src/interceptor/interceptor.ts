/** A proxy between a client and a real server, for people who want to see their own client attacked on the way. */
import { isIP } from "node:net";
import { setImmediate as immediate } from "node:timers/promises";
import { type Authority, HOST } from "../authority/authority.ts";
import type { Name } from "../authority/general-name.ts";
import { type Endpoint, listen } from "../server/listener.ts";
import type { Attack } from "./attack.ts";
import type { Happening, InterceptorEvent } from "./event.ts";
import { Leg } from "./leg.ts";
import { Passage, type PassageOptions, type Upstream } from "./passage.ts";
import { Watch } from "./watch.ts";

export interface InterceptorOptions {
  readonly attack: Attack;
  readonly upstream: Upstream;
  readonly listen?: Endpoint;
  /** Issues the proxy's certificate, if it ends TLS. If a client trusts this authority, it can be watched inside TLS. */
  readonly authority: Authority;
  readonly onEvent?: (event: InterceptorEvent) => void;
  /** Closes the proxy. */
  readonly signal?: AbortSignal;
}

export interface Interceptor {
  readonly port: number;
  /** Resolves when every connection so far has ended. */
  settled(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Rejects if the attack cannot be made on the server's transport, or the port is not available. */
export async function startInterceptor(given: InterceptorOptions): Promise<Interceptor> {
  const options = { __proto__: null, ...given };
  const { attack, upstream, signal } = options;
  signal?.throwIfAborted();
  if (!attack.transports.includes(upstream.transport))
    throw new TypeError(`the attack ${attack.id} is made on STARTTLS, which a server with implicit TLS does not speak`);
  const issued = await options.authority.issue({ commonName: upstream.host, names: namesFor(options) });
  const closing = new AbortController();
  const passages: Promise<void>[] = [];
  const listener = await listen((socket) => {
    const connection = passages.length;
    const watch = new Watch(attack, (happening: Happening) => options.onEvent?.({ ...happening, connection }));
    watch.opened(`${socket.remoteAddress ?? "a client that is gone"}:${socket.remotePort ?? 0}`);
    passages.push(pass(new Leg(socket), watch, closing.signal, { attack, upstream, issued }));
  }, options.listen);
  // A client may have closed before its connection was even counted.
  const settled = async (): Promise<void> => {
    let seen = -1;
    while (seen !== passages.length) {
      seen = passages.length;
      await Promise.all(passages);
      await immediate();
    }
  };
  const close = async (): Promise<void> => {
    closing.abort();
    await listener[Symbol.asyncDispose]();
    await settled();
  };
  signal?.addEventListener("abort", () => void close(), { once: true });
  return { port: listener.port, settled, [Symbol.asyncDispose]: close };
}

async function pass(client: Leg, watch: Watch, signal: AbortSignal, options: PassageOptions): Promise<void> {
  const { host, port } = options.upstream;
  let server: Leg | undefined;
  try {
    server = await Leg.to(host, port, signal);
    await new Passage(client, server, watch, options).run();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    watch.failed(server === undefined ? `${host} port ${port} cannot be reached: ${reason}` : reason);
  }
  client.leave();
  server?.leave();
  watch.close();
}

/** Every name that a client may connect to in order to come here. The lab's own name is for its own tests. */
function namesFor({ authority, upstream: { host } }: InterceptorOptions): readonly Name[] {
  const own: readonly Name[] = [
    ["dns", HOST],
    ["dns", "localhost"],
    ["ip", authority.address],
  ];
  if (isIP(host) === 0) return [["dns", host], ...own];
  return isIP(host) === 4 ? [["ip", host], ...own] : own;
}
