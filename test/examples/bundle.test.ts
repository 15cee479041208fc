/** A program that a bundler made one file of logs in with a password that needs SASLprep: no bundler may lose a part of the mailer. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { promisify } from "node:util";
import { build } from "esbuild";
import { build as roll } from "rolldown";
import { canaries, createAuthority, makePrivateFolder, startImpostor } from "@postseal/lab";

/** What comes to the server's ears only if SASLprep has prepared it: the ligature is two letters there. */
const [TYPED, PREPARED] = ["päss\ufb01x", "pässfix"];
const PROGRAM = `
import { createMailer } from "@postseal/mailer";
const [port, ca] = process.argv.slice(2);
const credentials = { username: "${canaries.username}", password: "${TYPED}" };
const mailer = createMailer("submission://127.0.0.1:" + port, { credentials, tls: { ca: { only: ca } } });
mailer.verify().then(({ mechanism }) => console.log(mechanism), ({ code, message }) => console.log(code, message));
`;

const folder = makePrivateFolder("bundle");
after(() => rmSync(folder, { recursive: true }));
const entry = path.join(folder, "program.ts");
writeFileSync(entry, PROGRAM);
const alias = { "@postseal/mailer": path.resolve("packages/mailer/src/index.ts") };

/** Builds `outfile`. */
type Bundler = (outfile: string) => Promise<unknown>;

const esbuild =
  (format: "esm" | "cjs", minify = false): Bundler =>
  (outfile) =>
    build({ entryPoints: [entry], outfile, alias, format, minify, bundle: true, platform: "node", logLevel: "silent" });
const rolldown =
  (format: "esm" | "cjs"): Bundler =>
  (file) =>
    roll({
      input: entry,
      platform: "node",
      resolve: { alias },
      output: { file, format, codeSplitting: false },
      logLevel: "silent",
    });

const bundles: Readonly<Record<string, readonly [Bundler, string]>> = {
  "an ES module by esbuild": [esbuild("esm"), "esbuild.mjs"],
  "an ES module by esbuild, minified": [esbuild("esm", true), "minified.mjs"],
  "CommonJS by esbuild": [esbuild("cjs"), "esbuild.cjs"],
  "an ES module by rolldown": [rolldown("esm"), "rolldown.mjs"],
  "CommonJS by rolldown": [rolldown("cjs"), "rolldown.cjs"],
};
for (const [what, [bundle, file]] of Object.entries(bundles)) {
  test(what, async () => {
    const authority = await createAuthority();
    await using impostor = await startImpostor(
      { transport: "starttls", script: { tls: { capabilities: ["AUTH SCRAM-SHA-256"] } } },
      { authority, canaries: { ...canaries, password: PREPARED } },
    );
    const outfile = path.join(folder, file);
    await bundle(outfile);
    const { stdout } = await promisify(execFile)(process.execPath, [
      outfile,
      String(impostor.port),
      authority.certificate,
    ]);
    assert.equal(stdout.trim(), "SCRAM-SHA-256");
  });
}
