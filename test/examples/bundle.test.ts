/** A bundled program logs in with a password that needs SASLprep, or says what its bundle lacks. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { build } from "esbuild";
import { canaries, createAuthority, makePrivateFolder, startImpostor } from "@postseal/lab";

const PROGRAM = `
import { createMailer } from "@postseal/mailer";
const [port, ca] = process.argv.slice(2);
const credentials = { username: "${canaries.username}", password: "pässword" };
const mailer = createMailer("submission://127.0.0.1:" + port, { credentials, tls: { ca: { only: ca } } });
mailer.verify().then(({ mechanism }) => console.log(mechanism), ({ code, message }) => console.log(code, message));
`;
const banner = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

const folder = makePrivateFolder("bundle");
after(() => rmSync(folder, { recursive: true }));

const bundles = {
  "an ES module with a banner that defines require": [
    { format: "esm", banner: { js: banner } },
    "app.mjs",
    /^SCRAM-SHA-256$/,
  ],
  CommonJS: [{ format: "cjs" }, "app.cjs", /^SCRAM-SHA-256$/],
  "an ES module without require": [{ format: "esm" }, "app.mjs", /^MAIL_AUTH_CREDENTIALS .*SASLprep.*createRequire/],
} as const;
for (const [what, [options, file, expected]] of Object.entries(bundles)) {
  test(what, async () => {
    const authority = await createAuthority();
    await using impostor = await startImpostor(
      { transport: "starttls", script: { tls: { capabilities: ["AUTH SCRAM-SHA-256"] } } },
      { authority, canaries: { ...canaries, password: "pässword" } },
    );
    const [entry, outfile] = [path.join(folder, "program.ts"), path.join(folder, file)];
    writeFileSync(entry, PROGRAM);
    const alias = { "@postseal/mailer": path.resolve("packages/mailer/src/index.ts") };
    await build({
      ...options,
      entryPoints: [entry],
      outfile,
      alias,
      bundle: true,
      platform: "node",
      logLevel: "silent",
    });
    const words = [outfile, String(impostor.port), authority.certificate];
    const { stdout } = await promisify(execFile)(process.execPath, words);
    assert.match(stdout.trim(), expected);
  });
}
