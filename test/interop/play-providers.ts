/**
 * Plays Google and Microsoft under their own names, in a network without anybody else, and runs the command there: prints what each
 * call printed, and what the issuers heard, as JSON. For `oauth-providers.test.ts`, inside its namespaces.
 */
import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import path from "node:path";
import { text } from "node:stream/consumers";
import { createAuthority, type Impostor, makePrivateFolder, type Script, startImpostor } from "@postseal/lab";
import { command } from "../cli/command.ts";
import { visit } from "./servers/person.ts";

interface Call {
  readonly name: string;
  readonly argv: readonly string[];
}

const folder = makePrivateFolder("providers");
const authority = await createAuthority();
const at = (name: string): string => path.join(folder, name);
function file(name: string, content: string): string {
  writeFileSync(at(name), content, { mode: 0o600 });
  return at(name);
}
const caFile = file("ca.pem", authority.certificate);
const leaf = await authority.issue({
  names: [
    ["dns", "accounts.google.com"],
    ["dns", "oauth2.googleapis.com"],
    ["dns", "login.microsoftonline.com"],
  ],
});
let heard: string[] = [];
/** From `invalid_grant` on, every grant is refused so. */
let refusal: string | undefined;
const web = createServer({ cert: leaf.chain, key: leaf.key }, (request, response) => void answer(request, response));
await once(web.listen(443, "127.0.0.1"), "listening");
const login = (reply: string): Script => ({
  tls: { capabilities: ["AUTH LOGIN XOAUTH2"], on: { AUTH: [{ do: "say", text: `${reply}\r\n` }] } },
});
const starting = (reply: string): Promise<Impostor> =>
  startImpostor({ transport: "starttls", script: login(reply) }, { authority });
const [mail, refusing] = await Promise.all([
  starting("235 2.7.0 Yes"),
  starting("535 5.7.3 Authentication unsuccessful"),
]);

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", `https://${request.headers.host}`);
  const form = new URLSearchParams(await text(request));
  const proof = ["client_secret", "client_assertion"].find((name) => form.has(name)) ?? "";
  heard.push([url.host, url.pathname, form.get("grant_type"), proof, form.get("scope")].filter(Boolean).join(" "));
  const redirect = url.searchParams.get("redirect_uri");
  if (redirect !== null) {
    const back = new URL(redirect);
    back.searchParams.set("code", "oauth-canary-code");
    back.searchParams.set("state", url.searchParams.get("state") ?? "");
    if (url.host === "accounts.google.com") back.searchParams.set("iss", "https://accounts.google.com");
    response.writeHead(302, { location: back.href }).end();
    return;
  }
  const isGoogle = url.host.endsWith("googleapis.com");
  const scope = isGoogle ? "https://mail.google.com/" : "https://outlook.office.com/SMTP.Send";
  const token = { token_type: "Bearer", access_token: "oauth-canary-token", expires_in: 3_599, scope };
  // Google gives a refresh token at the first grant alone.
  const refresh =
    form.get("grant_type") === "refresh_token" && isGoogle ? {} : { refresh_token: "oauth-canary-refresh" };
  const device = { device_code: "oauth-canary-device", user_code: "ABCD-EFGH", expires_in: 900, interval: 1 };
  const body = url.pathname.endsWith("/devicecode")
    ? { ...device, verification_uri: "https://microsoft.com/devicelogin" }
    : { ...token, ...refresh };
  const isRefused = refusal !== undefined;
  response.writeHead(isRefused ? 400 : 200, { "content-type": "application/json" });
  response.end(JSON.stringify(isRefused ? { error: refusal } : body));
}

async function run({ name, argv }: Call): Promise<object> {
  const child = spawn(process.execPath, [...command, ...argv], {
    env: { HOME: folder, XDG_CONFIG_HOME: at("config"), XDG_STATE_HOME: at("state"), NODE_EXTRA_CA_CERTS: caFile },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  let visited: Promise<unknown> | undefined;
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (part: string) => {
      printed += part;
      const address = /^ *(http:\/\/127\.0\.0\.1:\S+)$/m.exec(printed)?.[1];
      if (address !== undefined) visited ??= visit(address, { authority: { caFile }, user: "alice" });
    });
  await once(child, "close");
  await visited;
  const requests = heard;
  heard = [];
  return { name, code: child.exitCode, printed, requests };
}

function adding(name: string, address: string, more: readonly string[], server: Impostor = mail): Call {
  const url = `submission://${encodeURIComponent(address)}@smtp.example.test:${server.port}`;
  return { name, argv: ["account", "add", "--address", address, "--name", name, "--server", url, ...more] };
}

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const email = "robot@project.iam.gserviceaccount.com";
const uri = "https://oauth2.googleapis.com/token";
const key = { type: "service_account", client_email: email, private_key_id: "k", private_key: pem, token_uri: uri };
const secret = file("secret", "oauth-canary-client-secret\n");
const id = ["--client-id", "an-id"];
const tenant = ["--oauth", "microsoft", "--tenant", "example.com", ...id];
const certificate = file("client.pem", (await authority.issue({ commonName: "client" })).chain);
const proof = ["--client-key", file("client.key", pem), "--client-certificate", certificate];

const results: object[] = [];
for (const call of [
  adding("google", "alice@gmail.com", ["--oauth", "google", ...id, "--client-secret-file", secret]),
  adding("microsoft", "alice@example.com", tenant),
  adding("device", "bob@example.com", [...tenant, "--device"]),
  adding("service", "alerts@example.com", [...tenant, "--client-credentials", ...proof]),
  adding("refused", "other@example.com", [...tenant, "--client-credentials", "--client-secret-file", secret], refusing),
  adding("delegated", "alerts@corp.example", [
    "--oauth",
    "google",
    "--key-file",
    file("key.json", JSON.stringify(key)),
  ]),
  { name: "list", argv: ["account", "list"] },
  { name: "renew", argv: ["config", "check", "--sign-in", "--renew"] },
])
  results.push(await run(call));
refusal = "invalid_grant";
results.push(await run({ name: "ended", argv: ["config", "check", "--sign-in", "--renew"] }));
await Promise.all([mail, refusing].map((server) => server[Symbol.asyncDispose]()));
web.closeAllConnections();
web.close();
rmSync(folder, { recursive: true });
process.stdout.write(JSON.stringify(results));
