/**
 * Bundles the compiled command and the mailer into a few files: Node takes longer to find, read and link a hundred modules
 * than to send a message. What only some commands need stays separate, and is loaded on demand.
 */
import path from "node:path";
import { build } from "esbuild";

const folder = path.resolve(import.meta.dirname, "../packages/cli");

await build({
  entryPoints: [path.join(folder, "dist/main.js")],
  outdir: path.join(folder, "bundle"),
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node22.20",
  // Few commands load the lab.
  external: ["@postseal/lab"],
  // Errors are recognised by the names of their classes.
  keepNames: true,
  legalComments: "none",
  logLevel: "warning",
});
