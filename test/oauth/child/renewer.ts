/** Gets a token each time its parent asks, as one of several processes that share a store. Argument: JSON of the settings. */
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { fileStore, OAuthError, signedIn } from "@postseal/oauth";

interface Settings {
  readonly issuer: string;
  readonly tokenEndpoint: string;
  readonly clientId: string;
  readonly caFile: string;
  readonly file: string;
  /** Dial loopback, since the issuer's name exists nowhere. */
  readonly isLoopback: boolean;
  /** A signal that the process handles itself, once. */
  readonly listensFor?: NodeJS.Signals;
}

const settings: Settings = JSON.parse(process.argv[2] ?? "");
const source = signedIn({
  issuer: { id: settings.issuer, tokenEndpoint: new URL(settings.tokenEndpoint), sendsIss: false },
  client: { id: settings.clientId },
  store: fileStore(settings.file),
  https: {
    tls: { ca: { only: readFileSync(settings.caFile, "utf8") } },
    ...(settings.isLoopback ? { connect: async ({ port }) => connect({ host: "127.0.0.1", port }) } : {}),
  },
});

if (settings.listensFor !== undefined) process.once(settings.listensFor, () => {});

process.on("message", (message) => {
  if (message === "ping") process.send?.("pong");
  else
    void source.token().then(
      (token) => process.send?.({ token: token.reveal() }),
      (error: unknown) => process.send?.({ error: error instanceof OAuthError ? error.code : String(error) }),
    );
});
process.send?.("ready");
