/** Every server on docs/guide/providers.md is accepted by the mailer, and each row cites the provider's own page. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createMailer } from "@postseal/mailer";

const page = readFileSync("docs/guide/providers.md", "utf8");
const rows = [...page.matchAll(/^\| \w.*\|$/gm)].map(([row]) => row).slice(1);

test("a mailer accepts every server on the page", async () => {
  const servers = [...page.matchAll(/`(submissions?:\/\/[a-z0-9.-]+\.[a-z]+)`/g)].map(([, server = ""]) => server);
  assert.ok(servers.length > rows.length);
  for (const server of servers) await createMailer(server).close();
});

test("each row has a server and a source", () => {
  assert.equal(rows.length, 6);
  for (const row of rows) assert.match(row, /`submissions?:\/\/.*\]\(https:\/\//);
});
