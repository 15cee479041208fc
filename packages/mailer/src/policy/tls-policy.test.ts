import assert from "node:assert/strict";
import { test } from "node:test";
import { getCACertificates } from "node:tls";
import { createTlsPolicy, isPostQuantum, TLS12_SUITES, TLS13_SUITES, type TlsOptions } from "./tls-policy.ts";

const pem = (getCACertificates("bundled")[0] ?? "").trim();
const pin = `${"A".repeat(43)}=`;

test("without options TLS is 1.2 or 1.3, verified by the public authorities", () => {
  const { minVersion, groups, requirePostQuantum, pins, authorities, trustPins } = createTlsPolicy();
  assert.deepEqual(
    { minVersion, groups, requirePostQuantum, pins, authorities, trustPins },
    {
      minVersion: "TLSv1.2",
      groups: ["X25519MLKEM768", "X25519", "P-256", "P-384"],
      requirePostQuantum: false,
      pins: [],
      authorities: { from: "public-and-added", added: [] },
      trustPins: undefined,
    },
  );
});

test("every suite has authenticated encryption and forward secrecy", () => {
  for (const suite of [...TLS13_SUITES, ...TLS12_SUITES]) assert.match(suite, /GCM|POLY1305/);
  for (const suite of TLS12_SUITES) assert.match(suite, /^TLS_ECDHE_(?:ECDSA|RSA)_/);
});

test("TLS 1.3 can be required", () => {
  assert.equal(createTlsPolicy({ minVersion: "TLSv1.3" }).minVersion, "TLSv1.3");
});

test("requiring post-quantum leaves one group, and TLS 1.3 whatever else was asked for", () => {
  const policy = createTlsPolicy({ postQuantum: "require", minVersion: "TLSv1.2" });
  assert.deepEqual([policy.groups, policy.minVersion], [["X25519MLKEM768"], "TLSv1.3"]);
  assert.ok(policy.groups.every(isPostQuantum));
  assert.ok(!isPostQuantum("X25519"));
});

test("a policy cannot be changed after it is made", () => {
  assert.ok(Object.isFrozen(createTlsPolicy()));
});

/** Options from a caller without types. */
function options(text: string): TlsOptions {
  const parsed: TlsOptions = JSON.parse(text);
  return parsed;
}

for (const name of [
  "rejectUnauthorized",
  "checkServerIdentity",
  "ciphers",
  "secureContext",
  "secureProtocol",
  "session",
  "maxVersion",
  "insecure",
]) {
  test(`the option ${name} is refused, and the error names what to do instead`, () => {
    assert.throws(() => createTlsPolicy(options(`{"${name}":false}`)), {
      name: "InputError",
      code: "MAIL_INPUT_OPTION",
      field: `tls.${name}`,
      message: /could only weaken.*ca.*trust\.pins/,
    });
  });
}

for (const [text, field] of [
  ['{"minVersoin":"TLSv1.3"}', "tls.minVersoin"],
  ['{"toString":1}', "tls.toString"],
  ['{"minVersion":"TLSv1.1"}', "tls.minVersion"],
  ['{"minVersion":"TLSv1"}', "tls.minVersion"],
  ['{"minVersion":null}', "tls.minVersion"],
  ['{"postQuantum":true}', "tls.postQuantum"],
  ['{"postQuantum":"off"}', "tls.postQuantum"],
  ['{"pins":"AAAA"}', "tls.pins"],
  ['{"ca":"-----BEGIN CERTIFICATE-----"}', "tls.ca"],
  ['{"ca":null}', "tls.ca"],
  ['{"ca":{}}', "tls.ca"],
  ['{"ca":{"onyl":"x"}}', "tls.ca.onyl"],
  ['{"ca":{"add":"x","only":"x"}}', "tls.ca"],
  ['{"trust":true}', "tls.trust"],
  ['{"trust":{}}', "tls.trust.pins"],
  ['{"clientCertificate":"x"}', "tls.clientCertificate"],
  ['{"pins":[1]}', "tls.pins[0]"],
] as const) {
  test(`${text} is refused at ${field}`, () => {
    assert.throws(() => createTlsPolicy(options(text)), { name: "InputError", code: "MAIL_INPUT_OPTION", field });
  });
}

test("a pin is taken as base64, with or without the name of its hash", () => {
  const { pins } = createTlsPolicy({ pins: [pin, `sha256/${pin}`, `SHA256:${pin}`, `sha256//${pin}`] });
  assert.deepEqual(pins, [pin, pin, pin, pin]);
});

for (const wrong of [
  "",
  "x",
  "A".repeat(44),
  `${"A".repeat(42)}=`,
  `${"A".repeat(43)}= `,
  "a".repeat(64),
  `sha1/${pin}`,
  `${"-".repeat(43)}=`,
  `${pin}\n`,
]) {
  test(`${JSON.stringify(wrong)} is not a pin, and the error names its place in the list`, () => {
    assert.throws(() => createTlsPolicy({ pins: [pin, wrong] }), { name: "InputError", field: "tls.pins[1]" });
    assert.throws(() => createTlsPolicy({ trust: { pins: [wrong] } }), {
      name: "InputError",
      field: "tls.trust.pins[0]",
    });
  });
}

test("an empty list of pins is refused: it would match no key, or be read as no pins", () => {
  assert.throws(() => createTlsPolicy({ pins: [] }), { field: "tls.pins" });
  assert.throws(() => createTlsPolicy({ trust: { pins: [] } }), { field: "tls.trust.pins" });
});

test("a trust pin is refused beside an authority or other pins: it would be unclear which counts", () => {
  assert.throws(() => createTlsPolicy({ trust: { pins: [pin] }, pins: [pin] }), { field: "tls.trust" });
  assert.throws(() => createTlsPolicy({ trust: { pins: [pin] }, ca: { only: pem } }), { field: "tls.trust" });
  assert.deepEqual(createTlsPolicy({ trust: { pins: [pin] } }).trustPins, [pin]);
});

test("authorities are the certificates in the text, one or several", () => {
  assert.deepEqual(createTlsPolicy({ ca: { add: `Subject: x\n${pem}\n${pem}\n` } }).authorities, {
    from: "public-and-added",
    added: [pem, pem],
  });
  assert.deepEqual(createTlsPolicy({ ca: { only: [pem] } }).authorities, { from: "added-only", added: [pem] });
});

test("authorities without a certificate are refused: nobody means to trust none, or all", () => {
  for (const nothing of ["", "/etc/ssl/ca.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"]) {
    assert.throws(() => createTlsPolicy({ ca: { only: nothing } }), { field: "tls.ca.only" });
    assert.throws(() => createTlsPolicy({ ca: { add: [pem, nothing] } }), { field: "tls.ca.add[1]" });
  }
  assert.throws(() => createTlsPolicy({ ca: { only: [] } }), { field: "tls.ca.only" });
});

test("an authority that cannot be read is refused, not silently left out", () => {
  const broken = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
  for (const text of [broken, pem + broken, pem.replace("MII", "!!!")]) {
    assert.throws(() => createTlsPolicy({ ca: { only: text } }), { name: "InputError", field: "tls.ca.only" });
  }
});

const cert = { cert: "-----BEGIN CERTIFICATE-----", key: "-----BEGIN PRIVATE KEY-----" };

test("a client certificate requires TLS 1.3: TLS 1.2 would show it to anyone on the path", () => {
  assert.equal(createTlsPolicy({ clientCertificate: cert }).minVersion, "TLSv1.3");
  assert.throws(() => createTlsPolicy({ clientCertificate: cert, minVersion: "TLSv1.2" }), { field: "tls.minVersion" });
});
