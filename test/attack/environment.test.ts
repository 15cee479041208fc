/**
 * The environment and the command line of Node can weaken TLS for the whole process (threat C7), but not for the mailer.
 * Each setting is first shown to weaken a plain `tls.connect`, since one that does nothing would prove nothing.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { type Authority, createAuthority, HOST, type Script, startImpostor, makePrivateFolder } from "@postseal/lab";
import { compiled } from "../compiled.ts";

interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
}

let authority: Authority;
let folder: string;

before(async () => {
  authority = await createAuthority();
  folder = makePrivateFolder("environment");
  await writeFile(path.join(folder, "authority.pem"), authority.certificate);
  await writeFile(
    path.join(folder, "weak.cnf"),
    [
      "nodejs_conf = weak",
      "[weak]",
      "ssl_conf = ssl",
      "[ssl]",
      "system_default = weakest",
      "[weakest]",
      "MinProtocol = TLSv1",
      "CipherString = ALL:eNULL:@SECLEVEL=0",
    ].join("\n"),
  );
});

after(async () => {
  await rm(folder, { recursive: true });
});

const NO_CHECK: Surroundings = { env: { NODE_TLS_REJECT_UNAUTHORIZED: "0" } };
const WEAK_FLAGS: Surroundings = {
  env: { NODE_TLS_REJECT_UNAUTHORIZED: "0" },
  flags: ["--tls-min-v1.0", "--tls-cipher-list=ALL:eNULL:@SECLEVEL=0"],
};

const attacks: readonly (readonly [
  name: string,
  script: Script,
  surroundings: () => Surroundings,
  codes: readonly string[],
])[] = [
  [
    "NODE_TLS_REJECT_UNAUTHORIZED=0 and a self-signed certificate",
    { certificate: "selfSigned" },
    () => NO_CHECK,
    ["MAIL_TLS_UNVERIFIED"],
  ],
  [
    "NODE_TLS_REJECT_UNAUTHORIZED=0 and another host's certificate",
    { certificate: "otherHost" },
    () => NO_CHECK,
    ["MAIL_TLS_UNVERIFIED"],
  ],
  ["--tls-min-v1.0 and TLS 1.0", { certificate: "goodRsa", profile: "tls10" }, () => WEAK_FLAGS, ["MAIL_TLS_POLICY"]],
  [
    "--tls-cipher-list and static RSA",
    { certificate: "goodRsa", profile: "static-rsa" },
    () => WEAK_FLAGS,
    ["MAIL_TLS_POLICY"],
  ],
  [
    "--tls-cipher-list and NULL suites",
    { certificate: "goodRsa", profile: "null" },
    () => WEAK_FLAGS,
    ["MAIL_TLS_POLICY"],
  ],
  [
    "OPENSSL_CONF with an old protocol and every suite",
    { certificate: "goodRsa", profile: "tls10" },
    () => ({ env: { ...WEAK_FLAGS.env, OPENSSL_CONF: path.join(folder, "weak.cnf") }, flags: WEAK_FLAGS.flags ?? [] }),
    ["MAIL_TLS_POLICY"],
  ],
];

for (const [name, script, surroundings, codes] of attacks) {
  test(`${name}: no effect`, async () => {
    await using impostor = await startImpostor({ transport: "implicit", script }, { authority });
    assert.equal(
      await openByDefaults(impostor.port, surroundings()),
      "connected",
      "the setting did not weaken Node's own TLS",
    );
    const report = await sendIn(impostor.port, surroundings(), authority.certificate);
    assert.ok(codes.includes(String(report.code)), JSON.stringify(report));
    const said = impostor.transcript.connections.at(-1)?.entries.filter((entry) => entry.by === "client") ?? [];
    assert.deepEqual(said, []);
  });
}

for (const variable of ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"]) {
  test(`${variable} may add an authority, and the seal says where it came from`, async () => {
    await using impostor = await startImpostor({ transport: "starttls", script: {} }, { authority });
    const report = await sendIn(impostor.port, { env: { [variable]: path.join(folder, "authority.pem") } }, "");
    assert.equal(report.seal?.rootOrigin, "environment", JSON.stringify(report));
  });
}

test("without either variable, the same server is not trusted", async () => {
  await using impostor = await startImpostor({ transport: "starttls", script: {} }, { authority });
  assert.equal((await sendIn(impostor.port, {}, "")).code, "MAIL_TLS_UNVERIFIED");
});

/** What a plain `tls.connect` gets with Node's defaults. */
async function openByDefaults(port: number, surroundings: Surroundings): Promise<string> {
  const script = `
    const socket = require("node:tls").connect({ host: "127.0.0.1", port: ${port}, servername: "${HOST}" }, () => {
      process.stdout.write("connected");
      socket.destroy();
    });
    socket.on("error", (error) => process.stdout.write(error.code));
  `;
  return run(["--eval", script], surroundings);
}

interface Report {
  readonly code?: string;
  readonly seal?: { readonly rootOrigin?: string };
}

async function sendIn(port: number, surroundings: Surroundings, ca: string): Promise<Report> {
  const transport = surroundings === NO_CHECK || surroundings.flags !== undefined ? "implicit" : "starttls";
  const child = fileURLToPath(new URL(`./child/send${path.extname(import.meta.url)}`, import.meta.url));
  const args = [
    ...process.execArgv.filter((flag) => flag.startsWith("--conditions")),
    child,
    String(port),
    transport,
    Buffer.from(ca).toString("base64"),
  ];
  const report: unknown = JSON.parse(await run(args, surroundings));
  assert.ok(isReport(report));
  return report;
}

function isReport(value: unknown): value is Report {
  return typeof value === "object" && value !== null && ("code" in value || "seal" in value);
}

async function run(args: readonly string[], { env = {}, flags = [] }: Surroundings): Promise<string> {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, [...flags, ...args], {
    env: { ...compiled, PATH, HOME, NODE_NO_WARNINGS: "1", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [output] = await Promise.all([text(child.stdout), once(child, "close")]);
  return output;
}
