import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { InputError } from "../errors/input-error.ts";
import { type Awaited, type Command, encodeCommand, isSecret, phaseOf, visibleLine } from "./command.ts";

const commands: readonly (readonly [Command, string])[] = [
  [{ verb: "EHLO", clientName: "[127.0.0.1]" }, "EHLO [127.0.0.1]\r\n"],
  [{ verb: "STARTTLS" }, "STARTTLS\r\n"],
  [{ verb: "AUTH", mechanism: "LOGIN" }, "AUTH LOGIN\r\n"],
  [{ verb: "AUTH", mechanism: "PLAIN", initialResponse: "AGEAYg==" }, "AUTH PLAIN AGEAYg==\r\n"],
  [{ verb: "AUTH", mechanism: "EXTERNAL", initialResponse: "=" }, "AUTH EXTERNAL =\r\n"],
  [{ verb: "AUTH-RESPONSE", response: "YQ==" }, "YQ==\r\n"],
  [{ verb: "AUTH-RESPONSE", response: "" }, "\r\n"],
  [{ verb: "AUTH-RESPONSE", response: "*" }, "*\r\n"],
  [{ verb: "MAIL", reversePath: "a@x.example" }, "MAIL FROM:<a@x.example>\r\n"],
  [{ verb: "MAIL", reversePath: "" }, "MAIL FROM:<>\r\n"],
  [
    { verb: "MAIL", reversePath: "", parameters: ["SIZE=10", "BODY=8BITMIME"] },
    "MAIL FROM:<> SIZE=10 BODY=8BITMIME\r\n",
  ],
  [{ verb: "RCPT", forwardPath: "b@x.example" }, "RCPT TO:<b@x.example>\r\n"],
  [
    { verb: "RCPT", forwardPath: "b@x.example", parameters: ["NOTIFY=NEVER"] },
    "RCPT TO:<b@x.example> NOTIFY=NEVER\r\n",
  ],
  [{ verb: "RCPT", forwardPath: "jürgen@x.example" }, "RCPT TO:<jürgen@x.example>\r\n"],
  [{ verb: "DATA" }, "DATA\r\n"],
  [{ verb: "RSET" }, "RSET\r\n"],
  [{ verb: "NOOP" }, "NOOP\r\n"],
  [{ verb: "QUIT" }, "QUIT\r\n"],
  [{ verb: "VRFY", argument: "alice" }, "VRFY alice\r\n"],
  [{ verb: "EXPN", argument: "staff" }, "EXPN staff\r\n"],
  [{ verb: "HELP" }, "HELP\r\n"],
  [{ verb: "HELP", argument: "MAIL" }, "HELP MAIL\r\n"],
];
for (const [command, line] of commands) {
  test(`${JSON.stringify(command)} is ${JSON.stringify(line)} on the wire`, () => {
    assert.equal(encodeCommand(command), line);
  });
}

/** Every command that can hold a caller's text, with the text in each such place. */
function commandsWith(text: string): readonly Command[] {
  return [
    { verb: "EHLO", clientName: text },
    { verb: "AUTH", mechanism: text },
    { verb: "AUTH", mechanism: "PLAIN", initialResponse: text },
    { verb: "AUTH-RESPONSE", response: text },
    { verb: "MAIL", reversePath: text },
    { verb: "MAIL", reversePath: "", parameters: ["SIZE=1", text] },
    { verb: "RCPT", forwardPath: text },
    { verb: "RCPT", forwardPath: "b@x.example", parameters: [text] },
    { verb: "VRFY", argument: text },
    { verb: "EXPN", argument: text },
    { verb: "HELP", argument: text },
  ];
}

for (const hostile of ["b@x>\r\nRCPT TO:<e@e", "a\rb", "a\nb", "a\0b", "\r\n"]) {
  test(`no command carries ${JSON.stringify(hostile)}`, () => {
    for (const command of commandsWith(hostile)) {
      assert.throws(() => encodeCommand(command), {
        name: "InputError",
        code: "MAIL_INPUT_OPTION",
        field: command.verb,
      });
    }
  });
}

test("any input gives one line or none", () => {
  const piece = fc.constantFrom("\r", "\n", "\0", "\r\n", "a", " ", "é", "\u2028", "\u010d\u010a", "\ud800");
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc.array(piece).map((some) => some.join("")),
      ),
      (text) => {
        for (const command of commandsWith(text)) {
          let line: string;
          try {
            line = encodeCommand(command);
          } catch (error) {
            assert.ok(error instanceof InputError);
            assert.match(text, /[\r\n\0]/, "only these are refused here");
            continue;
          }
          // As octets, since a server reads those.
          const octets = Buffer.from(line);
          assert.equal(octets.indexOf("\r\n"), octets.length - 2);
          assert.ok(!octets.subarray(0, -2).some((octet) => octet === 0x0d || octet === 0x0a || octet === 0));
        }
      },
    ),
  );
});

test("a refused secret is not in the error", () => {
  for (const command of commandsWith("hunter2\r\n").filter(isSecret)) {
    assert.throws(
      () => encodeCommand(command),
      (error) =>
        error instanceof InputError && !error.message.includes("hunter2") && error.message.includes("[secret]"),
    );
  }
});

test("AUTH and the answers to its challenges are secret, and nothing else is", () => {
  const secret = new Set(
    commands
      .map(([command]) => command)
      .filter(isSecret)
      .map(({ verb }) => verb),
  );
  assert.deepEqual([...secret].toSorted(), ["AUTH", "AUTH-RESPONSE"]);
});

test("each command has its phase, which gives the deadline and the name of the wait", () => {
  const verbs: readonly Awaited[] = ["GREETING", ...commands.map(([command]) => command.verb), "BODY"];
  const phases = Object.fromEntries(verbs.map((verb) => [verb, phaseOf(verb)]));
  assert.deepEqual(phases, {
    GREETING: "greeting",
    EHLO: "ehlo",
    STARTTLS: "starttls",
    AUTH: "auth",
    "AUTH-RESPONSE": "auth",
    MAIL: "envelope",
    RCPT: "envelope",
    DATA: "envelope",
    RSET: "command",
    NOOP: "command",
    QUIT: "quit",
    VRFY: "command",
    EXPN: "command",
    HELP: "command",
    BODY: "final-reply",
  });
});

test("an observer sees the mechanism, and nothing of a response", () => {
  assert.equal(visibleLine({ verb: "AUTH", mechanism: "LOGIN" }), "AUTH LOGIN");
  assert.equal(visibleLine({ verb: "AUTH", mechanism: "PLAIN", initialResponse: "AGEAYg==" }), "AUTH PLAIN [secret]");
  assert.equal(visibleLine({ verb: "AUTH-RESPONSE", response: "QUVIVEUgTk9PUA==" }), "[secret]");
  // Text that looks like a command, and empty text: the kind of command decides.
  assert.equal(visibleLine({ verb: "AUTH-RESPONSE", response: "NOOP" }), "[secret]");
  assert.equal(visibleLine({ verb: "AUTH-RESPONSE", response: "" }), "[secret]");
  assert.equal(visibleLine({ verb: "AUTH-RESPONSE", response: "*" }), "*");
});

test("an observer sees every other command as it is, with control characters escaped", () => {
  for (const [command, line] of commands) if (!isSecret(command)) assert.equal(`${visibleLine(command)}\r\n`, line);
  assert.equal(visibleLine({ verb: "HELP", argument: "\u001b[2J" }), "HELP \\x1b[2J");
});
