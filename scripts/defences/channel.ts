/** The defences of the way to a sealed session: threats A to D. */
import { type Defence, PROOF, VECTORS } from "./defence.ts";

const ENVIRONMENT = "test/attack/environment.test.ts";
const chain = ["tls/handshake.ts", "if (!socket.authorized) throw", "if (false) throw"] as const;
const ask = [
  "tls/handshake.ts",
  "rejectUnauthorized: policy.trustPins === undefined,",
  "rejectUnauthorized: false,",
] as const;
const leftToNode = ["tls/handshake.ts", "      rejectUnauthorized: policy.trustPins === undefined,\n", ""] as const;

export const channelDefences: readonly Defence[] = [
  {
    threat: "A1",
    defence: "without an offer of STARTTLS nothing more is said",
    edits: [["protocol/starttls.ts", 'if (!offered.has("STARTTLS")) {', "if (false) {"]],
    test: VECTORS,
    names: "^A1-",
  },
  {
    threat: "A2",
    defence: "only 220 starts TLS",
    edits: [["protocol/starttls.ts", "if (reply.code === 220) return;", "if (reply.code < 300) return;"]],
    test: VECTORS,
    names: "^A2-2(00|50)",
  },
  {
    threat: "A3",
    defence: "a refusal of STARTTLS ends the session",
    edits: [["protocol/starttls.ts", "if (reply.code === 220) return;", "return;"]],
    test: VECTORS,
    names: "^A3-",
  },
  {
    threat: "A4",
    defence: "a refused EHLO ends the session",
    edits: [["protocol/ehlo.ts", "if (reply.code === 250)", "if (reply.code > 0)"]],
    test: VECTORS,
    names: "^A4-",
  },
  {
    threat: "A5",
    defence: "a keyword is found whatever its case",
    edits: [
      [
        "protocol/capabilities.ts",
        "keywords.set(keyword.toUpperCase(), parameters)",
        "keywords.set(keyword, parameters)",
      ],
    ],
    test: VECTORS,
    names: "^A5-lower-case",
  },
  {
    threat: "A5",
    defence: "the first line of the EHLO reply holds no keyword",
    edits: [["protocol/capabilities.ts", "of lines.slice(1)", "of lines"]],
    test: VECTORS,
    names: "^A5-first-line",
  },
  {
    threat: "A6",
    defence: "a connection that ends in the handshake is told as lost",
    edits: [
      [
        "tls/explain.ts",
        'return new NetworkError(\n    "MAIL_NETWORK_LOST",\n    "handshake",',
        'return new NetworkError(\n    "MAIL_NETWORK_TIMEOUT",\n    "handshake",',
      ],
    ],
    test: VECTORS,
    names: "^A6-handshake-",
  },
  {
    threat: "A8",
    defence: "plain text on the port of implicit TLS is told apart",
    edits: [["tls/explain.ts", "if (PLAINTEXT.test(code)) return plaintext(server, cause);", ""]],
    test: VECTORS,
    names: "^A8-",
  },
  {
    threat: "A9",
    defence: "the lines of a reply hold one code",
    edits: [
      [
        "wire/reply-parser.ts",
        'throw this.#malformed("the code changes inside one reply", line);',
        "this.#code = code;",
      ],
    ],
    test: VECTORS,
    names: "^A9-250-then-220",
  },
  {
    threat: "A9",
    defence: "a bare CR or a NUL is no part of a reply",
    edits: [["wire/reply-parser.ts", "line.indexOf(CR) !== end || line.includes(0)", "false"]],
    test: VECTORS,
    names: "^A9-(nul|bare-lf)",
  },
  {
    threat: "A10",
    defence: "control characters of a server are escaped",
    edits: [["errors/shown.ts", "return PLAIN.test(cut) ? cut : cut.replace(UNSAFE, escapeOne);", "return cut;"]],
    test: VECTORS,
    names: "^A10-",
  },
  {
    threat: "B1",
    defence: "an octet behind the 220 ends the session",
    edits: [["tls/clear-channel.ts", "if (early.length > 0) {", "if (false) {"]],
    test: VECTORS,
    names: "^B1-(one-octet|merging)",
  },
  {
    threat: "B1",
    defence: "a reply that nobody asked for ends the session",
    edits: [
      [
        "net/channel.ts",
        "if (first === undefined || from < first.since) {",
        "if (first === undefined) return true;\n    if (false) {",
      ],
    ],
    test: VECTORS,
    names: "^B1-(same-segment|whole-session)",
  },
  {
    threat: "B2",
    defence:
      "what comes in one read is parsed before a command that answers it is written, and a reply that began before its command answers nothing",
    edits: [
      ["net/channel.ts", "first === undefined || from < first.since", "first === undefined"],
      ["net/channel.ts", "      this.#answered.push(first);", "      first.wait.done(first.replies);"],
    ],
    test: VECTORS,
    names: "^B2-starttls",
  },
  {
    threat: "B2",
    defence: "a reply that began in an earlier read than its command answers nothing",
    edits: [["net/channel.ts", "first === undefined || from < first.since", "first === undefined"]],
    test: "packages/mailer/src/net/channel.test.ts",
    names: "^a reply that began before",
  },
  {
    threat: "B3",
    defence: "capabilities are learnt again inside TLS",
    edits: [
      [
        "protocol/starttls.ts",
        "export function* startTls(peer: string): Dialogue<void, ClearAction> {",
        'export function* startTls(peer: string): Dialogue<void, ClearAction> {\n  Reflect.set(globalThis, "kept", undefined);',
      ],
      [
        "protocol/starttls.ts",
        "const offered = yield* ehlo(NEUTRAL_CLIENT_NAME, peer);",
        'const offered = yield* ehlo(NEUTRAL_CLIENT_NAME, peer);\n  Reflect.set(globalThis, "kept", offered);',
      ],
      [
        "session/begin.ts",
        "new SealedSession(channel, capabilities, context,",
        'new SealedSession(channel, Reflect.get(globalThis, "kept") ?? capabilities, context,',
      ],
    ],
    test: VECTORS,
    names: "^B3-",
  },
  {
    threat: "B4",
    defence: "STARTTLS inside TLS is an error",
    edits: [["session/begin.ts", 'if (capabilities.has("STARTTLS")) {', "if (false) {"]],
    test: VECTORS,
    names: "^B4-",
  },
  {
    threat: "B5",
    defence: "success is 250 and no other 2yz",
    edits: [
      [
        "protocol/ledger.ts",
        "if (reply.code !== 250 || this.#mailRefused)",
        "if (reply.code >= 300 || this.#mailRefused)",
      ],
    ],
    test: "packages/mailer/src/protocol/transaction.test.ts",
    names: "",
  },
  {
    threat: "B6",
    defence: "half a reply is none, and the outcome is unknown",
    edits: [["protocol/ledger.ts", 'this.#settle(isUnknown ? "unknown" : "unsent");', 'this.#settle("unsent");']],
    test: VECTORS,
    names: "^B6-",
  },
  { threat: "C1", defence: "the chain is verified", edits: [ask, chain], test: VECTORS, names: "^C1-" },
  {
    threat: "C2, C3",
    defence: "the name is verified",
    edits: [
      [
        "tls/handshake.ts",
        "if (leaf === undefined || !provesIdentity(leaf, server.name)) {",
        "if (leaf === undefined) {",
      ],
    ],
    test: VECTORS,
    names: "^C[23]-",
  },
  {
    threat: "C3",
    defence: "a common name proves nothing",
    edits: [["tls/identity.ts", 'subject: "never"', 'subject: "default"']],
    test: VECTORS,
    names: "^C3-common-name",
  },
  {
    threat: "C3",
    defence: "a wildcard stands for a whole label",
    edits: [["tls/identity.ts", "partialWildcards: false", "partialWildcards: true"]],
    test: VECTORS,
    names: "^C3-partial-wildcard",
  },
  {
    threat: "C4",
    defence: "an address is proved by an iPAddress entry only",
    edits: [
      [
        "tls/identity.ts",
        "return certificate.checkIP(server.name) !== undefined;",
        "return certificate.checkHost(server.name) !== undefined;",
      ],
    ],
    test: VECTORS,
    names: "^C4-",
  },
  {
    threat: "C5",
    defence: "a host that is not plainly a name is refused",
    edits: [["policy/server-name.ts", "if (!labels.every((label) => LABEL.test(label)))", "if (false)"]],
    test: "packages/mailer/src/policy/server-name.test.ts",
    names: "",
  },
  {
    threat: "C7",
    defence: "verification is asked for, and asserted: the environment has no say",
    edits: [leftToNode, chain],
    test: ENVIRONMENT,
    names: "^NODE_TLS_REJECT_UNAUTHORIZED=0 and a self-signed",
  },
  {
    threat: "C7, D",
    defence: "the protocol is given and checked",
    edits: [
      ["tls/handshake.ts", "      minVersion: policy.minVersion,\n", ""],
      [
        "tls/handshake.ts",
        'if (protocol !== "TLSv1.3" && (protocol !== "TLSv1.2" || policy.minVersion === "TLSv1.3")) {',
        "if (protocol === null) {",
      ],
      [
        "tls/handshake.ts",
        'if (!(protocol === "TLSv1.3" ? TLS13_SUITES : TLS12_SUITES).includes(cipherSuite)) {',
        "if (false) {",
      ],
      ["tls/handshake.ts", '.join(":")}:@SECLEVEL=2`', '.join(":")}:ALL:@SECLEVEL=0`'],
      ["tls/handshake.ts", '      sigalgs: SIGNATURE_ALGORITHMS.join(":"),\n', ""],
    ],
    test: ENVIRONMENT,
    names: "^--tls-min-v1.0",
  },
  {
    threat: "C8",
    defence: "weak keys are refused",
    edits: [["tls/handshake.ts", '.join(":")}:@SECLEVEL=2`', '.join(":")}:@SECLEVEL=0`']],
    test: VECTORS,
    names: "^C8-",
  },
  {
    threat: "C10",
    defence: "SCRAM is bound to the TLS session",
    edits: [
      [
        "tls/sealed-channel.ts",
        'if (this.seal.protocol !== "TLSv1.3") return undefined;',
        "if (this.seal.protocol.length > 0) return undefined;",
      ],
    ],
    test: PROOF,
    names: "^(SCRAM-SHA-256-PLUS fails|a relay that strips)",
  },
  {
    threat: "C10",
    defence: "pins are compared",
    edits: [["tls/handshake.ts", "&& !pins.includes(spki)) {", '&& pins.includes("")) {']],
    test: PROOF,
    names: "pin|trusted key",
  },
  {
    threat: "D",
    defence: "suites are given and checked",
    edits: [
      ["tls/handshake.ts", '.join(":")}:@SECLEVEL=2`', '.join(":")}:ALL:@SECLEVEL=2`'],
      [
        "tls/handshake.ts",
        'if (!(protocol === "TLSv1.3" ? TLS13_SUITES : TLS12_SUITES).includes(cipherSuite)) {',
        "if (false) {",
      ],
      ["tls/handshake.ts", "if (!policy.groups.includes(keyExchange))", "if (false)"],
    ],
    test: VECTORS,
    names: "^D-(static-rsa|cbc|dhe)",
  },
  {
    threat: "D",
    defence: "a post-quantum group can be required",
    edits: [["policy/tls-policy.ts", "groups: requirePostQuantum ? [POST_QUANTUM_GROUP] :", "groups:"]],
    test: VECTORS,
    names: "^D-classical",
  },
  {
    threat: "D",
    defence: "a server cannot renegotiate",
    edits: [["tls/handshake.ts", "      secureOptions: constants.SSL_OP_NO_RENEGOTIATION,\n", ""]],
    test: VECTORS,
    names: "^D-renegotiation",
  },
];
