import assert from "node:assert/strict";
import { test } from "node:test";
import { type Fetch, httpsText } from "./https-text.ts";

/** Answers by URL; any other URL is not found. */
function pages(answers: Readonly<Record<string, () => Response>>): {
  readonly fetchPage: Fetch;
  readonly asked: string[];
} {
  const asked: string[] = [];
  const fetchPage: Fetch = async (url) => {
    asked.push(url);
    return answers[url]?.() ?? new Response("no", { status: 404 });
  };
  return { asked, fetchPage };
}

const { signal } = new AbortController();
const to = (location: string) => (): Response => new Response(null, { status: 301, headers: { location } });

test("a page over HTTPS is returned as text, even after redirects", async () => {
  const { fetchPage } = pages({
    "https://a.test/x": to("/y"),
    "https://a.test/y": to("https://b.test/"),
    "https://b.test/": () => new Response("found"),
  });
  assert.equal(await httpsText("https://a.test/x", signal, fetchPage), "found");
});

test("no request is made in the clear", async () => {
  const { fetchPage, asked } = pages({
    "https://a.test/": to("http://a.test/"),
    "http://a.test/": () => new Response("clear"),
  });
  assert.equal(await httpsText("https://a.test/", signal, fetchPage), undefined);
  assert.equal(await httpsText("http://a.test/", signal, fetchPage), undefined);
  assert.deepEqual(asked, ["https://a.test/"]);
});

test("endless redirects, endless pages and errors give no page", async () => {
  const { fetchPage, asked } = pages({ "https://a.test/": to("https://a.test/") });
  assert.equal(await httpsText("https://a.test/", signal, fetchPage), undefined);
  assert.equal(asked.length, 4);
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new Uint8Array(10_000).fill(97)),
  });
  assert.equal(await httpsText("https://a.test/", signal, async () => new Response(endless)), undefined);
  assert.equal(
    await httpsText("https://a.test/", signal, () => Promise.reject(new TypeError("fetch failed"))),
    undefined,
  );
});

test("if the environment switches off the verification of certificates, nothing is requested", async () => {
  process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
  try {
    const { fetchPage, asked } = pages({ "https://a.test/": () => new Response("forged") });
    assert.equal(await httpsText("https://a.test/", signal, fetchPage), undefined);
    assert.deepEqual(asked, []);
  } finally {
    delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
  }
});
