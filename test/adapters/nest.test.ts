/**
 * Makes the calls that NestJS's mailer module (`@nestjs-modules/mailer` 2.3) makes with the `transport` of its options.
 * The module itself is not installed here: README.md says why.
 */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { canaries } from "@postseal/lab";
import { sealed } from "@postseal/mailer/nodemailer";
import type nodemailer from "nodemailer";
import type { SendMailOptions } from "nodemailer";
import { delivered, options, serve, urlOf } from "./stand.ts";

// The module is CommonJS, and so loads Nodemailer's other build.
const { createTransport }: typeof nodemailer = createRequire(import.meta.url)("nodemailer");

interface Templated extends SendMailOptions {
  readonly template: string;
  readonly context: Readonly<Record<string, string>>;
}

test("MailerModule.forRoot({ transport: sealed(…) }): transporter, verification, template, message, shutdown", async () => {
  await using server = await serve();
  const configuration = { transport: sealed(urlOf(server), options), defaults: { from: canaries.sender } };
  // The module treats an empty object as a missing transport.
  assert.ok(Object.keys(configuration.transport).length > 0);
  const transporter = createTransport(configuration.transport, configuration.defaults);
  assert.equal(await transporter.verify(), true);
  transporter.use("compile", (mail, done) => {
    const { context }: Partial<Templated> = mail.data;
    if (mail.data.html === undefined) mail.data.html = `<p>Hello ${context?.["name"]}</p>`;
    done();
  });
  const message: Templated = {
    to: canaries.recipient,
    subject: "Welcome",
    template: "welcome",
    context: { name: "Wren" },
  };
  const info = await transporter.sendMail(message);
  assert.deepEqual(info.accepted, [canaries.recipient]);
  transporter.close();
  const { body } = await delivered(server, { [Symbol.asyncDispose]: () => configuration.transport.close() });
  assert.match(body, /<p>Hello Wren<\/p>/);
});
