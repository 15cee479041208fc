/** Fetches a small text over HTTPS only, redirects included, under the mailer's own TLS policy. */
import { createSealedHttps, type SealedHttps } from "@postseal/mailer/internal";

const MOST_REDIRECTS = 3;

/** `undefined` if there is no such text, or if it would take a request in the clear. */
export async function httpsText(
  url: string,
  signal: AbortSignal,
  ask: SealedHttps = createSealedHttps(),
): Promise<string | undefined> {
  let next: string | undefined = url;
  try {
    for (let step = 0; step <= MOST_REDIRECTS && next !== undefined; step += 1) {
      // defence: autoconfig-by-https
      if (!URL.canParse(next) || new URL(next).protocol !== "https:") return undefined;
      const { status, headers, body } = await ask({
        url: new URL(next),
        method: "GET",
        headers: new Headers(),
        signal,
      });
      // Throws on invalid UTF-8: a host or user with a lost character would be another one.
      if (status === 200) return new TextDecoder("utf-8", { fatal: true }).decode(body);
      const location: string | null = headers.get("location");
      next = location !== null && URL.canParse(location, next) ? new URL(location, next).href : undefined;
    }
  } catch {
    // No such host, a bad certificate or no answer in time all mean that there is no such page.
  }
  return undefined;
}
