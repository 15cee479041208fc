/** `postseal import`: real files, with each unsafe line of theirs named. */
import assert from "node:assert/strict";
import { globSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { suite, test } from "node:test";
import { canaries } from "@postseal/lab";
import { Desk, type Ended, postseal } from "./command.ts";

const folder = fileURLToPath(new URL("../../test/cli/import/", import.meta.url));
const corpus = globSync("*.{msmtprc,json,env}", { cwd: folder }).toSorted();
const windows = process.platform === "win32";

test("the corpus has lines that are unsafe in each way", () => {
  assert.ok(corpus.length >= 12);
});

for (const name of corpus) {
  test(`${name} is imported as expected, and each unsafe line of it is named`, { skip: windows }, async () => {
    using desk = new Desk();
    const file = desk.file(name, readFileSync(path.join(folder, name), "utf8"), 0o644);
    const { code, stdout, stderr } = await postseal(["import", file]);
    assert.equal(code, 0, stderr);
    const printed = `${stderr.replaceAll(file, name)}---\n${stdout}`;
    const expectation = path.join(folder, `${name}.expected`);
    assert.equal(printed, readFileSync(expectation, "utf8"));
  });

  test(
    `the configuration made from ${name} holds no secret, and has no problem but missing files and programs`,
    { skip: windows },
    async () => {
      using desk = new Desk();
      const file = desk.file(name, readFileSync(path.join(folder, name), "utf8"), 0o600);
      const { stdout } = await postseal(["import", file, "--json"]);
      const parsed: unknown = JSON.parse(stdout);
      assert.ok(typeof parsed === "object" && parsed !== null && "toml" in parsed && typeof parsed.toml === "string");
      assert.ok(!parsed.toml.includes("quartz"));
      const checked = await postseal(["config", "check", desk.file("c.toml", parsed.toml)]);
      for (const line of checked.stdout.trimEnd().split("\n"))
        assert.match(line, /nothing wrong|cannot be read \(ENOENT\)|there is no program/);
    },
  );
}

async function written(
  name: string,
  more: readonly string[] = [],
  desk = new Desk(),
): Promise<Ended & { readonly desk: Desk }> {
  const file = desk.file(name, readFileSync(path.join(folder, name), "utf8"));
  return {
    ...(await postseal(["import", file, "--write", ...more], { environment: { XDG_CONFIG_HOME: desk.folder } })),
    desk,
  };
}

test(
  "--write puts the accounts into config.toml and the password into a file of its own, both mode 600",
  { skip: windows },
  async () => {
    const { code, stdout, stderr, desk } = await written("wiki.msmtprc");
    using _ = desk;
    assert.equal(code, 0, stderr);
    assert.equal(stdout, "");
    assert.match(stderr, /config\.toml: gmail added; postseal verify --account gmail tries it$/m);
    const own = path.join(desk.folder, "postseal");
    assert.equal(readFileSync(path.join(own, "gmail.password"), "utf8"), `${canaries.password}\n`);
    for (const file of ["config.toml", "gmail.password"])
      assert.equal(statSync(path.join(own, file)).mode & 0o777, 0o600);
    assert.equal((await postseal(["config", "check"], { environment: { XDG_CONFIG_HOME: desk.folder } })).code, 0);
  },
);

test("--write adds to the file: its comments stay, and so does the default account", { skip: windows }, async () => {
  using desk = new Desk();
  const own = '# mine\ndefault-account = "own"\n[accounts.own]\nserver = "submission://relay.example.test"';
  const environment = desk.configuration(own);
  assert.equal((await written("wiki.msmtprc", [], desk)).code, 0);
  assert.equal((await written("tutorial.json", ["--name", "shop"], desk)).code, 0);
  const text = readFileSync(path.join(desk.folder, "postseal/config.toml"), "utf8");
  assert.ok(text.startsWith(own));
  assert.equal([...text.matchAll(/default-account/g)].length, 1);
  const { stdout } = await postseal(["config", "check"], { environment });
  assert.match(stdout, /accounts: own, gmail, shop$/m);
  // A new default account goes above the first table.
  using other = new Desk();
  const relay = '[accounts.own]\nserver = "submission://relay.example.test"\n';
  other.configuration(relay);
  assert.equal((await written("wiki.msmtprc", [], other)).code, 0);
  assert.ok(
    readFileSync(path.join(other.folder, "postseal/config.toml"), "utf8").startsWith(
      'default-account = "gmail"\n\n[accounts.own]',
    ),
  );
});

test("--write overwrites no account and no secret, and leaves no other file", { skip: windows }, async () => {
  const { desk } = await written("wiki.msmtprc");
  using _ = desk;
  const own = path.join(desk.folder, "postseal");
  const before = readFileSync(path.join(own, "config.toml"), "utf8");
  const again = await written("wiki.msmtprc", [], desk);
  assert.equal(again.code, 78);
  assert.match(again.stderr, /has an account gmail already: rename it in .*wiki\.msmtprc, or remove it there/);
  desk.file("postseal/imported.password", "other");
  const secret = await written("tutorial.json", [], desk);
  assert.equal(secret.code, 78);
  assert.match(secret.stderr, /imported\.password exists already, and is not overwritten/);
  assert.equal(readFileSync(path.join(own, "imported.password"), "utf8"), "other");
  assert.equal(readFileSync(path.join(own, "config.toml"), "utf8"), before);
  assert.deepEqual(globSync("*", { cwd: own }).toSorted(), ["config.toml", "gmail.password", "imported.password"]);
  desk.configuration("nonsense");
  assert.equal((await written("tutorial.json", ["--name", "x"], desk)).code, 78);
});

test("a file without settings or without a submission server exits 65, and is not quoted", async () => {
  using desk = new Desk();
  const files: readonly string[] = [
    "nothing here\n",
    `{ "auth": { "pass": "${canaries.password}" }, }`,
    `{ host: '${canaries.password}' }`,
    '{ "service": "no-such-service" }',
    '{ "sendmail": true }',
    "{}",
    `SMTP_URL=smtp://u:${canaries.password}@[broken/\n`,
  ];
  for (const [index, text] of files.entries()) {
    const { code, stdout, stderr } = await postseal(["import", desk.file(`${index}`, text)]);
    assert.equal(code, 65, text);
    assert.equal(stdout, "");
    assert.doesNotMatch(stderr, /quartz/);
  }
  for (const octets of ["account a\nhost h\u00e9\n", "account a\nhost h.example\nuser \u0000\n"]) {
    const file = path.join(desk.folder, "octets");
    writeFileSync(file, octets, "latin1");
    assert.equal((await postseal(["import", file])).code, 65, octets);
  }
  const hidden = { host: "h.example", secure: true, auth: { user: "u", pass: "p" } };
  for (const auth of [
    { user: "u\u0000", pass: "p" },
    { user: "u", pass: "p\nq" },
    { user: "u", pass: "\ud800" },
  ]) {
    const file = desk.file("hidden", JSON.stringify({ ...hidden, auth }));
    const { code } = await postseal(["import", file, "--write"], { environment: { XDG_CONFIG_HOME: desk.folder } });
    assert.equal(code, 65, JSON.stringify(auth));
  }
  assert.equal((await postseal(["import", `${desk.folder}/none`])).code, 65);
  assert.equal((await postseal(["import"])).code, 64);
});

test(
  "settings of other programs go through the command, and the password into a file of its own",
  { skip: windows },
  async () => {
    const files = ["laravel/mailtrap.env", "git/gitconfig", "nullmailer/remotes"];
    for (const file of files) {
      using desk = new Desk();
      const environment = { XDG_CONFIG_HOME: desk.folder };
      const settings = desk.file(path.basename(file), readFileSync(path.join(folder, "corpus", file), "utf8"));
      const { code, stderr } = await postseal(["import", settings, "--write", "--name", "shop"], { environment });
      assert.equal(code, 0, stderr);
      const own = path.join(desk.folder, "postseal/shop.password");
      assert.equal(readFileSync(own, "utf8"), `${canaries.password}\n`);
      assert.equal(statSync(own).mode & 0o777, 0o600);
      assert.equal((await postseal(["config", "check"], { environment })).code, 0, file);
    }
  },
);

suite("a misplaced password is in nothing that is printed or written", () => {
  const secret = canaries.password;
  const account = "account a\nhost h.example\ntls on\nauth on\nuser u\n";
  const json = (more: object): string => JSON.stringify({ host: "h.example", ...more });
  const files: readonly string[] = [
    ...[
      `passwordeval "/bin/echo ${secret}"`,
      `passwordeval sh -c 'printf %s ${secret}'`,
      `passwordeval cat <<< ${secret}`,
      `passwordeval X=${secret}; cat $X`,
      `passwordeval e"ch"o ${secret}`,
      secret,
      `passwordx ${secret}`,
      `password${secret}`,
      `port ${secret}`,
      `from ${secret}`,
      `auth ${secret}`,
      `tls_trust_file /etc/ca.pem password ${secret}`,
      `user u password ${secret}`,
      `account default : ${secret}`,
    ].map((line) => `${account}${line}\n`),
    `account a\nhost h.example password ${secret}\n`,
    `${account}account b\nhost smtp://u:${secret}@h.example\n`,
    json({ [secret]: true }),
    json({ tls: { [secret]: secret } }),
    json({ auth: { [secret]: { user: "u" } } }),
    json({ host: `smtp://u:${secret}@h.example` }),
    json({ service: secret }),
    json({ from: secret }),
    json({ port: secret, secure: secret, proxy: `socks://u:${secret}@h.example`, transport: secret }),
    `SMTP_URL=smtp://u:${secret}@h.example/?${secret}=1&x=${secret}\n`,
  ];
  for (const text of files) {
    test(JSON.stringify(text.replace(account, "")).replaceAll(secret, "SECRET"), async () => {
      using desk = new Desk();
      const file = desk.file("rc", text);
      // `postseal` in command.ts fails if the password was printed.
      await postseal(["import", file]);
      await postseal(["import", file, "--json"]);
      await postseal(["import", file, "--write"], { environment: { XDG_CONFIG_HOME: desk.folder } });
      for (const name of globSync("postseal/*.toml", { cwd: desk.folder }))
        assert.ok(!readFileSync(path.join(desk.folder, name), "utf8").includes(secret), text);
    });
  }
});

test("no program in the file is run", { skip: windows }, async () => {
  using desk = new Desk();
  const mark = path.join(desk.folder, "mark");
  const file = desk.file(
    "rc",
    `account a\nhost h.example\ntls on\nauth on\nuser u\neval touch ${mark}\npasswordeval touch ${mark}\n`,
  );
  assert.equal((await postseal(["import", file])).code, 0);
  assert.throws(() => statSync(mark), /ENOENT/);
});
