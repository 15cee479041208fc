import assert from "node:assert/strict";
import { test } from "node:test";
import { OauthMechanism } from "./oauth.ts";

const names = ["OAUTHBEARER", "XOAUTH2"] as const;
const accessToken = "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg==";

test("OAUTHBEARER sends the example of RFC 7628 section 4.1, without the optional host and port", () => {
  const example =
    "bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9c2VydmVyLmV4YW1wbGUuY29tAXBvcnQ9MTQzAWF1dGg9QmVhcmVyIHZGOWRmdDRxbVRjMk52YjNSbGNrQmhiSFJoZG1semRHRXVZMjl0Q2c9PQEB";
  const expected = Buffer.from(example, "base64").toString().replace("host=server.example.com\x01port=143\x01", "");
  const mechanism = new OauthMechanism("OAUTHBEARER", { username: "user@example.com", accessToken });
  assert.equal(Buffer.from(mechanism.initialResponse).toString(), expected);
});

test("XOAUTH2 sends the example that Google published", () => {
  const mechanism = new OauthMechanism("XOAUTH2", {
    username: "someuser@example.com",
    accessToken: "ya29.vF9dft4qmTc2Nvb3RlckBhdHRhdmlzdGEuY29tCg",
  });
  assert.equal(
    Buffer.from(mechanism.initialResponse).toString("base64"),
    "dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB5YTI5LnZGOWRmdDRxbVRjMk52YjNSbGNrQmhkSFJoZG1semRHRXVZMjl0Q2cBAQ==",
  );
});

test("OAUTHBEARER escapes the separators of the GS2 header in a name", () => {
  const mechanism = new OauthMechanism("OAUTHBEARER", { username: "a,b=c", accessToken: "t" });
  assert.equal(Buffer.from(mechanism.initialResponse).toString(), "n,a=a=2Cb=3Dc,\x01auth=Bearer t\x01\x01");
});

/** The challenge of RFC 7628 section 4.3. */
const failed = JSON.stringify({ status: "invalid_token", scope: "example_scope" });

test("OAUTHBEARER answers an error with the octet 1, XOAUTH2 with nothing, and both report its status", () => {
  const answers = names.map((name) => {
    const mechanism = new OauthMechanism(name, { username: "u", accessToken });
    const answer = mechanism.respond(Buffer.from(failed));
    assert.deepEqual(mechanism.refusal, { status: "invalid_token", scope: "example_scope" });
    return Buffer.from(answer).toString("base64");
  });
  assert.deepEqual(answers, ["AQ==", ""]);
});

test("a status that RFC 6750 does not list is not repeated: it could be the token, or hold it", () => {
  const echoes = [
    `{"status":"${accessToken}"}`,
    '{"status":"secret_part"}',
    '{"status":"my_secret_part_1x"}',
    '{"status":"my_secret_part_"}',
    '{"status":["invalid_token"]}',
    '{"status":407}',
    '{"status":"\\u001b[2J"}',
    '{"status":{"toString":1}}',
    "null",
    "not json",
    "",
  ];
  for (const echo of echoes) {
    const mechanism = new OauthMechanism("XOAUTH2", { username: "u", accessToken: "my_secret_part_1" });
    mechanism.respond(Buffer.from(echo));
    assert.deepEqual(mechanism.refusal, { status: "an error that RFC 6750 does not list" }, echo);
  }
});

test("an HTTP status is reported, whether it came as text or as a number", () => {
  for (const echo of ['{"status":"401"}', '{"status":401}']) {
    const mechanism = new OauthMechanism("XOAUTH2", { username: "u", accessToken });
    mechanism.respond(Buffer.from(echo));
    assert.equal(mechanism.refusal?.status, "401");
  }
});

for (const name of names) {
  test(`a second challenge to ${name} is refused`, () => {
    const mechanism = new OauthMechanism(name, { username: "u", accessToken });
    mechanism.respond(Buffer.from(failed));
    assert.throws(() => mechanism.respond(Buffer.from(failed)), { code: "MAIL_AUTH_PROTOCOL", mechanism: name });
  });

  test(`a success after a refused token of ${name} is not believed`, () => {
    const mechanism = new OauthMechanism(name, { username: "u", accessToken });
    mechanism.finish();
    mechanism.respond(Buffer.from(failed));
    assert.throws(() => mechanism.finish(), { code: "MAIL_AUTH_PROTOCOL" });
  });

  test(`${name} refuses a token or name that could forge a field`, () => {
    for (const token of ["a\x01b", "a b", "a\r\nb", "Bearer abc", "a=b", "", "ä"])
      assert.throws(() => new OauthMechanism(name, { username: "u", accessToken: token }), {
        code: "MAIL_AUTH_CREDENTIALS",
        message: /^auth.credentials: the accessToken /,
      });
    assert.throws(() => new OauthMechanism(name, { username: "u\x01auth=Bearer x", accessToken }), {
      code: "MAIL_AUTH_CREDENTIALS",
      message: /the username holds the character \\x01/,
    });
  });
}

test("the scope and the issuer that a server names are kept if they look like what they are", () => {
  const refusalOf = (facts: object): unknown => {
    const mechanism = new OauthMechanism("XOAUTH2", { username: "u", accessToken });
    mechanism.respond(Buffer.from(JSON.stringify({ status: "401", ...facts })));
    return mechanism.refusal;
  };
  const dovecot = {
    scope: "mail",
    "openid-configuration": "https://id.example/realms/a/.well-known/openid-configuration",
  };
  assert.deepEqual(refusalOf(dovecot), { status: "401", scope: "mail", issuer: "https://id.example/realms/a" });
  assert.deepEqual(refusalOf({ scope: "https://mail.google.com/" }), {
    status: "401",
    scope: "https://mail.google.com/",
  });
  for (const scope of ["", " a", "a  b", 'a"b', "a\u001b[2J", "a".repeat(301), 5, ["a"]])
    assert.deepEqual(refusalOf({ scope }), { status: "401" });
  for (const address of ["http://id.example/", "https://u:p@id.example/", "javascript:1", "no URL", 5])
    assert.deepEqual(refusalOf({ "openid-configuration": address }), { status: "401" });
});
