/** Signing in, as far as it shows without an issuer: options, keys of the configuration, and accounts that nobody is signed in for. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { account, Desk, message, postseal, serve } from "./command.ts";

const CLIENT = 'client-id = "an-id"';

/** The environment in which the command finds its files and its tokens. */
function environmentOf(desk: Desk): Readonly<Record<string, string>> {
  return { HOME: desk.folder, XDG_CONFIG_HOME: desk.folder, XDG_STATE_HOME: path.join(desk.folder, "state") };
}

/** What is wrong with each account that has one of these tables: `3: …` is about the table. */
async function problemsOf(tables: readonly string[]): Promise<readonly string[]> {
  using desk = new Desk();
  const accounts = tables.map((table, index) => `[accounts.a${index}]\n${SERVER}\n${table}\n`);
  desk.configuration(accounts.join(""));
  const { stdout } = await postseal(["config", "check"], { environment: environmentOf(desk) });
  const lines = stdout.split("\n").map((line) => /config\.toml:(\d+): (.*)$/.exec(line) ?? []);
  let begin = 0;
  return accounts.map((text) => {
    const [first, count] = [begin, text.split("\n").length - 1];
    begin += count;
    const own = lines.filter(([, line]) => Number(line) > first && Number(line) <= first + count);
    return own.map(([, line, problem = ""]) => `${Number(line) - first}: ${problem}`).join("\n");
  });
}

const SERVER = 'server = "submission://alice%40example.test@mail.example.test"';
const oauth = (table: string, more = ""): string => `oauth = { ${table} }${more === "" ? "" : `\n${more}`}`;

test("a sound table of each kind is accepted", async () => {
  using desk = new Desk();
  const key = desk.file("key.pem", "a key");
  const ca = desk.file("ca.pem", "an authority");
  const issuer = 'issuer = "https://id.example.test"';
  const sound = [
    `issuer = "google", ${CLIENT}, client-secret-file = "${key}"`,
    `issuer = "google", key-file = "${key}"`,
    `issuer = "microsoft", ${CLIENT}`,
    `issuer = "microsoft", tenant = "example.com", ${CLIENT}, flow = "client-credentials", client-key = "${key}", client-certificate = "${ca}"`,
    `${issuer}, ${CLIENT}, scope = "mail offline_access", ca = "${ca}", redirect = "localhost", resource = "smtp"`,
  ];
  const problems = await problemsOf(sound.map((table) => oauth(table)));
  assert.deepEqual(
    problems,
    sound.map(() => ""),
  );
});

test("what is wrong with the table is reported at its line, with a remedy", async () => {
  const wrong: readonly (readonly [table: string, problem: RegExp])[] = [
    [CLIENT, /^3: there is no issuer\. Write issuer = /m],
    [
      `issuer = "http://id.example.test", ${CLIENT}`,
      /^3: issuer is neither google nor microsoft nor an https address/m,
    ],
    [`issuer = "https://u:p@id.example.test", ${CLIENT}`, /^3: issuer is neither google/m],
    ['issuer = "google"', /^3: there is no client-id/m],
    [`issuer = "google", ${CLIENT}, tenant = "example.com"`, /^3: only Microsoft has tenants/m],
    [`issuer = "microsoft", ${CLIENT}, tenant = "a/b"`, /^3: tenant is neither a domain nor an id/m],
    [`issuer = "microsoft", ${CLIENT}, flow = "client-credentials"`, /^3: .* has to prove which one it is/m],
    [`issuer = "google", ${CLIENT}, flow = "client-credentials"`, /^3: Google has no client credentials for mail/m],
    [`issuer = "microsoft", key-file = "k"`, /^3: only Google has service accounts/m],
    [`issuer = "google", key-file = "k", ${CLIENT}`, /^3: key-file says already who asks. Leave client-id out/m],
    [`issuer = "https://id.example.test", ${CLIENT}`, /^3: there is no scope/m],
    [`issuer = "google", ${CLIENT}, scope = "a  b"`, /^3: scope is not a list of names with single spaces/m],
    [`issuer = "google", ${CLIENT}, ca = "ca.pem"`, /^3: this issuer has a certificate of a public authority/m],
    [`issuer = "google", ${CLIENT}, client-secret = "x"`, /^3: a secret is written in this file/m],
    [`issuer = "google", ${CLIENT}, refresh_token = "x"`, /^3: a secret is written in this file/m],
    [`issuer = "google", ${CLIENT}, client_id = "x"`, /^3: there is no key client_id\. Did you mean client-id\?/m],
    [
      `issuer = "google", ${CLIENT}, client-secret-file = "none"`,
      /^3: client-secret-file: .*none cannot be read \(ENOENT\)/m,
    ],
    [
      `issuer = "google", key-file = "none"`,
      /^3: key-file: .*none cannot be read \(ENOENT\)\. Put the private key there/m,
    ],
  ];
  const problems = await problemsOf(wrong.map(([table]) => oauth(table)));
  for (const [index, [table, problem]] of wrong.entries()) assert.match(problems[index] ?? "", problem, table);
});

test("a sign-in excludes a password, and mechanisms that take no token", async () => {
  const sound = `issuer = "google", ${CLIENT}`;
  const more = ['password-env = "P"', 'mechanism = "PLAIN"', 'minimum = "scram"'];
  const [password = "", mechanism = "", minimum = ""] = await problemsOf(more.map((line) => oauth(sound, line)));
  assert.match(password, /^4: oauth and password-env exclude each other/m);
  assert.match(mechanism, /^4: PLAIN takes no token\. Write one of: OAUTHBEARER, XOAUTH2/m);
  assert.match(minimum, /^4: minimum is about passwords/m);
});

test(
  "a secret of the application that others can read is not used",
  { skip: process.platform === "win32" },
  async () => {
    using desk = new Desk();
    const open = desk.file("open", "x", 0o644);
    const [problem = ""] = await problemsOf([oauth(`issuer = "google", ${CLIENT}, client-secret-file = "${open}"`)]);
    assert.match(problem, /^3: client-secret-file: other users of this machine can read .*open\. chmod 600/m);
  },
);

test("options of account add that do not go together are refused before anything is asked", async () => {
  using desk = new Desk();
  const adding = ["account", "add", "--address", "alice@example.test", "--username", "alice"];
  for (const [more, said] of [
    [["--client-id", "x"], /--client-id is about signing in: give --oauth/],
    [["--oauth", "http://id.example.test"], /--oauth must be google, microsoft, or the issuer's https/],
    [["--oauth", "google", "--password-env", "P"], /--oauth and --password-env exclude each other/],
    [["--oauth", "google", "--minimum", "scram"], /--oauth and --minimum exclude each other/],
    [["--oauth", "google", "--tenant", "x"], /only Microsoft has tenants/],
    [["--oauth", "google", "--client-credentials"], /Google has no client credentials for mail: give --key-file/],
    [["--oauth", "microsoft", "--key-file", "k"], /--key-file is the key of a Google service account/],
    [["--oauth", "microsoft", "--device", "--client-credentials"], /exclude each other/],
    [["--oauth", "microsoft", "--client-key", "k", "--client-secret-file", "s"], /exclude each other/],
    [["--oauth", "microsoft", "--client-certificate", "c"], /--client-certificate goes with --client-key/],
    [["--oauth", "microsoft"], /no terminal to ask on: give --client-id/],
    [["--oauth", "microsoft", "--client-id", "x", "--client-credentials"], /give --tenant/],
    [["--oauth", "google", "--client-id", "x"], /the application has a secret: give --client-secret-file/],
    [["--oauth", "google", "--client-secret", "x"], /--client-secret does not exist/],
  ] as const) {
    const { code, stderr } = await postseal([...adding, ...more], { environment: environmentOf(desk) });
    assert.equal(code, 64, stderr);
    assert.match(stderr, said);
  }
  assert.ok(!existsSync(path.join(desk.folder, "postseal")));
});

test("an account that nobody is signed in for: the server is verified first, and the exit code is 77", async () => {
  using desk = new Desk();
  await using impostor = await serve({ tls: { capabilities: ["AUTH XOAUTH2"] } });
  const keys = `ca-only = "../ca.pem"\nfrom = ["alice@example.test"]\noauth = { issuer = "google", ${CLIENT} }`;
  desk.configuration(account("g", impostor, desk, keys) + account("p", impostor, desk));
  const environment = environmentOf(desk);
  const sent = await postseal(["send", "--account", "g", ...message], { environment });
  assert.equal(sent.code, 77, sent.stderr);
  assert.match(sent.stderr, /nobody has signed in\. Sign in: postseal account sign-in g\n +MAIL_AUTH_SIGN_IN; exit 77/);
  const listed = await postseal(["account", "list"], { environment });
  assert.equal(listed.code, 0);
  assert.match(
    listed.stdout,
    /^g +\S+ at 127\.0\.0\.1:\d+, by OAuth \(google\)\n +not signed in: nobody has signed in/m,
  );
  assert.match(listed.stdout, /^p +\S+ at 127\.0\.0\.1:\d+, by password$/m);
  for (const [argv, code] of [
    [["config", "check"], 0],
    [["config", "check", "--sign-in"], 77],
    [["config", "check", "--sign-in", "--renew"], 77],
    [["config", "check", "--renew"], 64],
    [["account", "sign-out"], 0],
    [["account", "sign-in", "p"], 64],
    [["account", "sign-in", "nobody"], 64],
  ] as const)
    assert.equal((await postseal([...argv], { environment })).code, code, argv.join(" "));
});

test("tokens in a file that others can read are not used", { skip: process.platform === "win32" }, async () => {
  using desk = new Desk();
  await using impostor = await serve({ tls: { capabilities: ["AUTH XOAUTH2"] } });
  desk.configuration(account("g", impostor, desk, `ca-only = "../ca.pem"\noauth = { issuer = "google", ${CLIENT} }`));
  mkdirSync(path.join(desk.folder, "state/postseal/tokens"), { recursive: true, mode: 0o700 });
  desk.file("state/postseal/tokens/g.json", "{}", 0o644);
  const { code, stderr } = await postseal(["verify", "--account", "g"], { environment: environmentOf(desk) });
  assert.notEqual(code, 0);
  assert.match(stderr, /g\.json/);
  assert.match((await postseal(["account", "list"], { environment: environmentOf(desk) })).stdout, /g\.json/);
});

test("a command without OAuth loads nothing of it", async () => {
  using desk = new Desk();
  await using impostor = await serve({ tls: { capabilities: ["AUTH PLAIN XOAUTH2"] } });
  const keys = `ca-only = "../ca.pem"\n${oauth(`issuer = "google", ${CLIENT}`)}`;
  desk.configuration(account("p", impostor, desk) + account("g", impostor, desk, keys));
  const list = path.join(desk.folder, "loaded");
  const hook = `import { registerHooks } from "node:module"; import { appendFileSync } from "node:fs";
    registerHooks({ load(url, context, next) { appendFileSync(${JSON.stringify(list)}, url + "\\n"); return next(url, context); } });`;
  const environment = {
    ...environmentOf(desk),
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}`,
  };
  /** Whether a file with the library's code was loaded, be it bundled or not. */
  const isLoaded = (): boolean =>
    readFileSync(list, "utf8")
      .split("\n")
      .filter((url) => url.startsWith("file:"))
      .some((url) => readFileSync(fileURLToPath(url), "utf8").includes("function processGenericTokenEndpointResponse"));
  assert.equal((await postseal(["verify", "--account", "p"], { environment })).code, 0);
  assert.equal(isLoaded(), false);
  assert.equal((await postseal(["verify", "--account", "g"], { environment })).code, 77);
  assert.equal(isLoaded(), true);
});
