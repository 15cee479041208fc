/** A person's sign-in: opens the issuer's page or shows a code, and waits for what comes of it. */
import type { Client, HttpsOptions, Issuer, SignIn, SignInOptions, StoredTokens, TokenStore } from "@postseal/oauth";
import { errors } from "../output.ts";
import type { Dialogue } from "../setup/dialogue.ts";
import { openInBrowser } from "./browser.ts";

export interface Journey {
  readonly issuer: Issuer;
  readonly client: Client;
  readonly scope: string;
  readonly resource: string | undefined;
  readonly store: TokenStore;
  /** The mail server that the token may go to. */
  readonly server: string;
  /** Whom the issuer's page proposes. */
  readonly username: string;
  readonly https: HttpsOptions;
  /** By a code that is entered on any device. */
  readonly isDevice: boolean;
  /** `undefined` without a terminal: nobody can paste an address then. */
  readonly dialogue: Dialogue | undefined;
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

/** The tokens are in the store too. Throws `OAuthError` and `Interruption`. */
export async function signInBy(journey: Journey): Promise<StoredTokens> {
  try {
    return await (journey.isDevice ? byDevice(journey) : byBrowser(journey));
  } catch (error) {
    // Ctrl-C and --timeout are the reason then, however they came to light.
    journey.signal.throwIfAborted();
    throw error;
  }
}

/** Not on standard output without a terminal, since that has the result. */
export function speakerOf(dialogue: Dialogue | undefined): (line: string) => void {
  return (line) => (dialogue === undefined ? errors.line(line) : dialogue.say(line));
}

function optionsOf({ server, username, ...journey }: Journey): SignInOptions {
  const { issuer, client, scope, resource, store, https, signal } = journey;
  return { issuer, client, scope, resource, store, servers: [server], loginHint: username, https, signal };
}

async function byDevice(journey: Journey): Promise<StoredTokens> {
  const say = speakerOf(journey.dialogue);
  const { startDeviceSignIn } = await import("@postseal/oauth");
  const signIn = await startDeviceSignIn(optionsOf(journey));
  const minutes = Math.max(1, Math.floor((signIn.expiresAt.getTime() - Date.now()) / 60_000));
  say(`On any device open ${signIn.url.href} and enter this code within ${minutes} min:`);
  say(`  ${signIn.userCode}`);
  say("Enter it only because you have started this yourself, here. Nobody else should ever send you such a code.");
  return signIn.finish();
}

async function byBrowser(journey: Journey): Promise<StoredTokens> {
  const { dialogue, environment } = journey;
  const say = speakerOf(dialogue);
  const { startBrowserSignIn } = await import("@postseal/oauth");
  await using signIn = await startBrowserSignIn(optionsOf(journey));
  const isOpened = await openInBrowser(signIn.local, environment);
  say(isOpened ? "Your browser opens. If it does not, open this in it:" : "Open this in your browser:");
  say(`  ${signIn.local.href}`);
  if (dialogue === undefined) return await signIn.finish();
  say("If your browser is on another machine, open this there instead:");
  say(`  ${signIn.url.href}`);
  say("The browser there ends at an address that it cannot open. Copy that address, and paste it here.");
  return await browserOrPaste(signIn, dialogue);
}

/** A pasted address that is wrong is asked for again; the browser may come back meanwhile. */
async function browserOrPaste(signIn: SignIn, dialogue: Dialogue): Promise<StoredTokens> {
  const { OAuthError } = await import("@postseal/oauth");
  const browser = signIn.finish().then((tokens) => ({ tokens }));
  // It is awaited below; a question that ends first must not leave it unhandled.
  browser.catch(() => {});
  for (;;) {
    const asking = new AbortController();
    // Hidden, since there is a code in it.
    const typed = dialogue
      .askHidden("Waiting for your browser, or for the address (nothing is shown)", asking.signal)
      .then((pasted) => ({ pasted }));
    const first = await Promise.race([browser, typed]).finally(() => asking.abort());
    if ("tokens" in first) {
      await typed.catch(() => {});
      return first.tokens;
    }
    try {
      return await signIn.finish(first.pasted);
    } catch (error) {
      if (!(error instanceof OAuthError)) throw error;
      dialogue.say(error.message);
    }
  }
}
