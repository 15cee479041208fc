/** Fetches a small text over HTTPS only, redirects included. */

const LARGEST = 64 * 1024;
const MOST_REDIRECTS = 3;
export type Fetch = (
  url: string,
  init: { readonly redirect: "manual"; readonly signal: AbortSignal },
) => Promise<Response>;

/** `undefined` if there is no such text, or if it would take a request in the clear. */
export async function httpsText(
  url: string,
  signal: AbortSignal,
  fetchPage: Fetch = fetch,
): Promise<string | undefined> {
  // With this variable Node verifies no certificate, so anybody could answer.
  // defence: autoconfig-over-verified-tls
  if (process.env["NODE_TLS_REJECT_UNAUTHORIZED"] === "0") return undefined;
  let next: string | undefined = url;
  try {
    for (let step = 0; step <= MOST_REDIRECTS && next !== undefined; step += 1) {
      // defence: autoconfig-by-https
      if (!URL.canParse(next) || new URL(next).protocol !== "https:") return undefined;
      const response: Response = await fetchPage(next, { redirect: "manual", signal });
      if (response.ok) return response.body === null ? undefined : await textOf(response.body);
      const location: string | null = response.headers.get("location");
      await response.body?.cancel();
      next = location !== null && URL.canParse(location, next) ? new URL(location, next).href : undefined;
    }
  } catch {
    // No such host, a bad certificate or no answer in time all mean that there is no such page.
  }
  return undefined;
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string | undefined> {
  // Throws on invalid UTF-8: a host or user with a lost character would be another one.
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > LARGEST) return undefined;
  }
  return text + decoder.decode();
}
