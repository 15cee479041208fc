/** Writes packages/cli/postseal.1 from the pages of the command. A test beside them holds the file to it. */
import { writeFileSync } from "node:fs";

const cli = new URL("../packages/cli/", import.meta.url);
// The command is no library: this file of it belongs to another project.
const module: unknown = await import(new URL("src/manual/man.ts", cli).href);
const formatMan: unknown = typeof module === "object" && module !== null ? Reflect.get(module, "formatMan") : undefined;
if (typeof formatMan !== "function") throw new TypeError("formatMan has gone");
writeFileSync(new URL("postseal.1", cli), String(Reflect.apply(formatMan, undefined, [])));
