/**
 * Bundles the compiled command, the mailer and the outbox into a few files: Node takes longer to find, read and link a hundred modules
 * than to send a message. What only some commands need stays separate, and is loaded on demand.
 *
 * With the word `sources` it makes the same bundle of the sources, in `packages/cli/build`, for the tests, which start the command
 * hundreds of times.
 */
import path from "node:path";
import { build } from "esbuild";

const packages = path.resolve(import.meta.dirname, "../packages");
const folder = path.join(packages, "cli");
const isOfSources = process.argv[2] === "sources";
const [from, extension, outdir] = isOfSources ? ["src", "ts", "build"] : ["dist", "js", "bundle"];

await build({
  entryPoints: {
    main: path.join(folder, from, `main.${extension}`),
    // The outbox starts it by its name, beside the file that has the outbox's own code.
    thread: path.join(packages, "outbox", from, `sqlite/thread.${extension}`),
  },
  outdir: path.join(folder, outdir),
  conditions: isOfSources ? ["@postseal/source"] : [],
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
