import assert from "node:assert/strict";
import { test } from "node:test";
import { InputError } from "../errors/input-error.ts";
import { createSealedHttps } from "./sealed-https.ts";

/** Whatever is dialled fails at once. */
const ask = createSealedHttps({
  connect: async () => {
    throw new TypeError("dialled");
  },
});
const request = (url: string) => ({ url: new URL(url), method: "GET", headers: new Headers() }) as const;

test("only https is asked, and no user goes along", async () => {
  for (const url of [
    "http://id.example/",
    "ftp://id.example/",
    "https://user@id.example/",
    "https://:secret@id.example/",
  ])
    await assert.rejects(
      ask(request(url)),
      (error: unknown) => error instanceof InputError && error.field === "url" && !error.message.includes("secret"),
      url,
    );
});

test("a failure to connect speaks of addresses, not of the ports of mail", async () => {
  await assert.rejects(ask(request("https://id.example/")), /^NetworkError: No connection to id\.example:443/);
});

test("options are judged strictly", () => {
  const wrong: readonly (readonly [object, string])[] = [
    [{ rejectUnauthorized: false }, "https.rejectUnauthorized"],
    [{ agent: true }, "https.agent"],
    [{ timeout: 0 }, "https.timeout"],
    [{ timeout: 10_001 }, "https.timeout"],
    [{ tls: { ciphers: "ALL" } }, "tls.ciphers"],
    [{ connect: "127.0.0.1" }, "connect"],
  ];
  for (const [options, field] of wrong)
    assert.throws(
      () => createSealedHttps(options),
      (error: unknown) => error instanceof InputError && error.field === field,
      field,
    );
});
