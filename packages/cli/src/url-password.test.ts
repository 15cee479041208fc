/** A password in the URL of a server is found, even in text that is not a valid URL. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { hasPassword } from "./url-password.ts";

for (const text of [
  "submission://alice:secret@mail.example.com",
  "submission://alice:secret@mail.example.com:port",
  "submission://alice:@mail example.com",
  "x ://y:z@",
  "submission://a b/submission://alice:sec ret@mail.example.com:port",
  "submission://a@b:c@d e",
]) {
  test(`there is a password in ${text}`, () => {
    assert.equal(hasPassword(text), true);
  });
}

for (const text of [
  "",
  "mail.example.com",
  "submission://alice@mail.example.com:587",
  "submission://alice@mail example.com:port",
  "submission:///alice:secret@mail example.com",
  "alice:secret@mail example.com",
  "submission://alice@mail example.com:1/x@y",
]) {
  test(`there is no password in ${text || "nothing"}`, () => {
    assert.equal(hasPassword(text), false);
  });
}
