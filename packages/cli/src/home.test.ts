import assert from "node:assert/strict";
import { syncBuiltinESMExports } from "node:module";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { configurationPaths } from "./account/configuration-file.ts";
import { placeOf } from "./account/place.ts";
import { homeFolder } from "./home.ts";
import { tokensFileOf } from "./oauth/tokens-file.ts";

test("nothing of a user is looked for in the current folder, even if HOME is empty or relative", (t) => {
  const before = process.env["HOME"];
  t.after(() => {
    if (before === undefined) delete process.env["HOME"];
    else process.env["HOME"] = before;
  });
  for (const home of ["", "here"]) {
    process.env["HOME"] = home;
    for (const place of [
      homeFolder(),
      ...configurationPaths({}),
      tokensFileOf("work", {}),
      placeOf("~/password", "/etc/postseal/config.toml"),
    ])
      assert.ok(path.isAbsolute(place), `${home}: ${place}`);
  }
});

test("a user whom the system does not know is asked for HOME, and no bug is reported", (t) => {
  t.mock.method(os, "homedir", () => {
    throw new Error("uv_os_homedir returned ENOENT");
  });
  syncBuiltinESMExports();
  t.after(() => {
    t.mock.restoreAll();
    syncBuiltinESMExports();
  });
  assert.throws(homeFolder, { code: "CLI_CONFIGURATION", message: /Set HOME/ });
});
