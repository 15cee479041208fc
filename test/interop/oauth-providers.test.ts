/** The journeys at Google and Microsoft, with fakes under their own names in a network of their own: what is asked where, and said. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { text } from "node:stream/consumers";
import { after, before, suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import { makePrivateFolder } from "@postseal/lab";

interface Played {
  readonly code: number;
  readonly printed: string;
  readonly requests: readonly string[];
}

const NAMES = "localhost accounts.google.com oauth2.googleapis.com login.microsoftonline.com smtp.example.test";
const MICROSOFT = "login.microsoftonline.com /example.com/oauth2/v2.0";
const APPLICATION = "https://outlook.office365.com/.default";

/** By the name of each call. */
async function play(): Promise<ReadonlyMap<string, Played>> {
  const folder = makePrivateFolder("names");
  const hosts = path.join(folder, "hosts");
  writeFileSync(hosts, `127.0.0.1 ${NAMES}\n`);
  const extension = path.extname(fileURLToPath(import.meta.url));
  const program = path.join(import.meta.dirname, `play-providers${extension}`);
  const script = 'ip link set lo up && mount --bind "$1" /etc/hosts && shift && exec "$@"';
  const conditions = process.execArgv.filter((word) => word.startsWith("--conditions"));
  const words = ["bash", "-c", script, "bash", hosts, process.execPath, ...conditions, program];
  const child = spawn("unshare", ["--net", "--mount", "--propagation", "private", ...words], {
    env: { PATH: process.env["PATH"] },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [printed] = await Promise.all([text(child.stdout), once(child, "close")]);
  rmSync(folder, { recursive: true });
  const results: unknown = JSON.parse(printed);
  assert.ok(Array.isArray(results));
  return new Map(
    results.map((result: unknown) => {
      const { name, code, printed: said, requests }: { [field: string]: unknown } = Object(result);
      assert.ok(Array.isArray(requests));
      return [String(name), { code: Number(code), printed: String(said), requests: requests.map(String) }];
    }),
  );
}

suite("at the providers", () => {
  let played: ReadonlyMap<string, Played> = new Map();
  before(async () => {
    played = await play();
  });
  after(() => assert.equal(played.size, 9));

  const call = (name: string): Played => played.get(name) ?? assert.fail(`${name} was not played`);

  for (const [name, requests, said] of [
    [
      "google",
      ["accounts.google.com /o/oauth2/v2/auth", "oauth2.googleapis.com /token authorization_code client_secret"],
      /Google has no smaller right for sending[^]*It ends if it is not used for 6 months/,
    ],
    [
      "microsoft",
      [`${MICROSOFT}/authorize`, `${MICROSOFT}/token authorization_code`],
      /It ends if it is not used for 90 days/,
    ],
    [
      "device",
      [
        `${MICROSOFT}/devicecode https://outlook.office.com/SMTP.Send offline_access`,
        `${MICROSOFT}/token urn:ietf:params:oauth:grant-type:device_code`,
      ],
      /open https:\/\/microsoft\.com\/devicelogin and enter this code within 1[45] min:\n +ABCD-EFGH\n/,
    ],
    ["service", [`${MICROSOFT}/token client_credentials client_assertion ${APPLICATION}`], /written/],
    ["delegated", ["oauth2.googleapis.com /token urn:ietf:params:oauth:grant-type:jwt-bearer"], /written/],
  ] as const) {
    test(`${name}: the account is added, and nobody else is asked`, () => {
      const { code, printed, requests: heard } = call(name);
      assert.equal(code, 0, printed);
      assert.match(printed, said);
      assert.match(printed, /^login +XOAUTH2$/m);
      assert.deepEqual(
        heard.map((one) => one.replace(/\/auth https:.*$/, "/auth")),
        requests,
      );
    });
  }

  test("refused: an administrator's four steps are printed, with the application and the mailbox in them", () => {
    const { code, printed } = call("refused");
    assert.equal(code, 77, printed);
    assert.match(printed, /SMTP\.SendAsApp; then grant admin consent/);
    assert.match(printed, /New-ServicePrincipal -AppId an-id -ObjectId OBJECT-ID\. .* enterprise application/);
    assert.match(printed, /Add-MailboxPermission -Identity other@example\.com /);
    assert.match(printed, /Set-CASMailbox -Identity other@example\.com -SmtpClientAuthenticationDisabled \$false/);
  });

  test("the list says when each sign-in ends if it is not used, and --renew keeps all of them", () => {
    assert.match(
      call("list").printed,
      /^google [^\n]*\n +signed in since .*; it ends if it is not used before \d{4}-\d\d-\d\d$/m,
    );
    assert.match(call("list").printed, /^service [^\n]*\n +the application gets its tokens by itself$/m);
    const { code, printed, requests } = call("renew");
    assert.equal(code, 0, printed);
    assert.equal(requests.length, 5);
    assert.equal(requests.filter((one) => one.includes("refresh_token")).length, 3);
  });

  test("an ended sign-in names the command that mends it", () => {
    const { code, printed } = call("ended");
    assert.equal(code, 77, printed);
    for (const name of ["google", "microsoft", "device"])
      assert.match(printed, new RegExp(`^${name}: .*invalid_grant.* postseal account sign-in ${name}$`, "m"));
  });

  test("no token, code or secret is printed", () => {
    for (const { printed } of played.values()) assert.ok(!printed.includes("oauth-canary"), printed);
  });
});
