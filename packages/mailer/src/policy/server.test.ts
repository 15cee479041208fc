import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { InputError } from "../errors/input-error.ts";
import { Secret } from "../sasl/secret.ts";
import { describeServer, parseServer } from "./server.ts";

for (const [url, transport, described] of [
  ["submission://mail.example.com", "starttls", "mail.example.com:587"],
  ["submissions://mail.example.com", "implicit", "mail.example.com:465"],
  ["smtp://mail.example.com", "starttls", "mail.example.com:587"],
  ["smtps://mail.example.com", "implicit", "mail.example.com:465"],
  ["smtp://mail.example.com:25", "starttls", "mail.example.com:25"],
  ["submissions://mail.example.com:2465/", "implicit", "mail.example.com:2465"],
  ["SUBMISSION://MAIL.example.com.", "starttls", "mail.example.com:587"],
  ["  submission://mail.example.com \n", "starttls", "mail.example.com:587"],
  ["submission://[2001:db8::1]:1587", "starttls", "[2001:db8::1]:1587"],
  ["submission://192.0.2.1", "starttls", "192.0.2.1:587"],
  ["submission://münchen.example", "starttls", "xn--mnchen-3ya.example:587"],
  ["submission://m%C3%BCnchen.example", "starttls", "xn--mnchen-3ya.example:587"],
] as const) {
  test(`${JSON.stringify(url)} is ${described} by ${transport}`, () => {
    for (const given of [url, new URL(url)]) {
      const server = parseServer(given);
      assert.deepEqual([server.transport, describeServer(server)], [transport, described]);
    }
  });
}

test("options and a URL give the same server", () => {
  assert.deepEqual(parseServer({ host: "mail.example.com" }), parseServer("submission://mail.example.com"));
  assert.deepEqual(
    parseServer({ host: "mail.example.com", transport: "implicit" }),
    parseServer("submissions://mail.example.com"),
  );
  assert.deepEqual(parseServer({ host: "::1", port: 2525 }), parseServer("submission://[::1]:2525"));
});

test("user and password are decoded, and the password prints as [secret]", () => {
  const server = parseServer("submission://al%40ice:p%3Aa%2Fs%25s@mail.example.com");
  assert.equal(server.username, "al@ice");
  assert.ok(server.password instanceof Secret);
  assert.equal(server.password.reveal(), "p:a/s%s");
  assert.ok(!`${inspect(server)}${JSON.stringify(server)}`.includes("p:a"));
});

test("a URL without user and password has none", () => {
  const { username, password } = parseServer("submission://mail.example.com");
  assert.deepEqual([username, password], [undefined, undefined]);
});

const secret = "hunter2";
/** Each holds the password where a URL may have one, or where one is left by mistake. */
const refused: readonly (readonly [string, string, RegExp])[] = [
  ["no URL", `mail.example.com ${secret}`, /not a URL/],
  ["a URL without a host", `submission:${secret}`, /path|host/],
  ["an empty host", "submission://", /host/],
  ["a scheme for the web", `https://user:${secret}@mail.example.com`, /scheme/],
  ["a scheme for reading mail", `imap://user:${secret}@mail.example.com`, /scheme/],
  ["a path", `submission://user:${secret}@mail.example.com/inbox`, /path/],
  ["a query", `submission://user:${secret}@mail.example.com?tls=off`, /query/],
  ["a query that would weaken TLS", `smtp://user:${secret}@mail.example.com/?tls.rejectUnauthorized=false`, /query/],
  ["a fragment", `submission://user:${secret}@mail.example.com#x`, /fragment/],
  ["a question mark in the password", `submission://user:42?${secret}@mail.example.com`, /%3F/],
  ["a question mark and an equals sign in the password", `submission://user:42?${secret}=x@mail.example.com`, /%3F/],
  ["a hash in the password", `submission://user:42#${secret}@mail.example.com`, /%23/],
  ["a slash in the password", `submission://user:42/${secret}@mail.example.com`, /path/],
  ["a percent sign that begins no octet", `submission://user:${secret}%zz@mail.example.com`, /%25/],
  ["octets that are no UTF-8", `submission://user:${secret}%ff@mail.example.com`, /percent sign/],
  ["465 with STARTTLS", `smtp://user:${secret}@mail.example.com:465`, /submissions:\/\//],
  ["587 with TLS from the start", `smtps://user:${secret}@mail.example.com:587`, /submission:\/\//],
  ["25 with TLS from the start", `submissions://user:${secret}@mail.example.com:25`, /submission:\/\//],
  ["port 0", `submission://user:${secret}@mail.example.com:0`, /1 to 65535/],
  ["a port that is too large", `submission://user:${secret}@mail.example.com:65536`, /./],
  [
    "a host with a line end in it",
    `submission://user:${secret}@mail.example.com%0D%0AQUIT`,
    /percent sign in the host/,
  ],
  ["a host with a tab in it", `submission://user:${secret}@mail.exam\tple.com`, /a tab/],
  ["a host in octets", `submission://user:${secret}@%6Dail.example.com`, /percent sign in the host/],
  ["a host with a Kelvin sign", `submission://user:${secret}@mai\u212a.example.com`, /cannot be a server/],
  [
    "a host with the octets of a Kelvin sign",
    `submission://user:${secret}@mai%E2%84%AA.example.com`,
    /cannot be a server/,
  ],
  ["a host with a soft hyphen", `submission://user:${secret}@ma\u00adil.example.com`, /cannot be a server/],
  ["a host with a full-width dot", `submission://user:${secret}@mail．example.com`, /cannot be a server/],
  [
    "a host with a NUL in it",
    `submission://user:${secret}@mail.example.com%00.evil.example`,
    /percent sign in the host/,
  ],
];
for (const [name, url, message] of refused) {
  test(`${name} is refused, and the password is not in the error`, () => {
    assert.throws(
      () => parseServer(url),
      (error) =>
        error instanceof InputError &&
        error.code === "MAIL_INPUT_URL" &&
        message.test(error.message) &&
        !inspect(error, { depth: 5 })
          .replace(/\n {4}at .*/g, "")
          .includes(secret),
    );
  });
}

test("options that contradict each other are refused, and so is an impossible port", () => {
  for (const options of [
    { host: "mail.example.com", port: 465 },
    { host: "mail.example.com", port: 587, transport: "implicit" },
    { host: "mail.example.com", port: 1.5 },
    { host: "mail.example.com", port: -1 },
    { host: "mail.example.com", port: Number.NaN },
    { host: "mail.example.com:587" },
    { host: "" },
  ] as const) {
    assert.throws(() => parseServer(options), { name: "InputError" });
  }
});

test("a third transport, from a caller without types, is refused", () => {
  const options: { host: string; transport: "starttls" } = JSON.parse(
    '{"host":"mail.example.com","transport":"plain"}',
  );
  assert.throws(() => parseServer(options), { name: "InputError", field: "server.transport" });
});
