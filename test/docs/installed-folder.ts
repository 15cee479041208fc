/** A `ProgramFolder` with our packages as npm would install them: JavaScript made from the sources, for runners that do not read TypeScript. */
import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { ProgramFolder } from "./program-folder.ts";

const PACKAGES = ["mailer", "lab", "testing"];

export async function installedFolder(): Promise<ProgramFolder> {
  const folder = new ProgramFolder();
  const modules = path.join(folder.path, "node_modules");
  rmSync(modules);
  mkdirSync(modules);
  for (const name of readdirSync("node_modules"))
    if (name !== "@postseal") symlinkSync(path.resolve("node_modules", name), path.join(modules, name));
  for (const name of PACKAGES) {
    const place = path.join(modules, "@postseal", name);
    await build({
      entryPoints: [`packages/${name}/src/index.ts`],
      outfile: path.join(place, "index.js"),
      bundle: true,
      packages: "external",
      platform: "node",
      format: "esm",
      target: "node22.20",
    });
    const manifest = { name: `@postseal/${name}`, version: "0.0.0", type: "module", exports: "./index.js" };
    writeFileSync(path.join(place, "package.json"), JSON.stringify(manifest));
  }
  return folder;
}
