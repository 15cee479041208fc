/** Nodemailer repairs addresses; what it makes of hostile ones must not reach the wire. */
import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { canaries } from "@postseal/lab";
import { InputError } from "@postseal/mailer";
import { sealed, TransportError } from "@postseal/mailer/nodemailer";
import fc from "fast-check";
import nodemailer, { type SendMailOptions } from "nodemailer";
import { delivered, failure, message, options, serve, urlOf } from "./stand.ts";

const hostile: Readonly<Record<string, SendMailOptions>> = {
  "a second command in a string": { to: "b@x>\r\nRCPT TO:<e@e.test" },
  "a second command in an object": { to: { name: "B", address: "b@x>\r\nRCPT TO:<e@e.test" } },
  "a second command in a list": { to: ["b@x.test", "c@x>\r\nRCPT TO:<e@e.test"] },
  "a second command in cc": { to: "b@x.test", cc: "c@x>\r\nRCPT TO:<e@e.test" },
  "a second command in bcc": { to: "b@x.test", bcc: "c@x>\r\nRCPT TO:<e@e.test" },
  "a second command in the sender": { to: "b@x.test", from: "a@x>\r\nRCPT TO:<e@e.test" },
  "a second command in the envelope": { envelope: { from: canaries.sender, to: "b@x>\r\nRCPT TO:<e@e.test" } },
  "a second command in the envelope's sender": { envelope: { from: "a@x>\r\nRCPT TO:<e@e.test", to: "b@x.test" } },
  "a second command in a header of the application's": { to: [], headers: { To: "b@x>\r\nRCPT TO:<e@e.test" } },
  "a parameter of MAIL": { envelope: { from: "a@x.test> AUTH=<e@e.test", to: "b@x.test" } },
  "an angle bracket without a line end": { to: "b@x> RCPT TO:<e@e.test" },
  "an address in a quoted local part": { to: '"x@gmail.example x"@internal.example' },
  "an address in an unquoted local part": { to: { name: "", address: "e@evil.example@x.test" } },
  "two addresses with a space between": { to: "b@x.test e@e.test" },
  "a NUL": { to: "b@x.test\0.e.test" },
  "a name without an address": { to: ["b@x.test", "Nobody"] },
};

suite("a hostile address is refused before anything connects, and never repaired:", () => {
  for (const [what, mail] of Object.entries(hostile)) {
    test(what, async () => {
      await using server = await serve();
      const transporter = nodemailer.createTransport(sealed(urlOf(server), options));
      const error = await failure(transporter.sendMail({ ...message, ...mail }), TransportError);
      assert.deepEqual([error.code, error.command, error.postsealCode], ["EENVELOPE", "API", "MAIL_INPUT_ADDRESS"]);
      assert.ok(error.cause instanceof InputError);
      assert.equal(server.transcript.connections.length, 0);
    });
  }
});

test("a recipient that a plugin set in the step stream, without its source, is refused", async () => {
  const transporter = nodemailer.createTransport(sealed("submission://127.0.0.1:9", options));
  transporter.use("stream", (mail, done) => {
    mail.message.setEnvelope({ from: canaries.sender, to: "b@x>\r\nRCPT TO:<e@e.test" });
    done();
  });
  const error = await failure(transporter.sendMail(message), TransportError);
  assert.equal(error.postsealCode, "MAIL_INPUT_ADDRESS");
  assert.match(error.message, /e@e\.test.*dunlin@recipient.*mail\.data\.envelope/);
});

test("a sender that a plugin set in the step stream, without its source, is refused", async () => {
  const transporter = nodemailer.createTransport(sealed("submission://127.0.0.1:9", options));
  transporter.use("stream", (mail, done) => {
    mail.message.setEnvelope({ from: "a@x>\r\nRCPT TO:<e@e.test", to: canaries.recipient });
    done();
  });
  const error = await failure(transporter.sendMail(message), TransportError);
  assert.equal(error.postsealCode, "MAIL_INPUT_ADDRESS");
});

test("an envelope that a plugin sets in the step compile is used", async () => {
  await using server = await serve();
  const transport = sealed(urlOf(server), options);
  const transporter = nodemailer.createTransport(transport);
  transporter.use("compile", (mail, done) => {
    mail.data.envelope = { from: "bounce+1@sender.example.test", to: ["Rook <rook@recipient.example.test>"] };
    done();
  });
  await transporter.sendMail(message);
  const client = { [Symbol.asyncDispose]: () => transport.close() };
  const { reversePath, forwardPaths } = await delivered(server, client);
  assert.deepEqual([reversePath, forwardPaths], ["bounce+1@sender.example.test", ["rook@recipient.example.test"]]);
});

test("any text is refused, or sent to exactly the mailboxes that are in it", async () => {
  const wholes = fc.constantFrom(
    "a@x.test",
    "Ann <e@e.test>",
    '"Ann, of" <b@x.test>',
    "c@x.test (C)",
    "Team: d@x.test;",
    "",
  );
  const pieces = fc.constantFrom(
    "<",
    ">",
    ",",
    ";",
    ":",
    '"',
    "(",
    ")",
    "[",
    "]",
    "\\",
    " ",
    "@",
    "\r\n",
    "Ann",
    "a@x.test",
    "e@e.test",
  );
  const texts = fc.oneof(
    fc.array(wholes, { maxLength: 4 }).map((parts) => parts.join(", ")),
    fc.array(fc.oneof(wholes, pieces), { maxLength: 8 }).map((parts) => parts.join("")),
  );
  const sent: (readonly string[])[] = [];
  await using server = await serve();
  const transport = sealed(urlOf(server), options);
  const transporter = nodemailer.createTransport(transport);
  await fc.assert(
    fc.asyncProperty(texts, fc.boolean(), async (to, isEnvelope) => {
      const recipients = isEnvelope ? { envelope: { from: canaries.sender, to } } : { to };
      try {
        const { envelope } = await transporter.sendMail({ ...message, ...recipients });
        sent.push(envelope.to);
        for (const address of envelope.to) assert.ok(to.includes(address), `${address} is not in ${to}`);
        assert.doesNotMatch(to, /[\r\n]/);
      } catch (error) {
        if (!(error instanceof TransportError)) throw error;
        assert.equal(error.code, "EENVELOPE", String(error));
      }
    }),
    { numRuns: 400 },
  );
  await transport.close();
  await server.settled();
  assert.ok(sent.length > 5, `only ${sent.length} were sent`);
  assert.deepEqual(
    server.transcript.messages.map(({ forwardPaths }) => forwardPaths),
    sent,
  );
});
