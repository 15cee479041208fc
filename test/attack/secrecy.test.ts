/** A server repeats the secret wherever it can: still, nothing that a caller could print may hold it. */
import assert from "node:assert/strict";
import { connect } from "node:net";
import { before, test } from "node:test";
import { inspect } from "node:util";
import {
  AuthenticationError,
  createMailer,
  type Credentials,
  MailError,
  type MailerOptions,
  type MechanismName,
  observe,
  Secret,
} from "@postseal/mailer";
import { type Authority, canaries, createAuthority, HOST, type Script, startImpostor, type Step } from "@postseal/lab";

let authority: Authority;
before(async () => {
  authority = await createAuthority();
});

const { username, password } = canaries;
const plain = Buffer.from(`\0${username}\0${password}`).toString("base64");
const echo = `${password} ${Buffer.from(password).toString("base64")} ${plain}`;

const cases: readonly (readonly [string, MailerOptions["credentials"], string])[] = [
  ["a password, by PLAIN", { username, password }, "AUTH PLAIN"],
  ["a Secret, by LOGIN", { username, password: new Secret(password) }, "AUTH LOGIN"],
  ["a password, by SCRAM", { username, password }, "AUTH SCRAM-SHA-256"],
  ["a token, by XOAUTH2", { username, accessToken: password }, "AUTH XOAUTH2"],
  ["a token, by OAUTHBEARER", { username, accessToken: password }, "AUTH OAUTHBEARER"],
];

for (const [name, credentials, offer] of cases) {
  for (const reply of [`535 5.7.8 Not with ${echo}`, `454 4.7.0 Not now with ${echo}`, `250 ${echo}`, `?? ${echo}`]) {
    test(`what the server repeats of ${name} is in no error (${reply.slice(0, 3)})`, async () => {
      const script = { tls: { capabilities: [offer], on: { AUTH: [{ do: "say", text: `${reply}\r\n` }] } } } as const;
      await using impostor = await startImpostor({ transport: "starttls", script }, { authority });
      const options: MailerOptions = {
        ...(credentials === undefined ? {} : { credentials }),
        tls: { ca: { only: authority.certificate } },
        connect: async (target) => connect({ host: "127.0.0.1", port: target.port }),
      };
      await using mailer = createMailer({ host: HOST, port: impostor.port }, options);
      const error: unknown = await mailer.verify().catch((reason: unknown) => reason);
      assert.ok(error instanceof MailError, String(error));
      assertClean(inspect(error, { depth: 9, showHidden: true }));
      assertClean(`${error.message}${error.stack ?? ""}${JSON.stringify(error)}`);
      assertClean(inspect(mailer, { depth: 9, showHidden: true }));
    });
  }
}

test("a password that the server repeats later is in no error and in no receipt", async () => {
  const script = {
    tls: { capabilities: ["AUTH PLAIN"], on: { RCPT: [{ do: "say", text: `550 5.1.1 Not to ${echo}\r\n` }] } },
  } as const;
  await using impostor = await startImpostor({ transport: "starttls", script }, { authority });
  await using mailer = createMailer(
    { host: HOST, port: impostor.port },
    {
      credentials: { username, password },
      tls: { ca: { only: authority.certificate } },
      connect: async (target) => connect({ host: "127.0.0.1", port: target.port }),
    },
  );
  const sending = mailer.send({ from: canaries.sender, to: canaries.recipient, text: canaries.body });
  const error: unknown = await sending.catch((reason: unknown) => reason);
  assert.ok(error instanceof MailError && error.code === "MAIL_REFUSED", String(error));
  assert.match(error.message, /\[secret\]/);
  assertClean(inspect([error, error.receipt], { depth: 9, showHidden: true }));
});

const byPassword: readonly MechanismName[] = [
  "PLAIN",
  "LOGIN",
  "CRAM-MD5",
  "SCRAM-SHA-1",
  "SCRAM-SHA-1-PLUS",
  "SCRAM-SHA-256",
  "SCRAM-SHA-256-PLUS",
];
const logins: readonly (readonly [MechanismName, Credentials])[] = [
  ...byPassword.map((name) => [name, { username, password }] as const),
  ["XOAUTH2", { username, accessToken: password }],
  ["OAUTHBEARER", { username, accessToken: password }],
];
/** What a challenge may hold of the secret. */
const challenges: readonly string[] = [
  echo,
  password,
  `${password}x`,
  `e=${echo}`,
  `e=${password}`,
  `r=${echo},s=${echo},i=4096`,
  `v=${echo}`,
  `m=${echo}`,
  JSON.stringify({ status: password, scope: echo, schemes: echo }),
  JSON.stringify({ status: `${password}x` }),
];

for (const [mechanism, credentials] of logins) {
  test(`the words of a challenge to ${mechanism} are in no error and no event`, async () => {
    const texts = [...challenges.map((text) => Buffer.from(text).toString("base64")), echo, password, "Rubbish"];
    for (const text of texts) {
      const AUTH: readonly Step[] = [
        ...saying(`334 ${text}`),
        { do: "swallow" },
        ...saying(`535-5.7.8 ${password.slice(0, 9)}\r\n535 5.7.8 ${password.slice(9)}`),
      ];
      const script = { tls: { capabilities: [`AUTH ${mechanism}`], on: { AUTH } } };
      const { error, printed } = await witnessed(script, { credentials, auth: { mechanism } });
      assert.ok(error instanceof AuthenticationError, String(error));
      assertClean(printed);
    }
  });
}

test("a password that is a number is not printed as a count of iterations", async () => {
  for (const pin of ["0417", "1417", "4417000", "98765432109"]) {
    const challenge = Buffer.from(`r=NONCE,s=c2FsdA==,i=${pin}`).toString("base64");
    const script = { tls: { capabilities: ["AUTH SCRAM-SHA-256"], on: { AUTH: saying(`334 ${challenge}`) } } };
    const { printed } = await witnessed(script, { credentials: { username, password: pin } });
    assert.ok(!printed.replace(/\d+(?= ms)|:\d+/g, "").includes(pin), printed);
  }
});

test("an unexpected challenge is in no error", async () => {
  for (const moment of ["greeting", "EHLO", "MAIL", "RCPT"] as const) {
    const script = { tls: { capabilities: ["AUTH PLAIN"], on: { [moment]: saying(`334 ${plain}`) } } };
    const { error, printed } = await witnessed(script, { credentials: { username, password } }, "implicit", "send");
    assert.ok(error instanceof MailError, String(error));
    assertClean(printed);
  }
});

const passphrase = "correct horse Battery-staple 9";
const halves = ["correct horse", "Battery-staple 9"] as const;

for (const mechanism of byPassword) {
  test(`a password with spaces that the server repeats over two lines is in no error and no event: ${mechanism}`, async () => {
    const replies = [
      `535-5.7.8 ${halves[0]}\r\n535 5.7.8 ${halves[1]}`,
      `535-${halves[0]} \r\n535  ${halves[1]}`,
      `535-5.7.8 correct\r\n535-5.7.8 horse\r\n535-\r\n535 5.7.8 ${halves[1]}`,
      `454-${halves[0]} Bat\r\n454 tery-staple 9`,
      `250-${halves[0]}\r\n250 ${halves[1]}`,
    ];
    for (const reply of replies) {
      const script = { tls: { capabilities: [`AUTH ${mechanism}`], on: { AUTH: saying(reply) } } };
      const credentials = { username, password: passphrase };
      const { error, printed } = await witnessed(script, { credentials, auth: { mechanism } });
      assert.ok(error instanceof MailError, String(error));
      assert.match(printed, /\[secret\]/);
      assert.doesNotMatch(printed, /correct|horse|attery|Bat|tery|staple/);
    }
  });
}

/** What a server, or an attacker on the clear part of the path, may say on a later connection. */
const later: readonly (readonly [string, "starttls" | "implicit", Script])[] = [
  ["in its greeting in the clear", "starttls", { clear: { on: { greeting: saying(`554 5.7.1 ${echo}`) } } }],
  ["in what is no greeting", "starttls", { clear: { on: { greeting: saying(`?? ${echo}`) } } }],
  ["in place of STARTTLS", "starttls", { clear: { capabilities: [password, `AUTH ${echo}`] } }],
  ["as the refusal of EHLO", "starttls", { clear: { on: { EHLO: saying(`550 5.7.1 ${echo}`) } } }],
  ["as the refusal of STARTTLS", "starttls", { clear: { on: { STARTTLS: saying(`454 4.7.0 ${echo}`) } } }],
  ["after the 220", "starttls", { clear: { on: { STARTTLS: saying(`220 go\r\n250-${echo}\r\n250 ${echo}`) } } }],
  [
    "after the 220, cut within the secret",
    "starttls",
    { clear: { on: { STARTTLS: saying(`220 go\r\n250 ${"x".repeat(385)}${password}`) } } },
  ],
  ["in its greeting inside TLS", "implicit", { tls: { on: { greeting: saying(`554 5.7.1 ${echo}`) } } }],
  ["in a greeting that serves", "implicit", { tls: { on: { greeting: saying(`220-${echo}\r\n220 ${echo}`) } } }],
  ["in its offer inside TLS", "starttls", { tls: { capabilities: [password, `AUTH ${password} ${echo}`] } }],
  ["as a surplus reply", "implicit", { tls: { on: { EHLO: saying(`250 AUTH PLAIN\r\n250 ${echo}`) } } }],
  [
    "in a line over 4 KiB",
    "implicit",
    { tls: { on: { greeting: [{ do: "say", text: `220 ${"x".repeat(4086)}${password.slice(0, 12)}` }] } } },
  ],
];

for (const [mechanism, credentials] of logins) {
  test(`the secret of ${mechanism} is in nothing that is shown, even if a server says it on a later connection`, async () => {
    for (const [where, transport, script] of later) {
      const capabilities = [`AUTH ${mechanism}`];
      const first: Script = {
        tls: { capabilities, on: { AUTH: saying("535 5.7.8 No") } },
        next: script,
      };
      const fetch = async (): Promise<Credentials> => credentials;
      const { printed } = await witnessed(first, { credentials: fetch }, transport, "verify twice");
      assertClean(printed, where);
    }
  });
}

test("a password that a mailer was given is struck out before it is used", async () => {
  for (const [where, transport, script] of later) {
    const { printed } = await witnessed(script, { credentials: { username, password } }, transport);
    assertClean(printed, where);
  }
});

test("a password that is a word of SMTP does not hide what the server offers", async () => {
  for (const word of ["STARTTLS", "AUTH", "PLAIN", "PIPELINING", "SIZE", "250-", "LIMITS", "MAIL"]) {
    const script: Script = {
      clear: { capabilities: ["STARTTLS"] },
      tls: { capabilities: ["AUTH PLAIN", "SIZE 9000"] },
    };
    await using impostor = await startImpostor({ transport: "starttls", script }, { authority });
    await using mailer = createMailer({ host: HOST, port: impostor.port }, optionsFor({ username, password: word }));
    await assert.rejects(mailer.verify(), { code: "MAIL_AUTH_REFUSED" }, word);
  }
});

test("a keyword that is the secret is not reported, even if it was said before the secret was fetched", async () => {
  const script: Script = { tls: { capabilities: [password, `X-${password}`, "AUTH PLAIN"] } };
  await using impostor = await startImpostor({ transport: "starttls", script }, { authority });
  await using mailer = createMailer(
    { host: HOST, port: impostor.port },
    optionsFor(async () => ({ username, password })),
  );
  assert.deepEqual((await mailer.verify()).capabilities, ["[SECRET]", "X-[SECRET]", "AUTH"]);
});

/** Everything that a mailer throws and shows when it meets this script. */
async function witnessed(
  script: Script,
  options: MailerOptions,
  transport: "starttls" | "implicit" = "starttls",
  what: "verify" | "verify twice" | "send" = "verify",
): Promise<{ readonly error: unknown; readonly printed: string }> {
  const seen: unknown[] = [];
  const note = (event: unknown): unknown => seen.push(event);
  using _ = observe({
    "connection.sealed": note,
    "connection.closed": note,
    "conversation.command": note,
    "conversation.reply": note,
    "message.concluded": note,
  });
  await using impostor = await startImpostor({ transport, script }, { authority });
  const server = { host: HOST, port: impostor.port, transport };
  await using mailer = createMailer(server, { ...optionsFor(options.credentials), ...options });
  const message = { from: canaries.sender, to: canaries.recipient, text: canaries.body };
  let error: unknown;
  for (let times = what === "verify twice" ? 2 : 1; times > 0; times -= 1) {
    const doing = what === "send" ? mailer.send(message) : mailer.verify();
    error = await doing.catch((reason: unknown) => reason);
    seen.push(error, error instanceof Error ? `${error.message}${error.stack ?? ""}` : "", JSON.stringify(error));
  }
  return {
    error,
    printed: withoutChance(inspect([seen, mailer], { depth: 12, showHidden: true, maxStringLength: null })),
  };
}

/** Digests of a new certificate, ports and the folder of this project may hold three letters or four digits of anything. */
function withoutChance(printed: string): string {
  return printed
    .replaceAll(/\b(fingerprint|spki): '[^']*'/g, "$1: 'a digest'")
    .replaceAll(/\bport: \d+/g, "port: 1")
    .replaceAll(process.cwd(), "");
}

function optionsFor(credentials: MailerOptions["credentials"]): MailerOptions {
  return {
    ...(credentials === undefined ? {} : { credentials }),
    tls: { ca: { only: authority.certificate } },
    connect: async (target) => connect({ host: "127.0.0.1", port: target.port }),
  };
}

function saying(...replies: readonly string[]): readonly Step[] {
  return replies.map((text): Step => ({ do: "say", text: `${text}\r\n` }));
}

test("a password in a URL is in no error and in nothing that is printed", () => {
  const url = `submission://${username}:${password}@${HOST}`;
  const wrong = [
    `${url}:465`,
    `${url}?tls=off`,
    `${url}/path`,
    url.replace("submission", "http"),
    `${url}:99999`,
    url.replace("//", "/ /"),
  ];
  for (const one of wrong) {
    assert.throws(
      () => createMailer(one),
      (error: unknown) => {
        assert.ok(error instanceof MailError, String(error));
        assertClean(inspect(error, { depth: 9, showHidden: true }));
        return true;
      },
      one,
    );
  }
  assertClean(inspect(createMailer(url), { depth: 9, showHidden: true }));
});

/** Finds a secret in two lines too, also if they are printed as a list. */
function assertClean(text: string, where?: string): void {
  assert.ok(text.length > 10, "there is nothing to search");
  const joined = text.replace(/[2-5]\.7\.8|[\s'",]/g, "");
  for (const form of [
    password,
    Buffer.from(password).toString("base64").replace(/=+$/, ""),
    plain,
    password.slice(0, 12),
  ]) {
    assert.ok(
      !text.includes(form) && !joined.includes(form),
      `the secret is in${where === undefined ? "" : ` (${where})`}: ${text}`,
    );
  }
}
