import assert from "node:assert/strict";
import { test } from "node:test";
import { parseServer } from "../policy/server.ts";
import { observe, type Observer } from "./channels.ts";
import { Witness } from "./witness.ts";

const server = parseServer("submission://mail.example.com");

test("an observer that throws keeps no other from hearing, and hears later events", () => {
  const heard: string[] = [];
  using _ = observe({
    "conversation.command": ({ text }) => {
      heard.push(`first ${text}`);
      throw new Error("the observer failed");
    },
  });
  using __ = observe({ "conversation.command": ({ text }) => heard.push(`second ${text}`) });
  const witness = new Witness(server);
  witness.said([{ verb: "NOOP" }]);
  witness.said([{ verb: "QUIT" }]);
  assert.deepEqual(heard, ["first NOOP", "second NOOP", "first QUIT", "second QUIT"]);
});

test("an observer of an event that does not exist is refused", () => {
  const misspelt: Observer = JSON.parse('{"connection.seald":1}');
  assert.throws(() => observe(misspelt), {
    code: "MAIL_INPUT_OPTION",
    message: /connection\.seald.*there is no such event; the events are connection\.opening, /,
  });
});

test("an observer that is no function is refused before anything is subscribed", () => {
  const heard: unknown[] = [];
  const given: Observer = JSON.parse('{"message.begun":true}');
  const both: Observer = { ...given, "connection.opening": (event) => heard.push(event) };
  assert.throws(() => observe(both), { code: "MAIL_INPUT_OPTION", message: /message\.begun.*not a function/ });
  new Witness(server).opening();
  assert.deepEqual(heard, []);
});
