/**
 * An impostor in the place of an issuer: no request reaches it, whatever the environment says. Each setting is first shown to
 * send Node's own fetch there, since one that does nothing would prove nothing.
 */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { text } from "node:stream/consumers";
import { after, before, suite, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type Authority, type CertificateKind, createAuthority, makePrivateFolder } from "@postseal/lab";
import { compiled } from "../compiled.ts";
import { type HttpsServer, startHttpsServer } from "./https-server.ts";

const BAD: readonly CertificateKind[] = [
  "selfSigned",
  "unknownAuthority",
  "expired",
  "notYetValid",
  "clientAuthOnly",
  "issuerWithoutRight",
  "otherHost",
  "commonNameOnly",
  "uriOnly",
  "emailOnly",
  "srvOnly",
  "partialWildcard",
  "addressAsName",
  "weakKey",
  "sha1",
];

let authority: Authority;
let folder: string;
before(async () => {
  authority = await createAuthority();
  folder = makePrivateFolder("impostor");
  await writeFile(path.join(folder, "authority.pem"), authority.certificate);
});
after(() => rm(folder, { recursive: true }));

type Environment = Readonly<Record<string, string>>;

async function run(args: readonly string[], env: Environment): Promise<string> {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, [...args], {
    env: { ...compiled, PATH, HOME, NODE_NO_WARNINGS: "1", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [output] = await Promise.all([text(child.stdout), once(child, "close")]);
  return output;
}

/** By the package, in a process of its own. The outcome of each question, which is a URL and an authority. */
async function askAll(questions: readonly (readonly [string, string])[], env: Environment): Promise<readonly string[]> {
  const child = fileURLToPath(new URL(`./child/ask${path.extname(import.meta.url)}`, import.meta.url));
  const flags = process.execArgv.filter((flag) => flag.startsWith("--conditions"));
  const words = questions.flatMap(([url, ca]) => [url, Buffer.from(ca).toString("base64")]);
  return (await run([...flags, child, ...words], env)).split(" ");
}

const ask = async (url: string, ca: string, env: Environment): Promise<string> =>
  (await askAll([[url, ca]], env)).join(" ");

/** By Node's fetch. The lab's host exists nowhere, so it dials the address. */
function fetchBy(ports: readonly number[], env: Environment): Promise<string> {
  const program = `
    const ask = (port) => fetch("https://127.0.0.1:" + port + "/token", { method: "POST", body: "token=secret" });
    Promise.all([${ports.join()}].map((port) => ask(port).then(({ status }) => status, () => "failed")))
      .then((statuses) => process.stdout.write(statuses.join(" ")));`;
  return run(["--eval", program], env);
}

suite("an issuer with a bad certificate", () => {
  const servers = new Map<CertificateKind, HttpsServer>();
  const fetched = new Map<CertificateKind, string>();
  const asked = new Map<CertificateKind, readonly string[]>();
  // Not even the variable makes fetch take these.
  const isWeak = (certificate: CertificateKind): boolean => certificate === "weakKey" || certificate === "sha1";

  // One process asks them all: the environment is the same for each.
  before(async () => {
    for (const certificate of BAD)
      servers.set(certificate, await startHttpsServer(authority, (_, response) => response.end("{}"), certificate));
    const env = {
      NODE_TLS_REJECT_UNAUTHORIZED: "0",
      NODE_EXTRA_CA_CERTS: path.join(folder, "authority.pem"),
    };
    const all = [...servers];
    const others = all.filter(([certificate]) => !isWeak(certificate));
    const [statuses, codes] = await Promise.all([
      fetchBy(
        others.map(([, { port }]) => port),
        env,
      ),
      askAll(
        all.flatMap(([, { origin }]) => ["", authority.certificate].map((ca) => [`${origin}/ours`, ca] as const)),
        env,
      ),
    ]);
    for (const [index, status] of statuses.split(" ").entries()) fetched.set(others[index]?.[0] ?? "good", status);
    for (const [index, [certificate]] of all.entries()) asked.set(certificate, codes.slice(2 * index, 2 * index + 2));
  });
  after(async () => {
    for (const server of servers.values()) await server[Symbol.asyncDispose]();
  });

  for (const certificate of BAD)
    test(`with the certificate ${certificate}, no request arrives, even with NODE_TLS_REJECT_UNAUTHORIZED=0 and the authority in NODE_EXTRA_CA_CERTS`, () => {
      if (!isWeak(certificate)) assert.equal(fetched.get(certificate), "200", "the variable did not weaken fetch");
      const codes = asked.get(certificate) ?? [];
      assert.equal(codes.length, 2);
      for (const code of codes) assert.match(code, /^MAIL_TLS_(?:UNVERIFIED|POLICY)$/);
      assert.deepEqual(servers.get(certificate)?.requests, isWeak(certificate) ? [] : ["POST /token"]);
    });
});

test("the same request reaches the server with a good certificate, with the authority given or in the environment", async () => {
  await using server = await startHttpsServer(authority, (_, response) => response.end("{}"));
  assert.equal(await ask(`${server.origin}/token`, authority.certificate, {}), "200");
  assert.equal(await ask(`${server.origin}/token`, "", {}), "MAIL_TLS_UNVERIFIED");
  const env = { NODE_EXTRA_CA_CERTS: path.join(folder, "authority.pem") };
  assert.equal(await ask(`${server.origin}/token`, "", env), "200");
  assert.deepEqual(server.requests, ["POST /token", "POST /token"]);
});

test("a proxy of the environment hears nothing", async () => {
  const heard: string[] = [];
  const proxy = createServer((request, response) => {
    heard.push(request.url ?? "");
    response.writeHead(502).end();
  }).on("connect", (request, socket) => {
    heard.push(request.url ?? "");
    socket.end("HTTP/1.1 502 No\r\n\r\n");
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const address: AddressInfo | string | null = proxy.address();
  assert.ok(address !== null && typeof address === "object");
  const url = `http://127.0.0.1:${address.port}`;
  const env = { NODE_USE_ENV_PROXY: "1", HTTPS_PROXY: url, HTTP_PROXY: url, https_proxy: url, http_proxy: url };
  try {
    await using server = await startHttpsServer(authority, (_, response) => response.end("{}"));
    await fetchBy([server.port], { ...env, NODE_TLS_REJECT_UNAUTHORIZED: "0" });
    assert.deepEqual(heard.splice(0), [`127.0.0.1:${server.port}`], "the variables did not lead fetch to the proxy");
    assert.equal(await ask(`${server.origin}/token`, authority.certificate, env), "200");
    assert.deepEqual(heard, []);
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
});
