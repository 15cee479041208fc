import assert from "node:assert/strict";
import { test } from "node:test";
import { createMailer } from "./mailer.ts";
import { connect } from "./session/connect.ts";

const url = "submission://mail.example.com";

const mistakes: readonly (readonly [field: string, options: object])[] = [
  ["tsl", { tsl: {} }],
  ["requireTLS", { requireTLS: false }],
  ["auth.minimun", { auth: { minimun: "scram" } }],
  ["tls.minversion", { tls: { minversion: "TLSv1.3" } }],
  ["tls.rejectUnauthorized", { tls: { rejectUnauthorized: false } }],
  ["timeouts.conect", { timeouts: { conect: 1 } }],
];
for (const [field, options] of mistakes) {
  test(`a misspelt or weakening option is refused: ${field}`, () => {
    assert.throws(() => createMailer(url, options), {
      name: "InputError",
      code: "MAIL_INPUT_OPTION",
      field,
    });
  });
}

test("a server given as an object has no other options than its own", () => {
  const server = { host: "mail.example.com", secure: true };
  assert.throws(() => createMailer(server), { code: "MAIL_INPUT_OPTION", field: "server.secure" });
});

test("a misspelt option of a session is refused before anything connects", async () => {
  const options: object = { clientname: "x.example" };
  await assert.rejects(connect(url, options), { code: "MAIL_INPUT_OPTION", field: "clientname" });
});

test("a user without a password, and a password without a user, are refused", () => {
  assert.throws(() => createMailer("submission://alice@mail.example.com"), { field: "credentials" });
  assert.throws(() => createMailer("submission://:secret@mail.example.com"), { field: "credentials" });
});

test("a client certificate that cannot be read is refused before anything connects", () => {
  const clientCertificate = { cert: "no certificate", key: "no key" };
  assert.throws(() => createMailer(url, { tls: { clientCertificate } }), { field: "tls.clientCertificate" });
});

test("hostile input is refused before anything connects", async () => {
  let connections = 0;
  const mailer = createMailer(url, {
    connect: async () => {
      connections += 1;
      throw new Error("nobody was to connect");
    },
  });
  const sending = mailer.send({ from: "a@example.org", to: "b@x.example>\r\nRCPT TO:<e@e.example", text: "" });
  await assert.rejects(sending, { code: "MAIL_INPUT_ADDRESS", field: "to" });
  assert.equal(connections, 0);
});

test("options that are no object are refused, not taken for none", () => {
  for (const name of ["pool", "tls", "timeouts", "auth", "credentials"]) {
    for (const value of [true, false, 5, 0, "x", "", () => {}].filter(
      (given) => name !== "credentials" || typeof given !== "function",
    )) {
      assert.throws(() => createMailer("submission://localhost", { [name]: value }), { code: /^MAIL_/, field: name });
    }
  }
});
