/** Nothing that an import prints holds a secret, wherever in the file it stands; and the secret that is moved is the right one. */
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { CommandError } from "../command-error.ts";
import { formatDraft } from "../account/draft-toml.ts";
import { readContent } from "./content.ts";
import { type Draft, formatFinding } from "./draft.ts";

const folder = fileURLToPath(new URL("../../test/cli/import/corpus/", import.meta.resolve("postseal/package.json")));

interface Imported {
  readonly printed: string;
  readonly draft: Draft | undefined;
}

/** Also what is printed if the file is refused. */
function imported(name: string, text: string): Imported {
  try {
    const draft = readContent(name, { octets: Buffer.from(text), mode: 0o644 }, "imported");
    const findings = draft.findings.map((finding) => formatFinding(name, finding)).join("\n");
    const { accounts, ...more } = draft;
    const visible = accounts.map((account) => ({ ...account, secret: undefined }));
    return { printed: `${findings}\n${formatDraft(draft, name)}${JSON.stringify([visible, more])}`, draft };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { printed: error.message, draft: undefined };
  }
}

const doubled = (secret: string): string => `"${secret.replace(/["\\$]/g, "\\$&")}"`;
const shell = (secret: string): string => `'${secret}'`;
const inUrl = (secret: string): string => encodeURIComponent(secret).replaceAll("'", "%27");
/** For each shape, a file with a secret in the place for it, written as its program wants it. */
const writers: Readonly<Record<string, (secret: string) => string>> = {
  msmtprc: (secret) => `account a\nhost h.example\ntls on\nauth on\nuser u\npassword "${secret}"\n`,
  "mail.json": (secret) =>
    JSON.stringify({ host: "h.example", secure: true, auth: { user: "u", pass: secret } }, undefined, 1),
  "config.production.json": (secret) =>
    JSON.stringify({ mail: { options: { host: "h.example", auth: { user: "u", pass: secret } } } }),
  "url.env": (secret) => `SMTP_URL=smtps://u:${inUrl(secret)}@h.example\n`,
  "ghost.env": (secret) =>
    `mail__options__host=h.example\nmail__options__auth__user=u\nmail__options__auth__pass=${shell(secret)}\n`,
  "laravel.env": (secret) =>
    `MAIL_MAILER=smtp\nMAIL_HOST=h.example\nMAIL_USERNAME=u\nMAIL_PASSWORD=${doubled(secret)}\n`,
  "symfony.env": (secret) => `MAILER_DSN=smtp://u:${inUrl(secret)}@h.example?verify_peer=0\n`,
  "swift.env": (secret) => `MAILER_URL=smtp://h.example?username=u&password=${inUrl(secret)}\n`,
  "django.env": (secret) => `EMAIL_HOST=h.example\nEMAIL_HOST_USER=u\nEMAIL_HOST_PASSWORD=${shell(secret)}\n`,
  "settings.py": (secret) => `EMAIL_HOST = "h.example"\nEMAIL_HOST_USER = "u"\nEMAIL_HOST_PASSWORD = '${secret}'\n`,
  "n8n.env": (secret) => `N8N_SMTP_HOST=h.example\nN8N_SMTP_USER=u\nN8N_SMTP_PASS=${doubled(secret)}\n`,
  "app.ini": (secret) => `[mailer]\nSMTP_ADDR = h.example\nUSER = u\nPASSWD = '${secret}'\n`,
  "grafana.ini": (secret) => `[smtp]\nhost = h.example:587\nuser = u\npassword = '${secret}'\n`,
  "smtp.env": (secret) => `SMTP_HOST=h.example\nSMTP_USER=u\nSMTP_PASS=${shell(secret)}\n`,
  "compose.yml": (secret) =>
    `  env:\n    X_SMTP_HOST: h.example\n    X_SMTP_USER: u\n    X_SMTP_PASS: ${doubled(secret)}\n`,
  ".gitconfig": (secret) => `[sendemail]\n\tsmtpServer = h.example\n\tsmtpUser = u\n\tsmtpPass = ${doubled(secret)}\n`,
  muttrc: (secret) => `set smtp_url="smtp://u@h.example"\nset smtp_pass=${shell(secret)}\n`,
  mailrc: (secret) => `set mta=smtps://h.example\nset user=u password=${shell(secret)}\n`,
  remotes: (secret) => `h.example smtp --ssl --user=u --pass=${shell(secret)}\n`,
  ".esmtprc": (secret) => `hostname=h.example\nusername=u\npassword=${doubled(secret)}\n`,
};

suite("a secret is moved as it is, and printed nowhere", () => {
  // Not what the files' own grammars cannot write, or take for a variable.
  const secrets = fc
    .stringMatching(/^[ -&(-_a-~]{0,12}$/)
    .map((more) => `Zq7${more}x`)
    .filter((secret) => !secret.includes("`"));
  for (const [name, write] of Object.entries(writers)) {
    test(name, () => {
      fc.assert(
        fc.property(secrets, (secret) => {
          const { printed, draft } = imported(name, write(secret));
          assert.equal(draft?.accounts[0]?.secret, secret);
          assert.ok(!printed.includes(secret) && !printed.includes(encodeURIComponent(secret)), printed);
        }),
      );
    });
  }

  test("ssmtp.conf", () => {
    const { printed, draft } = imported("ssmtp.conf", "mailhub=h.example\nAuthUser=u\nAuthPass=Zq7-x=y\n");
    assert.equal(draft?.accounts[0]?.secret, "Zq7-x=y");
    assert.doesNotMatch(printed, /Zq7/);
  });
});

/** What is copied on purpose: the user, and the words of a program. */
const USER = /user|login|_name|account/i;
const PROGRAM = /passwordeval|refresh_command|`/;
const stray = "Sesame!Opal-3317";
const corpus = globSync("**/*", { cwd: folder, withFileTypes: true })
  .filter((entry) => entry.isFile() && !entry.name.endsWith(".expected"))
  .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));

suite("a password that was pasted into another place is printed nowhere", () => {
  for (const file of corpus) {
    test(file, () => {
      const lines = readFileSync(path.join(folder, file), "utf8").split("\n");
      for (const [at, line] of lines.entries()) {
        const put = (...written: readonly string[]): string => lines.toSpliced(at, 1, ...written).join("\n");
        const files = [
          put(line, stray),
          put(line, `SMTP_X=${stray}`, `smtp_x = ${stray}`),
          put(`${line} # ${stray}`),
          put(`# ${stray}`),
          ...(PROGRAM.test(line) || (USER.test(line) && /[=:]\s*$/.test(line)) ? [] : [put(`${line} ${stray}`)]),
          ...(USER.test(line) || PROGRAM.test(line)
            ? []
            : [put(line.replace(/([=:]|^\s*\w+)\s*[^=:]*$/, `$1 ${stray}`))]),
        ];
        for (const text of files) {
          const { printed } = imported(path.basename(file), text);
          assert.ok(!printed.includes("Sesame"), `${text}\n----\n${printed}`);
        }
      }
    });
  }
});
