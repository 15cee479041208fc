/**
 * Runs the parts of Nodemailer's own test suite that exercise a transport, with the sealed transport instead of its own:
 *
 *   git clone --branch v9.0.5 https://github.com/nodemailer/nodemailer
 *   npm run test:nodemailer -- nodemailer
 *
 * Nodemailer's files are read from the checkout, and nothing of them is kept here. Tests that are left out are listed below.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createAuthority, makePrivateFolder } from "@postseal/lab";

const files = ["test/smtp-transport/smtp-tranport-test.js", "test/smtp-pool/smtp-pool-test.js"];

const POSTSEAL_HAS_ONE_WAY = "with credentials it logs in or fails; without them it does not log in";
const THEIR_POOL =
  "reads fields of Nodemailer's own pool object; ours is tested in packages/mailer/src/pool and test/engine";
/** The tests that are not run, and why. */
const leftOut: Readonly<Record<string, string>> = {
  "Should detect wellknown data": "a sealed transport takes a server, not the name of a service",
  "Should not fail auth": POSTSEAL_HAS_ONE_WAY,
  "Should fail auth if forceAuth=true": POSTSEAL_HAS_ONE_WAY,
  "Should not verify connection without credentials": POSTSEAL_HAS_ONE_WAY,
  "Should not verify connection": "its port is invalid, which is an error when the transport is made, not in verify",
  "should send multiple mails": THEIR_POOL,
  "should not send more then allowed for one connection": THEIR_POOL,
  "should emit idle for free slots in the pool": THEIR_POOL,
  "should return pending messages once closed":
    "messages that were handed over before close are finished, and only waiting ones are returned",
  "should send multiple mails with rate limit": "rateLimit is not an option of a sealed transport",
};

const [checkout] = process.argv.slice(2);
if (checkout === undefined)
  throw new Error("give the folder of Nodemailer's repository: npm run test:nodemailer -- FOLDER");
const root = path.resolve(import.meta.dirname, "../..");
const folder = makePrivateFolder("nodemailer");
try {
  const copy = path.join(folder, "nodemailer");
  mkdirSync(copy);
  for (const name of ["lib", "test", "package.json"])
    cpSync(path.join(checkout, name), path.join(copy, name), { recursive: true });
  symlinkSync(path.join(root, "node_modules"), path.join(copy, "node_modules"));
  await writeCertificates(copy);
  const skipped = Object.keys(leftOut).map((name) => `--test-skip-pattern=/^${name}$/`);
  const flags = ["--conditions=@postseal/source", "--import", path.join(import.meta.dirname, "hooks.ts"), "--test"];
  const { status } = spawnSync(
    process.execPath,
    [...flags, "--test-concurrency=1", "--test-reporter=spec", ...skipped, ...files],
    {
      cwd: copy,
      stdio: "inherit",
    },
  );
  process.stdout.write(`\nNodemailer ${version(copy)}. Left out:\n`);
  for (const [name, reason] of Object.entries(leftOut)) process.stdout.write(`  ${name}: ${reason}\n`);
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function writeCertificates(copy: string): Promise<void> {
  const authority = await createAuthority();
  const { chain, key } = await authority.issue({
    names: [
      ["dns", "localhost"],
      ["dns", "www.example.com"],
    ],
  });
  for (const [name, pem] of Object.entries({ authority: authority.certificate, chain, key }))
    writeFileSync(path.join(copy, `${name}.pem`), pem);
}

function version(copy: string): string {
  return execFileSync(process.execPath, ["-p", "require('./package.json').version"], {
    cwd: copy,
    encoding: "utf8",
  }).trim();
}
