/**
 * Puts the compiled command and the mailer into few files: to find, read and link a hundred modules takes Node longer than to
 * send a message. What only some commands need stays apart, and is loaded when it is needed.
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
  // The lab and the tables of SASLprep are loaded by few.
  external: ["@postseal/lab", "@mongodb-js/saslprep"],
  // Errors are told apart by the names of their classes.
  keepNames: true,
  legalComments: "none",
  logLevel: "warning",
});
