/** Links the installed modules into a copy of the tree. Our own packages are the copy's. */
import { mkdirSync, readdirSync, symlinkSync } from "node:fs";
import path from "node:path";

export function linkModules(source: string, copy: string): void {
  const modules = path.join(copy, "node_modules");
  mkdirSync(path.join(modules, "@postseal"), { recursive: true });
  for (const name of readdirSync(path.join(source, "node_modules"))) {
    if (name === "@postseal" || name === "postseal") continue;
    symlinkSync(path.join(source, "node_modules", name), path.join(modules, name));
  }
  for (const name of ["mailer", "oauth", "outbox", "lab", "testing"])
    symlinkSync(path.join(copy, "packages", name), path.join(modules, "@postseal", name));
  symlinkSync(path.join(copy, "packages/cli"), path.join(modules, "postseal"));
}
