import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConnectionEvent } from "@postseal/mailer";
import { Silence } from "./silence.ts";

const at = (transport: "starttls" | "implicit", host = "mail.example.com", port = 2465): ConnectionEvent => ({
  connection: 1,
  server: { host, port, transport },
  side: "clear",
});

function silence(): { readonly silence: Silence; readonly said: string[] } {
  const said: string[] = [];
  return { silence: new Silence((line) => said.push(line)), said };
}

test("a server that says nothing for 5 s is named, with the other way to begin TLS", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { silence: one, said } = silence();
  one.observer["connection.opening"]?.(at("starttls"));
  t.mock.timers.tick(4_999);
  one.observer["connection.opened"]?.(at("starttls"));
  t.mock.timers.tick(4_999);
  assert.deepEqual(said, []);
  t.mock.timers.tick(1);
  assert.match(
    said[0] ?? "",
    /^mail\.example\.com:2465 says nothing\. .* write submissions:\/\/mail\.example\.com:2465 /,
  );
  one.observer["connection.opened"]?.(at("implicit", "2001:db8::1", 587));
  t.mock.timers.tick(5_000);
  assert.match(
    said[1] ?? "",
    /^\[2001:db8::1\]:587 does not answer in TLS\. .* write submission:\/\/\[2001:db8::1\]:587 /,
  );
  t.mock.timers.tick(60_000);
  assert.equal(said.length, 2);
});

test("a connection that is slow and a login that waits are named too; an answer ends the wait", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { silence: one, said } = silence();
  one.observer["connection.opening"]?.(at("starttls"));
  t.mock.timers.tick(5_000);
  one.observer["connection.authenticating"]?.(at("starttls"));
  t.mock.timers.tick(5_000);
  assert.match(said.join("\n"), /^There is no connection to .*\nThe login at .* it may wait for you/);
  one.observer["connection.opened"]?.(at("starttls"));
  one.observer["conversation.reply"]?.({ ...at("starttls"), code: 220, lines: [] });
  one.observer["connection.opening"]?.(at("starttls"));
  one.end();
  t.mock.timers.tick(60_000);
  assert.equal(said.length, 2);
});
