import assert from "node:assert/strict";
import { test } from "node:test";
import type { HttpsAnswer, SealedHttps } from "@postseal/mailer/internal";
import { httpsText } from "./https-text.ts";

/** Answers by URL; any other URL is not found. */
function pages(answers: Readonly<Record<string, () => HttpsAnswer>>): {
  readonly ask: SealedHttps;
  readonly asked: string[];
} {
  const asked: string[] = [];
  const ask: SealedHttps = async ({ url }) => {
    asked.push(url.href);
    return answers[url.href]?.() ?? page("no", 404);
  };
  return { asked, ask };
}

const { signal } = new AbortController();
const page = (text: string | Buffer, status = 200, headers = {}): HttpsAnswer => ({
  status,
  headers: new Headers(headers),
  body: Buffer.from(text),
});
const to = (location: string) => (): HttpsAnswer => page("", 301, { location });

test("a page over HTTPS is returned as text, even after redirects", async () => {
  const { ask } = pages({
    "https://a.test/x": to("/y"),
    "https://a.test/y": to("https://b.test/"),
    "https://b.test/": () => page("found"),
  });
  assert.equal(await httpsText("https://a.test/x", signal, ask), "found");
});

test("no request is made in the clear", async () => {
  const { ask, asked } = pages({
    "https://a.test/": to("http://a.test/"),
    "http://a.test/": () => page("clear"),
  });
  assert.equal(await httpsText("https://a.test/", signal, ask), undefined);
  assert.equal(await httpsText("http://a.test/", signal, ask), undefined);
  assert.deepEqual(asked, ["https://a.test/"]);
});

test("endless redirects, a text that is not UTF-8 and errors give no page", async () => {
  const { ask, asked } = pages({ "https://a.test/": to("https://a.test/") });
  assert.equal(await httpsText("https://a.test/", signal, ask), undefined);
  assert.equal(asked.length, 4);
  assert.equal(await httpsText("https://a.test/", signal, async () => page(Buffer.of(0xff))), undefined);
  assert.equal(await httpsText("https://a.test/", signal, () => Promise.reject(new TypeError("failed"))), undefined);
});
