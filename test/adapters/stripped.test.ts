/** One application twice: on Nodemailer's defaults, and with two lines changed. Somebody on the path removes STARTTLS. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { canaries, said, vectorNamed } from "@postseal/lab";
import { sealed, TransportError } from "@postseal/mailer/nodemailer";
import nodemailer from "nodemailer";
import { attack, authority, failure, message, urlOf } from "./stand.ts";

const vector = vectorNamed("A1-removed-auth");

test("on its defaults it loses its password, and the message, and is told that all went well", async () => {
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

test("with two lines changed it says EHLO and nothing else, and is told why", async () => {
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

test("and where nobody is on the path, the same two lines deliver", async () => {
  await using impostor = await attack(vectorNamed("H-starttls"));
  const transport = sealed(urlOf(impostor), {
    credentials: { username: canaries.username, password: canaries.password },
    tls: { ca: { add: authority.certificate } },
  });
  await nodemailer.createTransport(transport).sendMail(message);
  await transport.close();
  assert.equal((await impostor.verdict("sent")).verdict, "delivered-sealed");
});
