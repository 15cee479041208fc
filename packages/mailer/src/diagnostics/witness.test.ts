import assert from "node:assert/strict";
import { test } from "node:test";
import { parseServer } from "../policy/server.ts";
import { observe } from "./channels.ts";
import type { ConnectionEvent } from "./events.ts";
import { Witness } from "./witness.ts";

const server = parseServer("submission://alice:sesame@mail.example.com");

test("what a server says is escaped", () => {
  const lines: unknown[] = [];
  using _ = observe({ "conversation.reply": (event) => lines.push([event.code, event.lines]) });
  const witness = new Witness(server);
  witness.heard({ code: 250, lines: ["mail.example.com", "\u001b[2JSIZE"] });
  assert.deepEqual(lines, [[250, ["mail.example.com", "\\x1b[2JSIZE"]]]);
});

test("events have only the host, port and transport of the server", () => {
  const events: ConnectionEvent[] = [];
  using _ = observe({ "connection.opening": (event) => events.push(event) });
  new Witness(server).opening();
  assert.deepEqual(events[0]?.server, { host: "mail.example.com", port: 587, transport: "starttls" });
  assert.equal(events[0].side, "clear");
});

test("each connection has a number of its own", () => {
  const numbers: number[] = [];
  using _ = observe({ "connection.opening": ({ connection }) => numbers.push(connection) });
  const [first, second] = [new Witness(server), new Witness(server)];
  first.opening();
  second.opening();
  first.opening();
  assert.equal(numbers[0], numbers[2]);
  assert.notEqual(numbers[0], numbers[1]);
});

test("a connection is closed once, and no command follows", () => {
  const seen: unknown[] = [];
  using _ = observe({
    "connection.closed": ({ error }) => seen.push(error),
    "conversation.command": ({ text }) => seen.push(text),
  });
  const witness = new Witness(server);
  const error = new Error("the first to notice");
  witness.said([{ verb: "NOOP" }]);
  witness.closed(error);
  witness.closed();
  witness.said([{ verb: "QUIT" }]);
  assert.deepEqual(seen, ["NOOP", error]);
});

test("an observer that was disposed of hears no more", () => {
  let heard = 0;
  const observer = observe({ "conversation.command": () => (heard += 1) });
  const witness = new Witness(server);
  witness.said([{ verb: "NOOP" }]);
  observer[Symbol.dispose]();
  witness.said([{ verb: "NOOP" }]);
  assert.equal(heard, 1);
});

test("without subscribers no event is made", () => {
  const witness = new Witness(server);
  const reply = {
    code: 250,
    get lines(): readonly string[] {
      throw new Error("it was read");
    },
  };
  const step = [
    {
      get verb(): "NOOP" {
        throw new Error("it was read");
      },
    },
  ];
  witness.said(step);
  assert.doesNotThrow(() => witness.opened());
  using _ = observe({ "conversation.body": () => {} });
  witness.said(step);
  assert.throws(() => witness.heard(reply), /it was read/);
});
