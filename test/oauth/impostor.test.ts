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
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { type Authority, type CertificateKind, createAuthority, makePrivateFolder } from "@postseal/lab";
import { compiled } from "../compiled.ts";
import { startHttpsServer } from "./https-server.ts";

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

async function run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, [...args], {
    env: { ...compiled, PATH, HOME, NODE_NO_WARNINGS: "1", ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [output] = await Promise.all([text(child.stdout), once(child, "close")]);
  return output;
}

/** By the package, in a process of its own. */
function ask(url: string, ca: string, env: Readonly<Record<string, string>>): Promise<string> {
  const child = fileURLToPath(new URL(`./child/ask${path.extname(import.meta.url)}`, import.meta.url));
  const flags = process.execArgv.filter((flag) => flag.startsWith("--conditions"));
  return run([...flags, child, url, Buffer.from(ca).toString("base64")], env);
}

/** By Node's fetch. The lab's host exists nowhere, so it dials the address. */
function fetchBy(port: number, env: Readonly<Record<string, string>>): Promise<string> {
  const program = `fetch("https://127.0.0.1:${port}/token", { method: "POST", body: "token=secret" }).then((r) => process.stdout.write(String(r.status)), () => {})`;
  return run(["--eval", program], env);
}

for (const certificate of BAD)
  test(`with the certificate ${certificate}, no request arrives, even with NODE_TLS_REJECT_UNAUTHORIZED=0 and the authority in NODE_EXTRA_CA_CERTS`, async () => {
    await using server = await startHttpsServer(authority, (_, response) => response.end("{}"), certificate);
    const env = {
      NODE_TLS_REJECT_UNAUTHORIZED: "0",
      NODE_EXTRA_CA_CERTS: path.join(folder, "authority.pem"),
    };
    const isWeak = certificate === "weakKey" || certificate === "sha1";
    const [fetched, ...asked] = await Promise.all([
      isWeak ? "200" : fetchBy(server.port, env),
      ask(`${server.origin}/ours`, "", env),
      ask(`${server.origin}/ours`, authority.certificate, env),
    ]);
    assert.equal(fetched, "200", "the variable did not weaken fetch");
    for (const code of asked) assert.match(code, /^MAIL_TLS_(?:UNVERIFIED|POLICY)$/);
    assert.deepEqual(server.requests, isWeak ? [] : ["POST /token"]);
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
    await fetchBy(server.port, { ...env, NODE_TLS_REJECT_UNAUTHORIZED: "0" });
    assert.deepEqual(heard.splice(0), [`127.0.0.1:${server.port}`], "the variables did not lead fetch to the proxy");
    assert.equal(await ask(`${server.origin}/token`, authority.certificate, env), "200");
    assert.deepEqual(heard, []);
  } finally {
    proxy.closeAllConnections();
    proxy.close();
  }
});
