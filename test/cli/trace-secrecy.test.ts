/** --trace against a server that repeats whatever it hears prints neither the password nor what was made from it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { canaries } from "@postseal/lab";
import { mechanisms, startEchoServer } from "../diagnostics/echo-server.ts";
import { assertClean } from "../diagnostics/leaks.ts";
import { authority, Desk, message, postseal } from "./command.ts";

const { username, password } = canaries;
const client = await authority.issue({ usage: "client" });

for (const mechanism of mechanisms) {
  for (const [name, ...more] of [
    ["send", ...message],
    ["verify", "--json"],
  ] as const) {
    test(`${name} by ${mechanism} prints no secret with --trace`, async () => {
      using desk = new Desk();
      await using server = await startEchoServer(authority, { mechanism, ending: "refused" });
      const ca = desk.file("ca.pem", authority.certificate);
      const to = ["--server", `submissions://${username}@127.0.0.1:${server.port}`, "--ca-only", ca];
      const login = [...loginBy(mechanism, desk), "--mechanism", mechanism];
      const { code, stdout, stderr } = await postseal([name, ...to, ...login, "--trace", ...more]);
      assert.equal(code, 77, stderr);
      assert.match(stderr, /sealed C: AUTH /);
      assertClean(stdout + stderr, server, client.key);
    });
  }
}

function loginBy(mechanism: string, desk: Desk): readonly string[] {
  if (mechanism === "EXTERNAL") {
    const files = [desk.file("client.pem", client.chain), desk.file("client.key", client.key)] as const;
    return ["--client-cert", files[0], "--client-key", files[1]];
  }
  const isToken = mechanism === "XOAUTH2" || mechanism === "OAUTHBEARER";
  return [isToken ? "--token-file" : "--password-file", desk.file("secret", `${password}\n`)];
}
