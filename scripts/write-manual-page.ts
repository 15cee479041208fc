/** Writes packages/cli/postseal.1 from the pages of the command. A test beside them holds the file to it. */
import { writeFileSync } from "node:fs";

const cli = new URL("../packages/cli/", import.meta.url);
// The command is no library: this file of it belongs to another project.
const load = async (file: string, name: string): Promise<unknown> =>
  Reflect.get(Object(await import(new URL(`src/${file}`, cli).href)), name);
const [register, pagesOf, formatMan] = await Promise.all([
  load("register.ts", "register"),
  load("manual/commands.ts", "pagesOf"),
  load("manual/man.ts", "formatMan"),
]);
if (typeof pagesOf !== "function" || typeof formatMan !== "function") throw new TypeError("formatMan has gone");
const pages: unknown = await Reflect.apply(pagesOf, undefined, [register]);
writeFileSync(new URL("postseal.1", cli), String(Reflect.apply(formatMan, undefined, [pages])));
