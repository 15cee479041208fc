import assert from "node:assert/strict";
import { test } from "node:test";
import { parseServer } from "../policy/server.ts";
import { assertCredentials } from "./credentials.ts";
import { Secret } from "./secret.ts";

test("a control character in credentials is refused before connecting, and not repeated", () => {
  for (const control of ["\n", "\r\nRSET", "\0root", "\u0001", "\u007f"]) {
    for (const [name, given] of [
      ["username", { username: `alice${control}`, password: "open sesame" }],
      ["password", { username: "alice", password: `open sesame${control}` }],
      ["password", { username: "alice", password: new Secret(`open sesame${control}`) }],
      ["accessToken", { username: "alice", accessToken: `open sesame${control}` }],
      ["authorizationId", { external: true, authorizationId: `alice${control}` }],
    ] as const) {
      assert.throws(
        () => assertCredentials(given),
        (error: Error & { readonly field?: string }) =>
          error.field === `credentials.${name}` && !error.message.includes("sesame"),
      );
    }
  }
});

test("a control character in the credentials of a URL is refused and not repeated", () => {
  for (const url of [
    "submission://alice%0D%0ARSET@mail.example.com",
    "submission://alice%00root@mail.example.com",
    "submission://alice:open%0Asesame@mail.example.com",
  ]) {
    assert.throws(
      () => parseServer(url),
      (error: Error & { readonly code?: string }) =>
        error.code === "MAIL_INPUT_URL" && !error.message.includes("sesame"),
    );
  }
});

test("everything else is left to the mechanism to check", () => {
  for (const password of ["p\u00e4ss word", "\u2603", " ", "=?%00"]) assertCredentials({ username: "alice", password });
});
