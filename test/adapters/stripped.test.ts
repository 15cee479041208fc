/** An attacker removes STARTTLS from an application on Nodemailer's defaults, and from the same one with two lines changed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { canaries, said, vectorNamed } from "@postseal/lab";
import { sealed, TransportError } from "@postseal/mailer/nodemailer";
import nodemailer from "nodemailer";
import { attack, authority, failure, message, urlOf } from "./stand.ts";

const vector = vectorNamed("A1-removed-auth");

test("on Nodemailer's defaults the password and the message leak, and `sendMail` reports success", async () => {
  await using impostor = await attack(vector);
  const transporter = nodemailer.createTransport({
    host: "127.0.0.1",
    port: impostor.port,
    auth: { user: canaries.username, pass: canaries.password },
  });
  const info = await transporter.sendMail(message);
  assert.deepEqual(info.accepted, [canaries.recipient]);
  transporter.close();
  const { verdict, findings } = await impostor.verdict("sent");
  assert.equal(verdict, "leaked-credentials", JSON.stringify(findings));
  assert.equal(impostor.transcript.messages[0]?.channel, "clear");
});

test("with two lines changed only EHLO is said, and the error gives the reason", async () => {
  await using impostor = await attack(vector);
  const transporter = nodemailer.createTransport(
    sealed(urlOf(impostor), {
      credentials: { username: canaries.username, password: canaries.password },
      tls: { ca: { add: authority.certificate } },
    }),
  );
  const error = await failure(transporter.sendMail(message), TransportError);
  assert.deepEqual([error.code, error.postsealCode], ["ETLS", "MAIL_TLS_NOT_OFFERED"]);
  assert.equal((await impostor.verdict("not-sent")).verdict, "held");
  assert.deepEqual(
    impostor.transcript.connections.map((connection) => said(connection, "client", "clear")),
    ["EHLO [127.0.0.1]\r\n"],
  );
});

test("without the attacker the same two lines deliver", async () => {
  await using impostor = await attack(vectorNamed("H-starttls"));
  const transport = sealed(urlOf(impostor), {
    credentials: { username: canaries.username, password: canaries.password },
    tls: { ca: { add: authority.certificate } },
  });
  await nodemailer.createTransport(transport).sendMail(message);
  await transport.close();
  assert.equal((await impostor.verdict("sent")).verdict, "delivered-sealed");
});
