/** Writes packages/cli/postseal.1 from the pages of the command. A test beside them holds the file to it. */
import { writeFileSync } from "node:fs";
import { cli, pagesOfCommand, writer } from "./load-manual.ts";

const formatMan = await writer("man.ts", "formatMan");
writeFileSync(new URL("postseal.1", cli), String(formatMan(await pagesOfCommand())));
