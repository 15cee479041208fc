/** Kills a process at each step of its writing, and looks at what is left. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { Secret } from "@postseal/mailer";
import { fileStore, type StoredTokens } from "@postseal/oauth";

export interface Kills {
  readonly kills: number;
  /** How often the new token was found, and how often the old one. */
  readonly kept: { readonly new: number; readonly old: number };
  /** How many drafts were left over and swept. */
  readonly swept: number;
}

/** Before every step once; or before and after each, again and again, until there were so many kills. `folder` is for this alone. */
export async function killWriters(folder: string, fewest?: number): Promise<Kills> {
  const file = path.join(folder, "work.json");
  const found = { kills: 0, kept: { new: 0, old: 0 }, swept: 0 };
  const moments = fewest === undefined ? ["before"] : ["before", "after"];
  for (let step = 1; ; step += 1)
    for (const moment of moments) {
      await fileStore(file).update(async () => tokens("old-token"));
      const printed = await write(file, step, moment);
      if (printed.includes("done")) {
        // That was one step too many.
        if (fewest === undefined) return found;
        step = 0;
        break;
      }
      found.kills += 1;
      const now = await fileStore(file).read();
      const token = now?.refreshToken?.reveal();
      assert.ok(token === "old-token" || token === "new-token", `step ${step}, ${moment}: ${String(token)}`);
      found.kept[token === "new-token" ? "new" : "old"] += 1;
      found.swept += await draftsIn(folder);
      // The next one does not wait for the dead holder: its lock goes, as if the silence were over.
      await rm(`${file}.lock`, { recursive: true, force: true });
      await fileStore(file).update(async () => tokens("next-token"));
      assert.equal(await draftsIn(folder), 0, `step ${step}, ${moment}: a draft is left`);
      if (fewest !== undefined && found.kills >= fewest) return found;
    }
}

async function write(file: string, step: number, moment: string): Promise<string> {
  const program = fileURLToPath(new URL(`./child/writer${path.extname(import.meta.url)}`, import.meta.url));
  const flags = process.execArgv.filter((flag) => flag.startsWith("--conditions"));
  const child = spawn(process.execPath, [...flags, program, file, "new-token", String(step), moment], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [printed, [status, signal]] = await Promise.all([text(child.stdout), once(child, "close")]);
  assert.ok(signal === "SIGKILL" || (status === 0 && printed.includes("done")), `step ${step}: ${String(status)}`);
  return printed;
}

async function draftsIn(folder: string): Promise<number> {
  return (await readdir(folder)).filter((name) => name.endsWith(".new")).length;
}

function tokens(refreshToken: string): StoredTokens {
  const at = new Date();
  return {
    issuer: "https://id.example",
    clientId: "client",
    scope: "mail",
    tokenEndpoint: "https://id.example/token",
    servers: ["smtp.example.test"],
    refreshToken: new Secret(refreshToken),
    signedInAt: at,
    renewedAt: at,
  };
}
