import assert from "node:assert/strict";
import { test } from "node:test";
import { canaries } from "./canary.ts";
import { deliveryOf } from "./delivery.ts";
import type { StoredMessage } from "./transcript.ts";

const HEADER = "Subject: at dusk\r\n\r\n";

function message(body: string, username: string | undefined = canaries.username): StoredMessage {
  return {
    channel: "tls",
    reversePath: canaries.sender,
    forwardPaths: [canaries.recipient],
    body: `${HEADER}${body}\r\n`,
    username,
  };
}

test("the lab's text counts as it is, quoted-printable with soft line ends, and in base64", () => {
  const { body } = canaries;
  const soft = `${body.slice(0, 9)}=\r\n${body.slice(9)}`;
  for (const form of [body, soft, Buffer.from(body).toString("base64")])
    assert.equal(deliveryOf([message(form)], canaries, true), "whole");
});

test("another message is none of the lab's, however many there are", () => {
  assert.equal(deliveryOf([message("hello"), message("again")], canaries, true), "other-message");
  assert.equal(deliveryOf([message("hello"), message(canaries.body)], canaries, true), "whole");
  assert.equal(deliveryOf([], canaries, true), undefined);
});

test("a login is missed only if the client has to log in", () => {
  const stored = [message(canaries.body, "somebody else")];
  assert.equal(deliveryOf(stored, canaries, true), "without-login");
  assert.equal(deliveryOf(stored, canaries, false), "whole");
});
